/** Pair counts: how often one item follows another within a session, weighted by age and distance. */
import { EVENT_TYPES } from '@vitrine/contracts'
import type { Sessions } from './sessions.ts'

/** Largest distance of two items in a session that still counts as a pair. */
export const REACH = 10

/** Kinds of pairs between two items with which the same was done. */
const WAYS = 2 * REACH

/** What was done with the other item: 0 a look, 1 put into the cart, 2 bought; by place in `EVENT_TYPES`. */
const DEEDS = Uint8Array.from(EVENT_TYPES, (type) => ['add_to_cart', 'purchase'].indexOf(type) + 1)

/** What the counts depend on. */
export interface PairSettings {
  /** τ: a session of age a (0 newest, 1 oldest) counts `exp(−τ a)`. */
  ageDecay: number
  /** A session of n items counts `n ^ −lengthExponent`. */
  lengthExponent: number
  /** Items d apart count `distanceDecay ^ (d − 1)`. */
  distanceDecay: number
  /** Weight of a pair read backwards. */
  backward: number
  /** Of a pair whose other item was put into the cart, or bought; 1, what a look counts, where missing. */
  cart?: number
  purchase?: number
}

/**
 * All pairs of a set of sessions, sorted by item once so that every trial is one pass: entries `offsets[a]` to
 * `offsets[a + 1] - 1` say which items stood near a.
 */
export interface PairTable {
  readonly offsets: Uint32Array
  readonly others: Uint32Array
  /** Group of the entry: its session, or all sessions of one age. */
  readonly groups: Uint32Array
  /** Distance − 1, plus {@link REACH} where the other item came first, plus {@link WAYS} times what was done with it. */
  readonly kinds: Uint8Array
  /** Whether something else than one thing was done. */
  readonly isTyped?: boolean
  /** How often; missing where every entry is one pair. */
  readonly times?: Float32Array
  readonly source: PairSource
}

/** What the entries of a table were counted in. */
export interface PairSource {
  /** `[groups]`, 0 the newest to 1 the oldest. */
  readonly ages: Float32Array
  /** `[groups]`, items of the session; missing where a group has sessions of many lengths. */
  readonly lengths?: Uint32Array
  /** Calls `visit` for every occurrence of an item. */
  readonly eachOccurrence: (visit: (item: number, group: number, times: number) => void) => void
}

/** Weighted counts in compressed rows, and the weighted number of occurrences of each item. */
export interface PairCounts {
  readonly offsets: Uint32Array
  readonly others: Uint32Array
  readonly counts: Float32Array
  /** `[N]`. */
  readonly occurrences: Float32Array
}

/** Returns how many pairs each item has, read both ways. */
export function countRows(source: Sessions, itemCount: number): Uint32Array {
  const counts = new Uint32Array(itemCount)
  eachPair(source, (p, q) => {
    counts[source.items[p]!]!++
    counts[source.items[q]!]!++
  })
  return counts
}

/** Lists the pairs of `source` in both directions, those of the items `from` to `to - 1`; N = `itemCount`. */
export function listPairs(
  source: Sessions,
  itemCount: number,
  { from = 0, to = itemCount }: { from?: number; to?: number } = {},
): PairTable {
  const offsets = new Uint32Array(itemCount + 1)
  offsets.set(countRows(source, itemCount), 1)
  offsets.fill(0, 0, from + 1)
  offsets.fill(0, to + 1)
  for (let item = 0; item < itemCount; item++) offsets[item + 1]! += offsets[item]!
  const size = offsets[itemCount]!
  const others = new Uint32Array(size)
  const groups = new Uint32Array(size)
  const kinds = new Uint8Array(size)
  const next = offsets.slice()
  const { items, types } = source
  const enter = (p: number, q: number, session: number, kind: number): void => {
    const item = items[p]!
    if (item < from || item >= to) return
    const entry = next[item]!++
    others[entry] = items[q]!
    groups[entry] = session
    kinds[entry] = types ? kind + WAYS * DEEDS[types[q]!]! : kind
  }
  eachPair(source, (p, q, session) => {
    enter(p, q, session, q - p - 1)
    enter(q, p, session, q - p - 1 + REACH)
  })
  return { offsets, others, groups, kinds, source: sourceOf(source), ...(types && { isTyped: true }) }
}

function sourceOf({ offsets, items }: Sessions): PairSource {
  const count = offsets.length - 1
  return {
    ages: Float32Array.from({ length: count }, (_, s) => (count - 1 - s) / Math.max(1, count - 1)),
    lengths: Uint32Array.from({ length: count }, (_, s) => offsets[s + 1]! - offsets[s]!),
    eachOccurrence: (visit) => {
      for (let s = 0; s < count; s++) {
        for (let i = offsets[s]!; i < offsets[s + 1]!; i++) visit(items[i]!, s, 1)
      }
    },
  }
}

/** Calls `visit` with the places of every two events near each other in a session. */
function eachPair({ offsets }: Sessions, visit: (p: number, q: number, session: number) => void): void {
  for (let session = 0; session < offsets.length - 1; session++) {
    const end = offsets[session + 1]!
    for (let p = offsets[session]!; p < end; p++) {
      const reach = Math.min(end, p + 1 + REACH)
      for (let q = p + 1; q < reach; q++) visit(p, q, session)
    }
  }
}

/** Adds up the pairs of `table` under `settings`. */
export function countPairs(table: PairTable, settings: PairSettings): PairCounts {
  const { offsets, others, groups, kinds, times, source } = table
  const itemCount = offsets.length - 1
  const { weights, recency } = groupWeights(source, settings)
  const { distanceDecay, backward, cart = 1, purchase = 1 } = settings
  const byKind = new Float32Array(3 * WAYS)
  for (const [deed, worth] of [1, cart, purchase].entries()) {
    for (let d = 0; d < REACH; d++) {
      byKind[deed * WAYS + d] = worth * distanceDecay ** d
      byKind[deed * WAYS + d + REACH] = backward * byKind[deed * WAYS + d]!
    }
  }
  const rows = new Uint32Array(itemCount + 1)
  // An upper bound of the distinct pairs; the views below cut it to what was used.
  const outOthers = new Uint32Array(others.length)
  const outCounts = new Float32Array(others.length)
  const sums = new Float32Array(itemCount)
  const seen = new Uint8Array(itemCount)
  let used = 0
  for (let a = 0; a < itemCount; a++) {
    const first = used
    for (let entry = offsets[a]!; entry < offsets[a + 1]!; entry++) {
      const b = others[entry]!
      if (!seen[b]) {
        seen[b] = 1
        sums[b] = 0
        outOthers[used++] = b
      }
      const weight = weights[groups[entry]!]! * byKind[kinds[entry]!]!
      sums[b]! += times ? times[entry]! * weight : weight
    }
    for (let i = first; i < used; i++) {
      outCounts[i] = sums[outOthers[i]!]!
      seen[outOthers[i]!] = 0
    }
    rows[a + 1] = used
  }
  return {
    offsets: rows,
    others: outOthers.subarray(0, used),
    counts: outCounts.subarray(0, used),
    occurrences: countOccurrences(source, recency, itemCount),
  }
}

function groupWeights(
  { ages, lengths }: PairSource,
  { ageDecay, lengthExponent }: PairSettings,
): { weights: Float32Array; recency: Float32Array } {
  const recency = ages.map((age) => Math.exp(-ageDecay * age))
  const weights = lengths ? recency.map((value, g) => value * lengths[g]! ** -lengthExponent) : recency
  return { weights, recency }
}

function countOccurrences(source: PairSource, recency: Float32Array, itemCount: number): Float32Array {
  const occurrences = new Float32Array(itemCount)
  source.eachOccurrence((item, group, times) => {
    occurrences[item]! += times * recency[group]!
  })
  return occurrences
}
