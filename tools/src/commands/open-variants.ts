/** Opens a revision in other settings: with the long tail's knob turned, or with parts taken away. */
import { type Precision, type StoredReranker, loadModel } from '@vitrine/recommender'
import type { SessionLog } from '../data/session-log.ts'
import type { Variant } from '../evaluate/variants.ts'
import { readRevision } from '../train/index.ts'
import { withRanker } from '../train/pack-revision.ts'
import type { Run } from '../train/run.ts'

/** How to open. */
export interface OpenVariantsOptions {
  precision: Precision
  signal: AbortSignal
}

/** The model with each of these shares of the log popularity taken off. @throws what `loadModel` throws. */
export async function openLongTail(
  folder: string,
  shares: readonly number[],
  options: OpenVariantsOptions,
): Promise<Variant[]> {
  const { withLongTail } = await import('../quantize/long-tail.ts')
  const ranker = await readRanker(folder)
  return openRankers(
    folder,
    shares.map((by) => ({ name: String(by), reranker: withLongTail(ranker, by) })),
    options,
  )
}

/**
 * The model without each of its parts, the ranker learned again.
 *
 * @param log The sessions of its training.
 * @throws what `readBasis` and `loadModel` throw.
 */
export async function openAblations(
  folder: string,
  log: SessionLog,
  run: Run,
  options: OpenVariantsOptions,
): Promise<Variant[]> {
  const { readBasis } = await import('../data/read-basis.ts')
  const { ablate } = await import('../evaluate/ablations.ts')
  const basis = await readBasis(folder, log, options.signal)
  return openRankers(folder, await ablate(basis, basis.seed, run), options)
}

async function openRankers(
  folder: string,
  rankers: readonly { name: string; reranker: StoredReranker }[],
  { precision, signal }: OpenVariantsOptions,
): Promise<Variant[]> {
  const revision = await readRevision(folder, { precision })
  const opened: Variant[] = []
  for (const { name, reranker } of rankers) {
    const { manifest, artifacts } = withRanker(revision, reranker)
    opened.push({ name, model: await loadModel(manifest, artifacts, { precision, signal }) })
  }
  return opened
}

async function readRanker(folder: string): Promise<StoredReranker> {
  const { artifacts } = await readRevision(folder)
  // Whoever loads it checks it.
  return JSON.parse(Buffer.from(artifacts.get('reranker')!).toString()) as StoredReranker
}
