/** Writes `bench gpu` as a folder to carry to a machine that has a GPU and nothing else: Node, Dawn and one script. */
import { copyFile, mkdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { compileReadLimit } from '../kernels/compile-read-limit.ts'
import { installedDawn } from './dawn.ts'

/** A file that was written. */
interface PackedFile {
  file: string
  bytes: number
}

const SCRIPT = 'vitrine-gpu.mjs'

/** The folder runs where this machine's Node runs. With xz it packs to under 40 MB. */
export async function pack(folder: string, { say }: { say: (text: string) => void }): Promise<PackedFile[]> {
  await mkdir(folder, { recursive: true })
  say('bundling')
  await build({
    configFile: false,
    logLevel: 'error',
    ssr: { noExternal: true, resolve: { conditions: ['vitrine-source', 'module', 'node', 'import'] } },
    build: {
      ssr: fileURLToPath(new URL('packed.ts', import.meta.url)),
      outDir: folder,
      emptyOutDir: false,
      target: 'node20',
      rolldownOptions: { output: { entryFileNames: SCRIPT, codeSplitting: false } },
    },
  })
  say('copying Node and Dawn')
  await writeFile(join(folder, 'read-limit.wasm'), Buffer.from(await compileReadLimit(), 'base64'))
  await copyFile(installedDawn(), join(folder, 'dawn.node'))
  await copyFile(process.execPath, join(folder, 'node'))
  say(
    `Carry it with \`tar -cJf vitrine-gpu.tar.xz -C ${folder} .\` and run \`./node ${SCRIPT} --out gpu.json\`.`,
  )
  return Promise.all(
    [SCRIPT, 'read-limit.wasm', 'dawn.node', 'node'].map(async (name) => {
      const file = join(folder, name)
      return { file, bytes: (await stat(file)).size }
    }),
  )
}
