/** Baseline SR: what followed the last item, near followers counting more (Ludewig and Jannach 2018). */
import type { SessionLog } from '../../data/session-log.ts'
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

const MOST_RULES = 500

/** Sequential rules. */
export const sequentialRules: Family<SequentialRulesSettings> = {
  start: { steps: 10, weighting: 'reciprocal', rules: 100 },
  grid: {
    steps: [1, 2, 5, 10, 15],
    weighting: ['same', 'reciprocal', 'linear'],
    rules: [20, 50, 100, MOST_RULES],
  },
  fit: (log) => {
    /** What was counted last: tuning asks it for several numbers of rules in turn. */
    let counted: { key: string; lists: Followers[] } | undefined
    return ({ steps, weighting, rules }) => {
      const key = `${steps} ${weighting}`
      if (counted?.key !== key) counted = { key, lists: countFollowers(log, steps, weighting) }
      return rankByLast(
        log.ids,
        counted.lists.map((list) => list.slice(0, rules)),
      )
    }
  },
}

/** An item's followers, those of the greatest weight first. */
type Followers = readonly (readonly [item: number, weight: number])[]

function countFollowers(
  { ids, sessions: { offsets, items } }: SessionLog,
  steps: number,
  weighting: SequentialRulesSettings['weighting'],
): Followers[] {
  const followers = ids.map(() => new Map<number, number>())
  const weights = Float64Array.from({ length: steps + 1 }, (_, distance) => WEIGHTS[weighting](distance))
  for (let s = 0; s < offsets.length - 1; s++) {
    for (let at = offsets[s]! + 1; at < offsets[s + 1]!; at++) {
      for (let d = 1; d <= steps && at - d >= offsets[s]!; d++) {
        const row = followers[items[at - d]!]!
        row.set(items[at]!, (row.get(items[at]!) ?? 0) + weights[d]!)
      }
    }
  }
  return followers.map((row) => [...row].toSorted((x, y) => y[1] - x[1]).slice(0, MOST_RULES))
}

function rankByLast(ids: readonly string[], lists: readonly Followers[]): Ranker {
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
