/** Past sessions by item, and the newest of those that share an item with the one at hand. */
import type { SessionLog } from '../../data/session-log.ts'

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
   * weights of the shared items over `norm`; equal ones by newer.
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
      const newest = Uint32Array.from(touched).toSorted().subarray(-sample)
      const found = Array.from(newest, (session) => ({
        session,
        similarity: shared[session]! / norm(session),
      }))
      for (const session of touched) shared[session] = 0
      return found.toSorted((x, y) => y.similarity - x.similarity || y.session - x.session).slice(0, k)
    },
  }
}
