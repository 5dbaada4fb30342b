/** Vite plugin: derives the shop's product database from the newest model revision's catalogue artifact. */
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Plugin } from 'vite'
import { type ModelCatalogue, compactCatalogue } from '../src/catalogue-file.ts'

const MODULE = 'virtual:catalogue-url'
const DEV_PATH = '/catalogue.json'

/** Serves `import url from 'virtual:catalogue-url'`: where the page fetches its products. */
export function catalogue(models: string): Plugin {
  let building = false
  return {
    name: 'shop-catalogue',
    configResolved: ({ command }) => {
      building = command === 'build'
    },
    resolveId: (id) => (id === MODULE ? `\0${MODULE}` : undefined),
    load(id) {
      if (id !== `\0${MODULE}`) return undefined
      if (!building) return `export default ${JSON.stringify(DEV_PATH)}`
      const reference = this.emitFile({ type: 'asset', name: 'catalogue.json', source: read(models) })
      return `export default import.meta.ROLLUP_FILE_URL_${reference}`
    },
    configureServer({ middlewares }) {
      middlewares.use(DEV_PATH, (_request, response) => {
        response.setHeader('content-type', 'application/json').end(read(models))
      })
    },
  }
}

/** The compact catalogue of the newest revision in the folder `models`. */
function read(models: string): string {
  const revisions = readdirSync(models, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => ({ folder: join(models, name), manifest: json(join(models, name, 'manifest.json')) }))
    .sort((a, b) => String(b.manifest['createdAt']).localeCompare(String(a.manifest['createdAt'])))
  const newest = revisions[0]
  if (!newest)
    throw new Error(`No model revision in ${models}: run \`vitrine train --out ${models}/<revision>\`.`)
  const columns = json(join(newest.folder, 'catalogue.json')) as unknown as ModelCatalogue
  return JSON.stringify(compactCatalogue(columns))
}

function json(path: string): Record<string, unknown> {
  return JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>
}
