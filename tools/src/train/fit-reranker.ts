/** The ranker of next items: a network over the features of candidates. */
import {
  COLUMNS,
  type CandidateSettings,
  FEATURE_COUNT,
  FEATURE_NAMES,
  type FeatureName,
  type StoredReranker,
  foldNormalization,
  scoreRows,
} from '@vitrine/recommender'
import { type NetworkOptions, fitNetwork } from './fit-network.ts'
import { type Quality, RankSum, rankOf } from './measure.ts'
import type { RankingCases } from './ranking-cases.ts'

/** How to learn. */
export interface RerankerOptions extends NetworkOptions {
  readonly candidates: CandidateSettings
  /** What it may read; all features where missing. One that never varies teaches nothing and is left out. */
  readonly features?: readonly FeatureName[]
  /**
   * `[rows]` how much of its case each candidate is to have, in place of 1 for the target: what a teacher says.
   * Cases whose target is no candidate then teach as well.
   */
  readonly shares?: Float32Array
}

/** Learns to put the target of each of `cases` first. Cases that name no candidate are left out. */
export async function fitReranker(
  cases: RankingCases,
  { candidates, features = FEATURE_NAMES, shares = sharesOfTargets(cases), ...options }: RerankerOptions,
): Promise<StoredReranker> {
  const names = new Map(features.map((name) => [COLUMNS[name], name]))
  return { candidates, ...(await fitNetwork({ ...cases, width: FEATURE_COUNT, shares }, names, options)) }
}

/** All of a case for its target. */
function sharesOfTargets({ offsets, targets }: RankingCases): Float32Array {
  const shares = new Float32Array(offsets.at(-1)!)
  for (const [c, target] of targets.entries()) if (target >= 0) shares[offsets[c]! + target] = 1
  return shares
}

/** Returns the quality of `reranker` on `cases`; a target that is no candidate counts as missed. */
export function measureReranker(reranker: StoredReranker, cases: RankingCases): Quality {
  const folded = foldNormalization(reranker, COLUMNS)
  const sum = new RankSum()
  let scores = new Float32Array(1024)
  for (let c = 0; c < cases.targets.length; c++) {
    const first = cases.offsets[c]!
    const count = cases.offsets[c + 1]! - first
    if (count > scores.length) scores = new Float32Array(2 * count)
    scoreRows(folded, cases.features.subarray(first * FEATURE_COUNT), count, scores)
    sum.add(rankOf(scores, cases.items.subarray(first, first + count), count, cases.targets[c]!))
  }
  return sum.quality
}
