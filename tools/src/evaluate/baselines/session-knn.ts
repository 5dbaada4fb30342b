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
  { neighbours, sample, weighting, voteWeighting, idf }: SessionKnnSettings,
): Ranker {
  const { ids, count, itemsOf, frequency, nearest } = index
  const known = placesOf(ids)
  const scores = new Scores(ids)
  const rarity = Float64Array.from(frequency, (f) => 1 + idf * Math.log(count / Math.max(1, f)))
  return (prefix, k) => {
    const places = known(prefix)
    const steps = new Map<number, number>()
    for (const [at, item] of places.entries()) steps.set(item, places.length - 1 - at)
    const weights = new Map(
      Array.from(steps, ([item, back]) => [item, DECAYS[weighting](back, places.length)]),
    )
    for (const { session, similarity } of nearest(weights, { sample, k: neighbours, norm: () => 1 })) {
      const items = new Set(itemsOf(session))
      let back = places.length
      for (const item of items) back = Math.min(back, steps.get(item) ?? back)
      const vote = similarity * DECAYS[voteWeighting](back, places.length)
      for (const item of items) scores.add(item, vote * rarity[item]!)
    }
    return scores.take(k)
  }
}
