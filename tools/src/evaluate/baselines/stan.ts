/**
 * Baseline STAN: session-kNN with three decays in time (Garg et al. 2019, "Sequence and Time Aware
 * Neighborhood for Session-based Recommendations").
 */
import type { Ranker } from '../measure-ranker.ts'
import { type Family, Scores, placesOf } from './family.ts'
import { type SessionIndex, indexSessions } from './session-index.ts'

/** What can be tuned; a λ of {@link OFF} is as good as none. */
export type StanSettings = {
  neighbours: number
  sample: number
  /** λ₁, in steps from the end of the session at hand. */
  itemDecay: number
  /** λ₂, in shares of all training sessions since the neighbour. */
  sessionDecay: number
  /** λ₃, in steps within the neighbour from the item that both share. */
  distanceDecay: number
  /** Whether the shared item itself is voted for: right where shoppers come back to what they saw. */
  votesForShared: boolean
}

/** Large enough to make a decay vanish, and still a number in JSON. */
const OFF = 1e6

/** STAN. */
export const stan: Family<StanSettings> = {
  start: {
    neighbours: 500,
    sample: 2500,
    itemDecay: 2,
    sessionDecay: 0.3,
    distanceDecay: 3,
    votesForShared: true,
  },
  grid: {
    neighbours: [100, 200, 500, 1500],
    sample: [1000, 2500, 5000],
    itemDecay: [0.5, 1, 2, 4, OFF],
    sessionDecay: [0.03, 0.1, 0.3, 1, OFF],
    distanceDecay: [1, 2, 3, 6, OFF],
    votesForShared: [true, false],
  },
  fit(log) {
    const index = indexSessions(log)
    return (settings) => stanRanker(index, settings)
  },
}

function stanRanker(
  { ids, count, itemsOf, nearest }: SessionIndex,
  { neighbours, sample, itemDecay, sessionDecay, distanceDecay, votesForShared }: StanSettings,
): Ranker {
  const known = placesOf(ids)
  const scores = new Scores(ids)
  return (prefix, k) => {
    const places = known(prefix)
    const weights = new Map<number, number>()
    for (const [at, item] of places.entries()) {
      weights.set(item, Math.exp((at - places.length + 1) / itemDecay))
    }
    const norm = (session: number): number => Math.sqrt(places.length * itemsOf(session).length)
    for (const { session, similarity } of nearest(weights, { sample, k: neighbours, norm })) {
      const items = itemsOf(session)
      const vote = similarity * Math.exp(-(count - 1 - session) / count / sessionDecay)
      // The shared item nearest to the end of the session at hand.
      let shared = 0
      let most = 0
      for (const [at, item] of items.entries()) {
        const weight = weights.get(item) ?? 0
        if (weight >= most && weight > 0) [shared, most] = [at, weight]
      }
      for (const [at, item] of items.entries()) {
        if (at === shared && !votesForShared) continue
        scores.add(item, vote * Math.exp(-Math.abs(at - shared) / distanceDecay))
      }
    }
    return scores.take(k)
  }
}
