/** Bundles a TypeScript entry of this package for a Node process of its own: Node 20 runs no TypeScript. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { mutateSource } from '@vitrine/trials/mutation'
import { build, defaultServerConditions } from 'vite'

const packageFolder = fileURLToPath(new URL('..', import.meta.url))

/** Returns the bundled file; `remove` deletes it. */
export async function bundleForNode(entry: URL): Promise<{ file: string; remove: () => Promise<void> }> {
  // Inside the package, so that the bundle finds the libraries it leaves out.
  const cache = join(packageFolder, '.cache')
  await mkdir(cache, { recursive: true })
  const outDir = await mkdtemp(join(cache, 'bundle-'))
  await build({
    // Vite leaves out only the libraries that it finds from its root; a bundled native one does not start.
    root: packageFolder,
    configFile: false,
    logLevel: 'silent',
    // What a process of its own loads has to be without the guard, too.
    plugins: [mutateSource()],
    ssr: {
      noExternal: [/^@vitrine\//u],
      resolve: { conditions: ['vitrine-source', ...defaultServerConditions] },
    },
    build: { ssr: fileURLToPath(entry), outDir, target: 'node20' },
  })
  return {
    file: join(outDir, basename(entry.pathname).replace(/\.ts$/u, '.js')),
    remove: () => rm(outDir, { recursive: true, force: true }),
  }
}
