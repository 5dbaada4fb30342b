/** `pnpm --filter @vitrine/cloud bench [options]`: runs events.ts, which says what it measures and takes. */
import { fileURLToPath } from 'node:url'
import { defaultServerConditions, runnerImport } from 'vite'

const entry = fileURLToPath(new URL('events.ts', import.meta.url))
const conditions = ['vitrine-source', ...defaultServerConditions]
/** @type {{ module: typeof import('./events.ts') }} */
const { module } = await runnerImport(entry, {
  configFile: false,
  logLevel: 'error',
  environments: { inline: { resolve: { conditions } } },
})
await module.measureEvents(process.argv.slice(2))
