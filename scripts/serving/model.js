/** The model revision that demo and end-to-end tests publish. */
import { readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../run-command.js'

/** Folder of the committed revisions; `VITRINE_MODELS` names another. */
const MODELS = process.env['VITRINE_MODELS'] ?? join(ROOT, 'models', 'online-retail')

/**
 * @typedef {object} Revision
 * @property {string} folder absolute
 * @property {string} id of the model
 * @property {string} revision
 * @property {string} createdAt ISO 8601
 * @property {number} bytes of all artifacts
 */

/** @param {string} folder @returns {Revision} */
export function readRevision(folder) {
  /** @type {{ id: string, revision: string, createdAt: string, artifacts: { bytes: number }[] }} */
  const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'))
  const { id, revision, createdAt, artifacts } = manifest
  return { folder, id, revision, createdAt, bytes: artifacts.reduce((sum, { bytes }) => sum + bytes, 0) }
}

/** @returns {Revision} the newest one @throws `Error` when there is none */
export function newestRevision(folder = MODELS) {
  const newest = readdirSync(folder)
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isDirectory())
    .map((path) => readRevision(path))
    .toSorted((a, b) => a.createdAt.localeCompare(b.createdAt))
    .at(-1)
  if (!newest) throw new Error(`There is no model revision in ${folder}; \`vitrine train --out\` writes one.`)
  return newest
}
