/**
 * Runs the command from its TypeScript source, without a build: `node tools/test/run-source.js import …`.
 * Packages resolve to their sources too, as in the unit tests.
 */
import { fileURLToPath } from 'node:url'
import { createServer, defaultServerConditions } from 'vite'

const SOURCE = 'vitrine-source'
const server = await createServer({
  root: fileURLToPath(new URL('..', import.meta.url)),
  configFile: false,
  logLevel: 'error',
  server: { middlewareMode: true, ws: false, hmr: false, watch: null },
  optimizeDeps: { noDiscovery: true },
  ssr: { resolve: { conditions: [SOURCE, ...defaultServerConditions] } },
  resolve: { conditions: [SOURCE, ...defaultServerConditions] },
})
try {
  await server.ssrLoadModule('/src/bin.ts')
} finally {
  await server.close()
}
