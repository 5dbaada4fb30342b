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
  index: SessionIndex,
  { neighbours: most, sample, itemDecay, sessionDecay, distanceDecay, votesForShared }: StanSettings,
): Ranker {
  const { ids, count, offsets, items, neighbours, similarities } = index
  const known = placesOf(ids)
  const scores = new Scores(ids)
  const lengthOf = (session: number): number => offsets[session + 1]! - offsets[session]!
  const age = Float64Array.from({ length: count }, (_, session) =>
    Math.exp(-(count - 1 - session) / count / sessionDecay),
  )
  let longest = 0
  for (let session = 0; session < count; session++) longest = Math.max(longest, lengthOf(session))
  const nearness = Float64Array.from({ length: longest }, (_, steps) => Math.exp(-steps / distanceDecay))
  const weights = new Map<number, number>()
  /** `[N]`, the same as a table, for items that are not in the session at hand, too. */
  const weightOf = new Float64Array(ids.length)
  return (prefix, k) => {
    const places = known(prefix)
    const { length } = places
    weights.clear()
    for (const [at, item] of places.entries()) {
      weightOf[item] = Math.exp((at - length + 1) / itemDecay)
      weights.set(item, weightOf[item])
    }
    const norm = (session: number): number => Math.sqrt(length * lengthOf(session))
    const found = index.nearest(weights, { sample, most, norm })
    for (let n = 0; n < found; n++) {
      const session = neighbours[n]!
      const from = offsets[session]!
      const end = offsets[session + 1]!
      const vote = similarities[n]! * age[session]!
      // The shared item nearest to the end of the session at hand.
      let shared = from
      let best = 0
      for (let at = from; at < end; at++) {
        const weight = weightOf[items[at]!]!
        if (weight >= best && weight > 0) {
          shared = at
          best = weight
        }
      }
      for (let at = from; at < end; at++) {
        if (at === shared && !votesForShared) continue
        scores.add(items[at]!, vote * nearness[Math.abs(at - shared)]!)
      }
    }
    for (const item of places) weightOf[item] = 0
    return scores.take(k)
  }
}
