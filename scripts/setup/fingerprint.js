/** Knowing what is up to date: a hash over files, remembered under `.cache/` after the work they feed. */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../run-command.js'

const CACHE = join(ROOT, '.cache')
const SKIPPED = new Set(['node_modules', 'dist', '.tsc', '.cache', '.vitrine', 'coverage'])

/** @param {string} path @param {import('node:crypto').Hash} hash @returns {void} */
function add(path, hash) {
  const stat = statSync(path, { throwIfNoEntry: false })
  if (!stat) return
  if (stat.isDirectory()) {
    for (const name of readdirSync(path).toSorted()) {
      const made = SKIPPED.has(name) || name.endsWith('.tsbuildinfo') || name.includes('.generated.')
      if (!made) add(join(path, name), hash)
    }
  } else {
    hash
      .update(`${path.slice(ROOT.length)}\0`)
      .update(readFileSync(path))
      .update('\0')
  }
}

/**
 * Hash over the contents of files and folders; what builds leave in them does not count.
 *
 * @param {readonly string[]} paths relative to the root
 * @returns {string}
 */
function fingerprint(paths) {
  const hash = createHash('sha256').update(process.version)
  for (const path of paths) add(join(ROOT, path), hash)
  return hash.digest('hex')
}

/**
 * Does `work` unless it was done before for the same inputs and left its outputs.
 *
 * @param {string} name file name under `.cache/`
 * @param {readonly string[]} inputs paths relative to the root
 * @param {readonly string[]} outputs paths relative to the root that the work leaves
 * @param {() => Promise<unknown>} work
 * @returns {Promise<'up to date' | 'done'>}
 */
export async function onceFor(name, inputs, outputs, work) {
  const stamp = join(CACHE, name)
  const current = fingerprint(inputs)
  const fresh = existsSync(stamp) && readFileSync(stamp, 'utf8') === current
  if (fresh && outputs.every((path) => existsSync(join(ROOT, path)))) return 'up to date'
  rmSync(stamp, { force: true })
  await work()
  mkdirSync(CACHE, { recursive: true })
  writeFileSync(stamp, current)
  return 'done'
}
