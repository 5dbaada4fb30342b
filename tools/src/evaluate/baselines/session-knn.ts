/** Baseline V-SKNN: past sessions like this one vote for their items (Ludewig and Jannach 2018). */
import type { Ranker } from '../measure-ranker.ts'
import { type Family, Scores, placesOf } from './family.ts'
import { type SessionIndex, indexSessions } from './session-index.ts'

/** What can be tuned. */
export type SessionKnnSettings = {
  /** Sessions that vote. */
  neighbours: number
  /** Newest sessions with a shared item that are looked at. */
  sample: number
  /** How the weight of an item falls with its steps from the end of the session at hand. */
  weighting: Decay
  /** How a vote falls with the steps from the end to the newest item that both sessions share. */
  voteWeighting: Decay
  /** How much rare items are preferred: a vote is times 1 + this · idf. */
  idf: number
}

type Decay = 'same' | 'share' | 'reciprocal' | 'linear' | 'quadratic'

const DECAYS: Record<Decay, (steps: number, length: number) => number> = {
  same: () => 1,
  share: (steps, length) => (length - steps) / length,
  reciprocal: (steps) => 1 / (steps + 1),
  // A little is left of the oldest: 0 would mean that nothing is shared.
  linear: (steps) => Math.max(0.01, 1 - 0.1 * steps),
  quadratic: (steps) => 1 / (steps + 1) ** 2,
}
const DECAY_NAMES = Object.keys(DECAYS) as Decay[]
/** More steps than any session has. */
const UNSEEN = 2 ** 32 - 1

/** V-SKNN. */
export const sessionKnn: Family<SessionKnnSettings> = {
  start: { neighbours: 100, sample: 1000, weighting: 'share', voteWeighting: 'linear', idf: 1 },
  grid: {
    neighbours: [50, 100, 200, 500, 1500],
    sample: [500, 1000, 2500, 5000],
    weighting: DECAY_NAMES,
    voteWeighting: DECAY_NAMES,
    idf: [0, 1, 2, 5],
  },
  fit(log) {
    const index = indexSessions(log)
    return (settings) => sessionKnnRanker(index, settings)
  },
}

function sessionKnnRanker(
  index: SessionIndex,
  { neighbours: most, sample, weighting, voteWeighting, idf }: SessionKnnSettings,
): Ranker {
  const { ids, count, distinct, distinctOffsets, frequency, neighbours, similarities } = index
  const known = placesOf(ids)
  const scores = new Scores(ids)
  const rarity = Float64Array.from(frequency, (f) => 1 + idf * Math.log(count / Math.max(1, f)))
  const weights = new Map<number, number>()
  /** `[N]`, steps from the end of the session at hand. */
  const steps = new Uint32Array(ids.length).fill(UNSEEN)
  return (prefix, k) => {
    const places = known(prefix)
    const { length } = places
    weights.clear()
    for (const [at, item] of places.entries()) {
      steps[item] = length - 1 - at
      weights.set(item, DECAYS[weighting](length - 1 - at, length))
    }
    const found = index.nearest(weights, { sample, most })
    for (let n = 0; n < found; n++) {
      const from = distinctOffsets[neighbours[n]!]!
      const end = distinctOffsets[neighbours[n]! + 1]!
      let back = length
      for (let at = from; at < end; at++) {
        const own = steps[distinct[at]!]!
        if (own < back) back = own
      }
      const vote = similarities[n]! * DECAYS[voteWeighting](back, length)
      for (let at = from; at < end; at++) scores.add(distinct[at]!, vote * rarity[distinct[at]!]!)
    }
    for (const item of places) steps[item] = UNSEEN
    return scores.take(k)
  }
}
