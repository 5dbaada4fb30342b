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

/** Copies the revision in `from`, lets `change` edit its catalogue, and names the result `revision`. */
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
  const artifacts = manifest.artifacts.map((artifact) =>
    artifact.role === 'catalogue'
      ? { ...artifact, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') }
      : artifact,
  )
  await writeFile(join(folder, 'catalogue.json'), bytes)
  await writeFile(join(folder, 'manifest.json'), JSON.stringify({ ...manifest, revision, artifacts }))
  return { folder, revision, remove: () => rm(folder, { recursive: true }) }
}
