/** Baseline SR: what followed the last item, near followers counting more (Ludewig and Jannach 2018). */
import type { Ranker } from '../measure-ranker.ts'
import { type Family, Scores, placesOf } from './family.ts'

/** What can be tuned. */
export type SequentialRulesSettings = {
  /** How far apart two items of a session may be. */
  steps: number
  /** What a follower counts that is d steps behind: 1, 1/d, or 1 − (d − 1)/10. */
  weighting: 'same' | 'reciprocal' | 'linear'
  /** Followers kept an item. */
  rules: number
}

const WEIGHTS: Record<SequentialRulesSettings['weighting'], (distance: number) => number> = {
  same: () => 1,
  reciprocal: (distance) => 1 / distance,
  linear: (distance) => Math.max(0, 1.1 - 0.1 * distance),
}

/** Sequential rules. */
export const sequentialRules: Family<SequentialRulesSettings> = {
  start: { steps: 10, weighting: 'reciprocal', rules: 100 },
  grid: {
    steps: [1, 2, 5, 10, 15],
    weighting: ['same', 'reciprocal', 'linear'],
    rules: [20, 50, 100, 500],
  },
  fit:
    ({ ids, sessions: { offsets, items } }) =>
    ({ steps, weighting, rules }) => {
      const followers = ids.map(() => new Map<number, number>())
      for (let s = 0; s < offsets.length - 1; s++) {
        for (let at = offsets[s]! + 1; at < offsets[s + 1]!; at++) {
          for (let d = 1; d <= steps && at - d >= offsets[s]!; d++) {
            const row = followers[items[at - d]!]!
            row.set(items[at]!, (row.get(items[at]!) ?? 0) + WEIGHTS[weighting](d))
          }
        }
      }
      const lists = followers.map((row) => [...row].toSorted((x, y) => y[1] - x[1]).slice(0, rules))
      return rankByLast(ids, lists)
    },
}

function rankByLast(
  ids: readonly string[],
  lists: readonly (readonly (readonly [item: number, weight: number])[])[],
): Ranker {
  const known = placesOf(ids)
  const scores = new Scores(ids)
  return (prefix, k) => {
    const last = known(prefix).at(-1)
    for (const [item, weight] of last === undefined ? [] : lists[last]!) {
      if (weight > 0) scores.add(item, weight)
    }
    return scores.take(k)
  }
}
