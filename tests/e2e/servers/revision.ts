/** Revisions for scenarios: the committed model with another catalogue, as a retrained one would come. */
import { createHash } from 'node:crypto'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ArtifactRole, Manifest } from '@vitrine/contracts'
import { answerOf, loadModel, readGolden, writeGolden } from '@vitrine/recommender'

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
 * Copies the revision in `from`, lets `change` edit its catalogue, and names the result `revision`. Golden answers are
 * made anew, as the ranker may compare what the catalogue says. The starter, which holds items of the old catalogue, is
 * left out.
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
  await writeFile(join(folder, 'catalogue.json'), JSON.stringify(columns))
  const bytes = new Map<ArtifactRole, Uint8Array>()
  for (const { role, dtype } of manifest.artifacts) {
    const name = `${role}.${dtype === 'json' ? 'json' : 'bin'}`
    if (role !== 'starter') bytes.set(role, new Uint8Array(await readFile(join(folder, name))))
  }
  const changed = (): Manifest => ({
    ...manifest,
    revision,
    artifacts: manifest.artifacts.flatMap((artifact) => {
      const content = bytes.get(artifact.role)
      return content ? [Object.assign({}, artifact, identityOf(content))] : []
    }),
  })
  bytes.set('golden', await answersOf(changed(), bytes))
  await writeFile(join(folder, 'golden.json'), bytes.get('golden')!)
  await writeFile(join(folder, 'manifest.json'), JSON.stringify(changed()))
  return { folder, revision, remove: () => rm(folder, { recursive: true }) }
}

function identityOf(content: Uint8Array): { bytes: number; sha256: string } {
  return { bytes: content.length, sha256: createHash('sha256').update(content).digest('hex') }
}

/** What the model answers now to the histories of its golden cases. */
async function answersOf(
  manifest: Manifest,
  artifacts: ReadonlyMap<ArtifactRole, Uint8Array>,
): Promise<Uint8Array> {
  const model = await loadModel(manifest, artifacts)
  try {
    const cases = []
    for (const { history } of readGolden(model.golden, manifest.items).cases) {
      cases.push(await answerOf(model, history))
    }
    return writeGolden({ cases })
  } finally {
    model.dispose()
  }
}

/** SHA-256 of the starter of the revision in `folder`. */
export async function starterOf(folder: string): Promise<string> {
  const manifest = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')) as Manifest
  const [first] = manifest.artifacts
  if (first?.role !== 'starter') throw new Error(`${folder} has no starter as its first artifact.`)
  return first.sha256
}
