/** How many bits a number of the embeddings gets: four halve the largest table, where that costs nothing. */
import type { Evidence, StoredReranker } from '@vitrine/recommender'
import { quantizeRows } from '../quantize/int8.ts'
import { measureReranker } from './fit-reranker.ts'
import { type Quality, objective } from './measure.ts'
import { type KnownShoppers, collectRankingCases } from './ranking-cases.ts'
import type { Run } from './run.ts'
import type { Cases } from './sessions.ts'
import type { EmbeddingBits } from './size-budget.ts'

/** Relative loss of hit rate + MRR that counts as none: an eighth of what int8 may lose against float32. */
const FREE = 6e-4

/**
 * Returns 4 where `reranker` ranks the cases that were held out as well with four bits a number as with eight.
 *
 * @param evidence Of the head, embeddings rounded to eight bits.
 * @param withEight Quality of those.
 */
export async function chooseBits(
  evidence: Evidence,
  reranker: StoredReranker,
  { heldOut, known }: { heldOut: Cases; known?: KnownShoppers | undefined },
  withEight: Quality,
  run: Run,
): Promise<EmbeddingBits> {
  const { embeddings } = evidence
  const { count, dimension, values, scales } = embeddings
  const decoded = Float32Array.from(values, (value, i) => value * scales[Math.floor(i / dimension)]!)
  const rows = quantizeRows(decoded, dimension, { most: 7 })
  const coarse = { ...evidence, embeddings: { count, dimension, values: rows.values, scales: rows.scales } }
  const lists = await collectRankingCases(coarse, heldOut, reranker.candidates, run.pause, known)
  const withFour = measureReranker(reranker, lists)
  run.report('ranker', 0.9, `4 bits: hit rate ${withFour.hitRate.toFixed(2)}, MRR ${withFour.mrr.toFixed(2)}`)
  return objective(withFour) >= (1 - FREE) * objective(withEight) ? 4 : 8
}
