/** Baseline: item-kNN with the cosine of session vectors, neighbours and shrinkage as settings. */
import type { SessionLog } from '../data/session-log.ts'
import type { Ranker } from './measure.ts'

/** What can be tuned. */
export interface ItemKnnSettings {
  /** Neighbours kept an item. */
  neighbours: number
  /** λ in `c(a,b) / √((n_a + λ)(n_b + λ))`: damps items seen rarely. 0 is the plain cosine. */
  shrinkage: number
  /** Newest distinct items of the prefix that vote. */
  history: number
  /** Factor of a vote for each step back: 1 counts all alike. */
  decay: number
  /** Whether items of the prefix may be listed again. */
  repeats: boolean
}

/** How many sessions hold both of two items, of all pairs that meet (compressed rows, columns rising). */
export interface PairCounts {
  ids: readonly string[]
  /** `[N]`, sessions that hold the item. */
  frequency: Uint32Array
  /** `[N + 1]` */
  offsets: Uint32Array
  columns: Uint32Array
  counts: Uint32Array
}

/** Counts pairs, each at most once a session. */
export function countPairs({ ids, sessions }: SessionLog, signal?: AbortSignal): PairCounts {
  const { offsets, items } = sessions
  const n = ids.length
  const baskets = Array.from({ length: offsets.length - 1 }, (_, s) => [
    ...new Set(items.subarray(offsets[s], offsets[s + 1])),
  ])
  const frequency = new Uint32Array(n)
  for (const basket of baskets) for (const item of basket) frequency[item]! += 1
  const sessionsOf: number[][] = Array.from({ length: n }, () => [])
  for (const [s, basket] of baskets.entries()) for (const item of basket) sessionsOf[item]?.push(s)

  const row = new Uint32Array(n)
  const rowOffsets = new Uint32Array(n + 1)
  const columns: number[] = []
  const counts: number[] = []
  for (let a = 0; a < n; a++) {
    if (a % 256 === 0) signal?.throwIfAborted()
    const touched: number[] = []
    for (const s of sessionsOf[a]!) {
      for (const b of baskets[s]!) {
        if (row[b] === 0) touched.push(b)
        row[b]! += 1
      }
    }
    for (const b of touched.toSorted((x, y) => x - y)) {
      if (b !== a) {
        columns.push(b)
        counts.push(row[b]!)
      }
      row[b] = 0
    }
    rowOffsets[a + 1] = columns.length
  }
  return {
    ids,
    frequency,
    offsets: rowOffsets,
    columns: Uint32Array.from(columns),
    counts: Uint32Array.from(counts),
  }
}

/** Neighbours of each item, most similar first. */
interface Neighbours {
  items: Uint32Array[]
  similarities: Float32Array[]
}

/** Ranks each item's neighbours once for one shrinkage; a smaller number of them is a prefix of the lists. */
export function rankNeighboursBySimilarity(pairs: PairCounts, shrinkage: number, most: number): Neighbours {
  const { frequency, offsets, columns, counts } = pairs
  const damped = Float64Array.from(frequency, (f) => 1 / Math.sqrt(f + shrinkage))
  const items: Uint32Array[] = []
  const similarities: Float32Array[] = []
  for (let a = 0; a < frequency.length; a++) {
    const from = offsets[a]!
    const to = offsets[a + 1]!
    const values = new Float32Array(to - from)
    for (let e = from; e < to; e++) {
      values[e - from] = counts[e]! * damped[a]! * damped[columns[e]!]!
    }
    const order = Uint32Array.from(values.keys())
      .toSorted((x, y) => values[y]! - values[x]! || x - y)
      .subarray(0, most)
    items.push(order.map((e) => columns[from + e]!))
    similarities.push(Float32Array.from(order, (e) => values[e]!))
  }
  return { items, similarities }
}

/** Returns the baseline; `neighbours` must hold at least `settings.neighbours` of each item. */
export function itemKnnRanker(
  { ids }: Pick<PairCounts, 'ids'>,
  neighbours: Neighbours,
  { neighbours: m, history, decay, repeats }: ItemKnnSettings,
): Ranker {
  const placeOf = new Map(ids.map((id, place) => [id, place]))
  const scores = new Float64Array(ids.length)
  return (prefix, k) => {
    const touched: number[] = []
    const voters = newestDistinct(prefix, placeOf, history)
    let weight = 1
    for (const voter of voters) {
      const items = neighbours.items[voter]!
      const values = neighbours.similarities[voter]!
      for (let e = 0; e < items.length && e < m; e++) {
        const item = items[e]!
        if (scores[item] === 0) touched.push(item)
        scores[item]! += weight * values[e]!
      }
      weight *= decay
    }
    const barred = repeats ? undefined : new Set(prefix)
    const best = touched
      .toSorted((a, b) => scores[b]! - scores[a]! || a - b)
      .map((item) => ids[item]!)
      .filter((id) => !barred?.has(id))
      .slice(0, k)
    for (const item of touched) scores[item] = 0
    return best
  }
}

function newestDistinct(
  prefix: readonly string[],
  placeOf: ReadonlyMap<string, number>,
  most: number,
): Set<number> {
  const places = new Set<number>()
  for (let i = prefix.length - 1; i >= 0 && places.size < most; i--) {
    const place = placeOf.get(prefix[i]!)
    if (place !== undefined) places.add(place)
  }
  return places
}
