/** Reads a revision folder as what a training goes on from. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { VitrineError } from '@vitrine/contracts'
import { readRevision } from '../train/index.ts'
import { TEXTBOOK_RECIPE } from '../train/tune-graph.ts'
import { readParts } from '../train/trained-parts.ts'
import type { EarlierRevision } from '../train/earlier-revision.ts'
import { memberOf } from './columns.ts'
import { TRAINING_FILE } from './training-record.ts'

/**
 * Reads the float32 twin in `folder` and the settings of its graph.
 *
 * @throws `VitrineError('MODEL_NOT_FOUND')` without a twin, `MODEL_UNSUPPORTED` where the folder does not say how
 * its graph was counted; what `loadModel` throws.
 */
export async function readEarlier(folder: string, signal: AbortSignal): Promise<EarlierRevision> {
  const { manifest } = await readRevision(folder)
  const parts = await readParts(await readRevision(folder, { precision: 'fp32' }), signal)
  const text = await readFile(join(folder, TRAINING_FILE), 'utf8').catch(() => 'null')
  const graph = memberOf(JSON.parse(text), 'graph')
  const settingOf = (name: string): number => {
    const value = memberOf(graph, name)
    if (typeof value === 'number' && Number.isFinite(value)) return value
    throw new VitrineError(
      'MODEL_UNSUPPORTED',
      `${folder} does not say how its graph was counted (${name} is missing in ${TRAINING_FILE}): train without --from once.`,
    )
  }
  const recipe = { ...TEXTBOOK_RECIPE }
  for (const name of Object.keys(recipe) as (keyof typeof recipe)[]) recipe[name] = settingOf(name)
  // Only of a log with types of events.
  for (const name of ['cart', 'purchase'] as const) {
    if (memberOf(graph, name) !== undefined) recipe[name] = settingOf(name)
  }
  return {
    revision: manifest.revision,
    ids: parts.catalogue.map(({ id }) => id),
    evidence: parts.evidence,
    reranker: parts.reranker,
    recipe,
    mostEdges: settingOf('mostEdges'),
  }
}
