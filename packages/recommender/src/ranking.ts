/** The pipeline's middle: a sequence of items in, its best next items out. */
import type { TopKResult } from '@vitrine/kernels'
import { addScanned, gatherFromGraph } from './candidates.ts'
import { chooseBest } from './choose.ts'
import { encodeHistory } from './encoder.ts'
import { computeFeatures } from './features.ts'
import type { Model } from './model.ts'
import { scoreRows } from './reranker.ts'
import type { Workspace } from './workspace.ts'

/**
 * Ranks what comes after `sequence` (item indices, oldest first, at least one) and writes the places of the
 * best k candidates of `work` into `work.order`. Returns how many there are: fewer than k only where the
 * mask allows fewer.
 */
export async function rankAfter(
  model: Model,
  sequence: ArrayLike<number>,
  k: number,
  mask: Uint8Array | undefined,
  work: Workspace,
): Promise<number> {
  const { candidates } = model.reranker
  encodeHistory(model.encoder, model.embeddings, sequence, work.input, work.query)
  gatherFromGraph(model.graph, sequence, candidates, mask, work)
  if (work.count < Math.max(k, candidates.enough)) {
    const found = await scanForQuery(model, Math.max(k, candidates.scan), mask, work)
    addScanned(found.indices, work)
  }
  computeFeatures(model, sequence, work)
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
    encodeHistory(model.encoder, model.embeddings, sequence, work.input, work.query)
    const found = await scanForQuery(model, k, mask, work)
    addScanned(found.indices, work)
    // Below every edge of the graph, in the scan's own order.
    for (let rank = inGraph; rank < work.count; rank++) work.scores[rank] = -1 - rank
  }
  return chooseBest(work.scores, work.count, work.items, k, work.order)
}

/** Returns the items with the largest logits for `work.query`; the most popular ones where it is zero. */
export function scanForQuery(
  model: Model,
  k: number,
  mask: Uint8Array | undefined,
  { query }: Workspace,
): Promise<TopKResult> {
  const { temperature, priorWeight } = model.encoder
  const isZero = query.every((value) => value === 0)
  const vector = query.map((value) => temperature * value)
  return model.search({ vector, k, biasWeight: isZero ? 1 : priorWeight, ...(mask && { mask }) })
}
