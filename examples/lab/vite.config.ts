/** Builds the lab into dist/, with the engines of the peers beside it; any static server at the root of an origin will do. */
import { cp, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Plugin, UserConfig } from 'vite'
import { compileReadLimit } from '../../tests/perf/kernels/compile-read-limit.ts'
import { PEER_WASM } from '../../tests/perf/measure/peer-files.ts'

/** Copies what the peers' libraries load by themselves. */
function peerEngines(): Plugin {
  return {
    name: 'peer-engines',
    async writeBundle({ dir }) {
      for (const { path, file } of PEER_WASM) {
        const target = join(dir ?? 'dist', path)
        await mkdir(join(target, '..'), { recursive: true })
        await cp(file, target)
      }
    },
  }
}

const config: UserConfig = {
  root: fileURLToPath(new URL('.', import.meta.url)),
  plugins: [peerEngines()],
  define: { READ_LIMIT: JSON.stringify(await compileReadLimit()) },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  worker: { format: 'es' },
  build: {
    target: 'es2022',
    rolldownOptions: {
      input: ['index.html', 'train.html'].map((page) => fileURLToPath(new URL(page, import.meta.url))),
    },
    // The polyfill would be an inline script, and an inlined asset a data: URL: the policy forbids both.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: Infinity,
  },
}

export default config
