/** The pipeline's middle: a sequence of items in, its best next items out. */
import type { TopK, TopKResult } from '@vitrine/kernels'
import { type CandidateSettings, addScanned, gatherFromGraph } from './candidates.ts'
import { chooseBest } from './choose.ts'
import type { InferenceEngine } from './engine.ts'
import { type EvidenceRows, computeFeatures, keepLikely, rankCandidates, scoreDense } from './features.ts'
import type { Shopper } from './history.ts'
import type { Model } from './model.ts'
import { scoreRows } from './reranker.ts'
import type { Workspace } from './workspace.ts'

/** What candidates come from: a model, or in training the parts of one. */
type Source = EvidenceRows & Pick<TopK, 'search'> & Pick<InferenceEngine, 'encode'>

/**
 * Fills `work` with the candidates for what comes after `sequence` (item indices, oldest first, at least one)
 * and their features. Training learns from the very same lists.
 *
 * @param k Fewest candidates; fewer come only where the mask allows fewer.
 * @param shopper What else is known, for rankers that read of it.
 */
export async function describeCandidates(
  source: Source,
  settings: CandidateSettings,
  sequence: ArrayLike<number>,
  k: number,
  mask: Uint8Array | undefined,
  work: Workspace,
  shopper?: Shopper,
): Promise<void> {
  const encoding = source.encode(sequence, work.query)
  if (encoding) await encoding
  gatherFromGraph(source.graph, sequence, settings, mask, work)
  const { enough = Infinity, scan, ranked = Infinity, past = 0 } = settings
  if (work.count < Math.max(k, enough)) {
    const found = await scanForQuery(source, Math.max(k, scan), mask, work)
    addScanned(found.indices, work)
  }
  source.context?.addPast(past, shopper, mask, work)
  scoreDense(source, work)
  rankCandidates(work)
  keepLikely(Math.max(k, ranked), work)
  computeFeatures(source, sequence, work, shopper)
}

/**
 * Ranks what comes after `sequence` and writes the places of the best k candidates of `work` into
 * `work.order`. Returns how many there are: fewer than k only where the mask allows fewer.
 */
export async function rankAfter(
  model: Model,
  sequence: ArrayLike<number>,
  k: number,
  mask: Uint8Array | undefined,
  work: Workspace,
  shopper?: Shopper,
): Promise<number> {
  await describeCandidates(model, model.reranker.candidates, sequence, k, mask, work, shopper)
  scoreRows(model.reranker, work.features, work.count, work.scores)
  return chooseBest(work.scores, work.count, work.items, k, work.order)
}

/**
 * Ranks by graph score alone what goes with all of `sequence` alike; where the graph has fewer than k, what
 * is closest to the query embedding follows.
 */
export async function rankNeighbours(
  model: Model,
  sequence: ArrayLike<number>,
  k: number,
  mask: Uint8Array | undefined,
  work: Workspace,
): Promise<number> {
  const settings = { window: sequence.length, decay: 1, selfWeight: 0 }
  const limit = model.reranker.candidates.limit
  gatherFromGraph(
    { ...model.graph, settings },
    sequence,
    { limit: Math.max(k, limit), hopSeeds: 0 },
    mask,
    work,
  )
  const inGraph = work.count
  work.scores.set(work.graph.subarray(0, inGraph))
  if (inGraph < k) {
    const encoding = model.encode(sequence, work.query)
    if (encoding) await encoding
    const found = await scanForQuery(model, k, mask, work)
    addScanned(found.indices, work)
    // Below every edge of the graph, in the scan's own order.
    for (let rank = inGraph; rank < work.count; rank++) work.scores[rank] = -1 - rank
  }
  return chooseBest(work.scores, work.count, work.items, k, work.order)
}

/** Returns the items with the largest logits for `work.query`; the most popular ones where it is zero. */
export function scanForQuery(
  source: Source,
  k: number,
  mask: Uint8Array | undefined,
  { query, vector }: Workspace,
): Promise<TopKResult> {
  const { temperature, priorWeight } = source.encoder
  let isZero = true
  for (let i = 0; i < query.length; i++) {
    if (query[i] !== 0) isZero = false
    vector[i] = temperature * query[i]!
  }
  return source.search({ vector, k, biasWeight: isZero ? 1 : priorWeight, ...(mask && { mask }) })
}
