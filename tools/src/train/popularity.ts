/** Popularity by recency, and which recency ranks best. */
import { POPULARITY_SHARES, type Statistics } from '@vitrine/recommender'
import { type Quality, RankSum, objective } from './measure.ts'
import { type Sessions, type Cases, sessionCount, targetOf } from './sessions.ts'

/** Counts `log(1 + occurrences)` in the newest shares of `sessions`, for `itemCount` items. */
export function countPopularity(sessions: Sessions, itemCount: number, prior: number): Statistics {
  const count = sessionCount(sessions)
  const popularity = new Float32Array(POPULARITY_SHARES.length * itemCount)
  for (const [row, share] of POPULARITY_SHARES.entries()) {
    const first = sessions.offsets[count - Math.ceil(count * share)]!
    const counts = popularity.subarray(row * itemCount, (row + 1) * itemCount)
    for (let i = first; i < sessions.items.length; i++) counts[sessions.items[i]!]!++
    for (let item = 0; item < itemCount; item++) counts[item] = Math.log1p(counts[item]!)
  }
  return { count: itemCount, prior, popularity }
}

/** Returns the share (its place) whose popularity alone predicts `cases` best, with that quality. */
export function choosePrior(statistics: Statistics, cases: Cases): { prior: number; quality: Quality } {
  const { count, popularity } = statistics
  let best = { prior: 0, quality: { hitRate: -1, mrr: 0 } }
  for (let prior = 0; prior < POPULARITY_SHARES.length; prior++) {
    const ranks = ranksOf(popularity.subarray(prior * count, (prior + 1) * count))
    const sum = new RankSum()
    for (let c = 0; c < cases.targets.length; c++) sum.add(ranks[targetOf(cases, c)]!)
    if (objective(sum.quality) > objective(best.quality)) best = { prior, quality: sum.quality }
  }
  return best
}

/** Returns each item's rank by falling score, equal scores by rising item. */
function ranksOf(scores: Float32Array): Uint32Array {
  const order = Uint32Array.from(scores, (_, item) => item).toSorted(
    (a, b) => scores[b]! - scores[a]! || a - b,
  )
  const ranks = new Uint32Array(scores.length)
  for (let rank = 0; rank < order.length; rank++) ranks[order[rank]!] = rank
  return ranks
}
