/** Past sessions by item, and the newest of those that share an item with the one at hand. */
import type { SessionLog } from '../../data/session-log.ts'
import { thresholdOf } from './largest.ts'

/** A past session with what it shares with the one at hand. */
export interface Neighbour {
  session: number
  similarity: number
}

/** Finds past sessions. */
export interface SessionIndex {
  ids: readonly string[]
  /** How many sessions there are. */
  count: number
  /** Items of a session, oldest first; a view. */
  itemsOf: (session: number) => Uint32Array
  /** `[N]`, sessions that hold the item. */
  frequency: Uint32Array
  /**
   * Of the `sample` newest sessions that hold any item of `weights`, the `k` most similar, by the sum of the
   * weights of the shared items over `norm`, in no order; of equal ones the newer.
   */
  nearest: (
    weights: ReadonlyMap<number, number>,
    options: { sample: number; k: number; norm: (session: number) => number },
  ) => Neighbour[]
}

/** Indexes the sessions of `log`. */
export function indexSessions({ ids, sessions: { offsets, items } }: SessionLog): SessionIndex {
  const count = offsets.length - 1
  const itemsOf = (session: number): Uint32Array => items.subarray(offsets[session], offsets[session + 1])
  const sessionsOf: number[][] = ids.map(() => [])
  for (let s = 0; s < count; s++) for (const item of new Set(itemsOf(s))) sessionsOf[item]!.push(s)
  const shared = new Float64Array(count)
  let keys = new Float64Array(1024)
  const thresholdIn = (sessions: readonly number[], most: number): number => {
    for (const [at, session] of sessions.entries()) keys[at] = session
    return thresholdOf(keys, sessions.length, most)
  }
  return {
    ids,
    count,
    itemsOf,
    frequency: Uint32Array.from(sessionsOf, (list) => list.length),
    nearest(weights, { sample, k, norm }) {
      const touched: number[] = []
      for (const [item, weight] of weights) {
        const list = sessionsOf[item]!
        // The newest of the union are among the newest of each item.
        for (let i = Math.max(0, list.length - sample); i < list.length; i++) {
          const session = list[i]!
          if (shared[session] === 0) touched.push(session)
          shared[session]! += weight
        }
      }
      if (keys.length < touched.length) keys = new Float64Array(2 * touched.length)
      // Tuning asks thousands of cases under dozens of settings: what is not needed in order is not sorted.
      const newest = touched.length > sample ? atLeast(touched, thresholdIn(touched, sample)) : touched
      const found = newest.map((session) => ({ session, similarity: shared[session]! / norm(session) }))
      for (const session of touched) shared[session] = 0
      if (found.length <= k) return found
      for (const [at, { similarity }] of found.entries()) keys[at] = similarity
      const threshold = thresholdOf(keys, found.length, k)
      const above = found.filter(({ similarity }) => similarity > threshold)
      const equal = found
        .filter(({ similarity }) => similarity === threshold)
        .toSorted((x, y) => y.session - x.session)
      return above.concat(equal.slice(0, k - above.length))
    },
  }
}

function atLeast(sessions: readonly number[], least: number): number[] {
  return sessions.filter((session) => session >= least)
}
