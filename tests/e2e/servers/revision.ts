/** Revisions for scenarios: the committed model with another catalogue, as a retrained one would come. */
import { createHash } from 'node:crypto'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Manifest } from '@vitrine/contracts'

/** What a scenario changes of the catalogue: columns, one entry an item. */
export interface Columns {
  ids: string[]
  titles: string[]
  categories: string[]
}

/** A revision folder that goes with its test. */
export interface DerivedRevision {
  folder: string
  revision: string
  remove(): Promise<void>
}

/**
 * Copies the revision in `from`, lets `change` edit its catalogue, and names the result `revision`. The starter, which
 * holds items of the old catalogue, is left out.
 */
export async function deriveRevision(
  from: string,
  revision: string,
  change: (columns: Columns) => void,
): Promise<DerivedRevision> {
  const folder = await mkdtemp(join(tmpdir(), 'vitrine-revision-'))
  await cp(from, folder, { recursive: true })
  const manifest = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')) as Manifest
  const columns = JSON.parse(await readFile(join(folder, 'catalogue.json'), 'utf8')) as Columns
  change(columns)
  const bytes = Buffer.from(JSON.stringify(columns))
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const artifacts = manifest.artifacts
    .filter(({ role }) => role !== 'starter')
    .map((artifact) =>
      artifact.role === 'catalogue' ? Object.assign({}, artifact, { bytes: bytes.length, sha256 }) : artifact,
    )
  await writeFile(join(folder, 'catalogue.json'), bytes)
  await writeFile(join(folder, 'manifest.json'), JSON.stringify({ ...manifest, revision, artifacts }))
  return { folder, revision, remove: () => rm(folder, { recursive: true }) }
}

/** SHA-256 of the starter of the revision in `folder`. */
export async function starterOf(folder: string): Promise<string> {
  const manifest = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')) as Manifest
  const [first] = manifest.artifacts
  if (first?.role !== 'starter') throw new Error(`${folder} has no starter as its first artifact.`)
  return first.sha256
}
