/** Names a revision in other settings: with the long tail's knob turned, or with parts taken away. */
import type { StoredReranker } from '@vitrine/recommender'
import type { SessionLog } from '../data/session-log.ts'
import type { ModelSource } from '../evaluate/panel/panel.ts'
import type { Variant } from '../evaluate/variants.ts'
import { readRevision } from '../train/index.ts'
import type { Run } from '../train/run.ts'

/** The model with each of these shares of the log popularity taken off. @throws what `readRevision` throws. */
export async function longTailOf(source: ModelSource, shares: readonly number[]): Promise<Variant[]> {
  const { withLongTail } = await import('../quantize/long-tail.ts')
  const ranker = await readRanker(source.folder)
  return shares.map((by) => ({ name: String(by), source: { ...source, reranker: withLongTail(ranker, by) } }))
}

/**
 * The model without each of its parts, the ranker learned again.
 *
 * @param log The sessions of its training.
 * @throws what `readBasis` throws.
 */
export async function ablationsOf(
  source: ModelSource,
  log: SessionLog,
  run: Run,
  signal: AbortSignal,
): Promise<Variant[]> {
  const { readBasis } = await import('../data/read-basis.ts')
  const { ablate } = await import('../evaluate/ablations.ts')
  const basis = await readBasis(source.folder, log, signal)
  return (await ablate(basis, basis.seed, run)).map(({ name, reranker }) => ({
    name,
    source: { ...source, reranker },
  }))
}

async function readRanker(folder: string): Promise<StoredReranker> {
  const { artifacts } = await readRevision(folder)
  // Whoever loads it checks it.
  return JSON.parse(Buffer.from(artifacts.get('reranker')!).toString()) as StoredReranker
}
