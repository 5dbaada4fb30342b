/** Vite plugin: derives the shop's product database from the newest model revision's catalogue artifact. */
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Plugin } from 'vite'
import { type ModelCatalogue, compactCatalogue } from '../src/catalogue-file.ts'

const FILE = 'catalogue.json'

/** Writes the catalogue into the build, and serves it in development. `models` is a folder of revisions. */
export function catalogue(models: string): Plugin {
  return {
    name: 'shop-catalogue',
    generateBundle() {
      this.emitFile({ type: 'asset', fileName: FILE, source: read(models) })
    },
    configureServer({ middlewares }) {
      middlewares.use(`/${FILE}`, (_request, response) => {
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
    .toSorted((a, b) => String(b.manifest['createdAt']).localeCompare(String(a.manifest['createdAt'])))
  const newest = revisions[0]
  if (!newest)
    throw new Error(`No model revision in ${models}: run \`vitrine train --out ${models}/<revision>\`.`)
  const columns = json(join(newest.folder, 'catalogue.json')) as unknown as ModelCatalogue
  return JSON.stringify(compactCatalogue(columns))
}

function json(path: string): Record<string, unknown> {
  return JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>
}
