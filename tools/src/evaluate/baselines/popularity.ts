/** Baselines POP and S-POP: what is frequent in general, and what is frequent in this session. */
import type { SessionLog } from '../../data/session-log.ts'
import type { Ranker } from '../measure-ranker.ts'
import type { Family } from './family.ts'

/** What can be tuned. */
export type PopularitySettings = {
  /** Share of the training sessions that counts, from the newest: 0 to 1. */
  window: number
}

const WINDOWS = [1, 0.5, 0.3, 0.1, 0.05, 0.02]

/** The most frequent items of the newest part of the training data, whoever asks. */
export const popularity: Family<PopularitySettings> = {
  start: { window: 1 },
  grid: { window: WINDOWS },
  fit:
    (log) =>
    ({ window }) => {
      const order = orderByFrequency(log, window)
      return (_, k) => order.slice(0, k)
    },
}

/** What can be tuned of S-POP. */
export type SessionPopularitySettings = PopularitySettings & {
  /** Among items as frequent in the session: whether the newest comes first, or the most popular. */
  newestFirst: boolean
}

/** S-POP: the items of the session itself, the most frequent first, then the popular ones (Hidasi et al. 2016). */
export const sessionPopularity: Family<SessionPopularitySettings> = {
  start: { window: 1, newestFirst: true },
  grid: { window: WINDOWS, newestFirst: [true, false] },
  fit:
    (log) =>
    ({ window, newestFirst }) =>
      rankSessionFirst(orderByFrequency(log, window), newestFirst),
}

function rankSessionFirst(order: readonly string[], newestFirst: boolean): Ranker {
  const popularityRank = new Map(order.map((id, rank) => [id, rank]))
  const rankOf = (id: string): number => popularityRank.get(id) ?? order.length
  return (prefix, k) => {
    const counts = new Map<string, number>()
    for (const id of prefix.toReversed()) counts.set(id, (counts.get(id) ?? 0) + 1)
    // The map holds the newest first, and sorting is stable.
    const own = [...counts.keys()].toSorted(
      (a, b) => counts.get(b)! - counts.get(a)! || (newestFirst ? 0 : rankOf(a) - rankOf(b)),
    )
    const list = own.slice(0, k)
    for (let i = 0; list.length < k && i < order.length; i++) {
      if (!counts.has(order[i]!)) list.push(order[i]!)
    }
    return list
  }
}

function orderByFrequency({ ids, sessions: { offsets, items } }: SessionLog, window: number): string[] {
  const first = Math.floor((offsets.length - 1) * (1 - window))
  const counts = new Uint32Array(ids.length)
  for (const item of items.subarray(offsets[first])) counts[item]! += 1
  return [...ids.keys()].toSorted((a, b) => counts[b]! - counts[a]! || a - b).map((item) => ids[item]!)
}
