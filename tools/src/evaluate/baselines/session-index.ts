/** Past sessions by item, and the newest of those that share an item with the one at hand. */
import type { SessionLog } from '../../data/session-log.ts'
import { thresholdOf } from './largest.ts'

/** Finds past sessions. All tables are made once: a question allocates nothing. */
export interface SessionIndex {
  ids: readonly string[]
  /** How many sessions there are. */
  count: number
  /** `[count + 1]` where a session's items begin in {@link items}. */
  offsets: Uint32Array
  /** Items of the sessions as they are, oldest first. */
  items: Uint32Array
  /** `[count + 1]` where a session's items begin in {@link distinct}. */
  distinctOffsets: Uint32Array
  /** Items of the sessions, each once, by first occurrence. */
  distinct: Uint32Array
  /** `[N]`, sessions that hold the item. */
  frequency: Uint32Array
  /** `[count]`, session numbers of the neighbours found last, in no order. */
  neighbours: Uint32Array
  /** `[count]`, and how similar they are. */
  similarities: Float64Array
  /**
   * Of the `sample` newest sessions that hold any of the items of `weights`, finds the `most` most similar, by the
   * sum of the weights (above 0) of the shared items over `norm`; of equal ones the newer. Returns how many there are.
   */
  nearest: (
    weights: ReadonlyMap<number, number>,
    options: { sample: number; most: number; norm?: (session: number) => number },
  ) => number
}

/** Indexes the sessions of `log`. */
export function indexSessions({ ids, sessions: { offsets, items } }: SessionLog): SessionIndex {
  const count = offsets.length - 1
  const { distinct, distinctOffsets } = distinctItems(offsets, items, ids.length)
  const { frequency, starts, sessions } = sessionsByItem(distinctOffsets, distinct, ids.length)
  const shared = new Float64Array(count)
  const touched = new Uint32Array(count)
  const keys = new Float64Array(count)
  const neighbours = new Uint32Array(count)
  const similarities = new Float64Array(count)

  /** Adds the weights up; returns how many sessions share anything. */
  const addUp = (weights: ReadonlyMap<number, number>, sample: number): number => {
    let met = 0
    for (const [item, weight] of weights) {
      // So far back that nothing is left of it; and a 0 would have sessions counted twice.
      if (weight === 0) continue
      const end = starts[item + 1]!
      // The newest of the union are among the newest of each item.
      for (let i = Math.max(starts[item]!, end - sample); i < end; i++) {
        const session = sessions[i]!
        const before = shared[session]!
        if (before === 0) touched[met++] = session
        shared[session] = before + weight
      }
    }
    return met
  }

  /** The number of the last of the `sample` newest sessions that were met. */
  const oldestOf = (sample: number): number => {
    let session = count
    for (let left = sample; left > 0;) if (shared[--session]! > 0) left -= 1
    return session
  }

  return {
    ids,
    count,
    offsets,
    items,
    distinctOffsets,
    distinct,
    frequency,
    neighbours,
    similarities,
    nearest(weights, { sample, most, norm }) {
      const met = addUp(weights, sample)
      const oldest = met > sample ? oldestOf(sample) : 0
      let found = 0
      for (let i = 0; i < met; i++) {
        const session = touched[i]!
        if (session >= oldest) {
          const similarity = norm ? shared[session]! / norm(session) : shared[session]!
          neighbours[found] = session
          similarities[found] = similarity
          keys[found++] = similarity
        }
        shared[session] = 0
      }
      if (found <= most) return found
      return keepBest(neighbours, similarities, found, { most, least: thresholdOf(keys, found, most) })
    },
  }
}

/** Moves those above `least` to the front, then the newest of those that are equal to it; returns `most`. */
function keepBest(
  neighbours: Uint32Array,
  similarities: Float64Array,
  found: number,
  { most, least }: { most: number; least: number },
): number {
  const equal: number[] = []
  let kept = 0
  for (let i = 0; i < found; i++) {
    const similarity = similarities[i]!
    if (similarity > least) {
      neighbours[kept] = neighbours[i]!
      similarities[kept++] = similarity
    } else if (similarity === least) equal.push(neighbours[i]!)
  }
  for (const session of Uint32Array.from(equal).toSorted().toReversed()) {
    if (kept === most) break
    neighbours[kept] = session
    similarities[kept++] = least
  }
  return kept
}

function distinctItems(
  offsets: Uint32Array,
  items: Uint32Array,
  itemCount: number,
): { distinct: Uint32Array; distinctOffsets: Uint32Array } {
  const count = offsets.length - 1
  const distinct = new Uint32Array(items.length)
  const distinctOffsets = new Uint32Array(count + 1)
  // Session that an item was met in last, counted from 1.
  const last = new Uint32Array(itemCount)
  let end = 0
  for (let session = 0; session < count; session++) {
    for (let at = offsets[session]!; at < offsets[session + 1]!; at++) {
      const item = items[at]!
      if (last[item] === session + 1) continue
      last[item] = session + 1
      distinct[end++] = item
    }
    distinctOffsets[session + 1] = end
  }
  return { distinct: distinct.slice(0, end), distinctOffsets }
}

/** The sessions of each item, oldest first, one item after the other. */
function sessionsByItem(
  offsets: Uint32Array,
  distinct: Uint32Array,
  itemCount: number,
): { frequency: Uint32Array; starts: Uint32Array; sessions: Uint32Array } {
  const frequency = new Uint32Array(itemCount)
  for (const item of distinct) frequency[item]! += 1
  const starts = new Uint32Array(itemCount + 1)
  for (let item = 0; item < itemCount; item++) starts[item + 1] = starts[item]! + frequency[item]!
  const next = starts.slice(0, itemCount)
  const sessions = new Uint32Array(distinct.length)
  for (let session = 0; session < offsets.length - 1; session++) {
    for (let at = offsets[session]!; at < offsets[session + 1]!; at++) {
      sessions[next[distinct[at]!]!++] = session
    }
  }
  return { frequency, starts, sessions }
}
