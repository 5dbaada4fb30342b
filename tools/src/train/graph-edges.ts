/** How many edges an item keeps: the weakest are half of the graph's bytes and decide few lists. */
import type { Evidence, StoredReranker } from '@vitrine/recommender'
import { strongestEdges } from '../quantize/strongest-edges.ts'
import { measureReranker } from './fit-reranker.ts'
import { type Quality, objective } from './measure.ts'
import { type KnownShoppers, collectRankingCases } from './ranking-cases.ts'
import type { Run } from './run.ts'
import type { Cases } from './sessions.ts'

/** What is tried, the fewest first. */
const EDGES = [16, 24, 32]
/** Relative loss of hit rate + MRR that counts as none: half of what int8 may lose against float32, below what chance does. */
const FREE = 2.5e-3

/**
 * Returns the fewest edges an item with which `reranker` ranks the cases that were held out as well as with all.
 *
 * @param evidence Of the head, with `most` edges.
 * @param withAll Quality of those.
 */
export async function chooseEdges(
  evidence: Evidence,
  {
    reranker,
    heldOut,
    known,
    withAll,
    most,
  }: {
    reranker: StoredReranker
    heldOut: Cases
    known?: KnownShoppers | undefined
    withAll: Quality
    most: number
  },
  run: Run,
): Promise<number> {
  for (const edges of EDGES.filter((each) => each < most)) {
    const graph = strongestEdges(evidence.graph, edges)
    const lists = await collectRankingCases(
      { ...evidence, graph },
      heldOut,
      reranker.candidates,
      run.pause,
      known,
    )
    const quality = measureReranker(reranker, lists)
    const { hitRate, mrr } = quality
    run.report('ranker', 0.9, `${edges} edges: hit rate ${hitRate.toFixed(2)}, MRR ${mrr.toFixed(2)}`)
    if (objective(quality) >= (1 - FREE) * objective(withAll)) return edges
  }
  return most
}
