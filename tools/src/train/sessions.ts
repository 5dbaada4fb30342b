/** Sessions as compressed rows: splitting by time, and the cases that prefixes make. */
import { HISTORY_LENGTH } from '@vitrine/recommender'
import { TAIL_SHARE } from './tuning-effort.ts'

/** Sessions in order of time, items in order of time within a session (compressed rows). */
export interface Sessions {
  /** `[S + 1]`: session s holds `items[offsets[s]]` to `items[offsets[s + 1] - 1]`. */
  readonly offsets: Uint32Array
  /** Item indices, 0 to N − 1: places in the catalogue. */
  readonly items: Uint32Array
  /** `[events]`, places in `EVENT_TYPES`; missing where all are of one type. */
  readonly types?: Uint8Array | undefined
}

/** Number of sessions. */
export function sessionCount({ offsets }: Sessions): number {
  return offsets.length - 1
}

/** Returns sessions `from` to `to - 1`, as views where possible. */
export function sliceSessions({ offsets, items, types }: Sessions, from: number, to: number): Sessions {
  const first = offsets[from]!
  return {
    offsets: offsets.slice(from, to + 1).map((offset: number): number => offset - first),
    items: items.subarray(first, offsets[to]),
    ...(types && { types: types.subarray(first, offsets[to]) }),
  }
}

/** How many of the sessions everything is counted and learned on while settings are chosen on the rest. */
export function headCount(sessions: Sessions): number {
  return Math.max(1, Math.floor(sessionCount(sessions) * (1 - TAIL_SHARE)))
}

/** Prefixes that predict a next item: case c predicts `items[targets[c]]` from what precedes it in its session. */
export interface Cases {
  readonly items: Uint32Array
  /** `[cases]` places of the targets in `items`. */
  readonly targets: Uint32Array
  /** `[cases]` places where the histories begin; never before the session, at most as far as a device reads. */
  readonly starts: Uint32Array
  /** `[cases]` numbers of their sessions. */
  readonly owners: Uint32Array
}

/**
 * Returns at most `most` of the cases in `sessions`, whole sessions at even distances, so that a sample keeps
 * the mix of early and late prefixes.
 */
export function casesOf({ offsets, items }: Sessions, most: number = Infinity): Cases {
  const count = offsets.length - 1
  const casesIn = (s: number): number => Math.max(0, offsets[s + 1]! - offsets[s]! - 1)
  let total = 0
  for (let s = 0; s < count; s++) total += casesIn(s)
  const share = Math.min(1, most / Math.max(1, total))
  const isTaken = (s: number): boolean => Math.floor((s + 1) * share) > Math.floor(s * share)
  let taken = 0
  for (let s = 0; s < count; s++) if (isTaken(s)) taken += casesIn(s)
  const targets = new Uint32Array(taken)
  const starts = new Uint32Array(taken)
  const owners = new Uint32Array(taken)
  let used = 0
  for (let s = 0; s < count; s++) {
    if (!isTaken(s)) continue
    for (let target = offsets[s]! + 1; target < offsets[s + 1]!; target++) {
      targets[used] = target
      owners[used] = s
      starts[used++] = Math.max(offsets[s]!, target - HISTORY_LENGTH)
    }
  }
  return { items, targets, starts, owners }
}

/** Returns the history of case `index`, a view. */
export function historyOf({ items, targets, starts }: Cases, index: number): Uint32Array {
  return items.subarray(starts[index], targets[index])
}

/** Returns the item that case `index` predicts. */
export function targetOf({ items, targets }: Cases, index: number): number {
  return items[targets[index]!]!
}
