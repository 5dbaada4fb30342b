/** Baselines: item-kNN with the cosine, or with Pearson's correlation, of items' session vectors. */
import type { SessionLog } from '../../data/session-log.ts'
import type { Ranker } from '../measure-ranker.ts'
import { type Family, Scores, placesOf } from './family.ts'

/** What can be tuned. */
export type ItemKnnSettings = {
  /** Neighbours kept an item. */
  neighbours: number
  /** λ: damps what rests on few sessions; 0 is the textbook's formula. */
  shrinkage: number
  /** Newest distinct items of the prefix that vote. */
  history: number
  /** Factor of a vote for each step back: 1 counts all alike. */
  decay: number
  /** Whether items of the prefix may be listed again. */
  repeats: boolean
}

/** How alike two items are, of the sessions that hold a, b, both, and all sessions; nothing at 0 or below. */
type Similarity = (a: number, b: number, both: number, all: number, shrinkage: number) => number

/** Cosine of session vectors, damped: `c / √((n_a + λ)(n_b + λ))`. */
const cosine: Similarity = (a, b, both, _, shrinkage) => both / Math.sqrt((a + shrinkage) * (b + shrinkage))

/**
 * Pearson's correlation of two 0/1 vectors (the phi coefficient), times `c / (c + λ)`: the significance
 * weighting of Herlocker et al. 1999, smooth.
 */
const pearson: Similarity = (a, b, both, all, shrinkage) =>
  ((all * both - a * b) / Math.sqrt(a * (all - a) * (b * (all - b)) || 1)) * (both / (both + shrinkage))

const MOST_NEIGHBOURS = 500

/** Item-kNN with the cosine. */
export const itemKnn: Family<ItemKnnSettings> = familyOf(cosine)

/** Item-kNN with Pearson's correlation. */
export const itemKnnPearson: Family<ItemKnnSettings> = familyOf(pearson)

function familyOf(similarity: Similarity): Family<ItemKnnSettings> {
  return {
    start: { history: 5, decay: 0.8, shrinkage: 20, neighbours: 100, repeats: true },
    grid: {
      history: [1, 2, 3, 5, 10, 20],
      decay: [0.3, 0.6, 0.8, 0.9, 1],
      shrinkage: [0, 5, 20, 50, 100],
      neighbours: [20, 50, 100, 200, MOST_NEIGHBOURS],
      repeats: [true, false],
    },
    fit(log, signal) {
      const pairs = countMeetings(log, signal)
      const byShrinkage = new Map<number, Neighbours>()
      return (settings) => {
        const { shrinkage } = settings
        const known =
          byShrinkage.get(shrinkage) ?? rankNeighbours(pairs, similarity, shrinkage, MOST_NEIGHBOURS)
        byShrinkage.set(shrinkage, known)
        return itemKnnRanker(pairs.ids, known, settings)
      }
    },
  }
}

/** How many sessions hold both of two items, of all pairs that meet (compressed rows, columns rising). */
interface PairCounts {
  ids: readonly string[]
  /** All sessions. */
  sessions: number
  /** `[N]`, sessions that hold the item. */
  frequency: Uint32Array
  /** `[N + 1]` */
  offsets: Uint32Array
  columns: Uint32Array
  counts: Uint32Array
}

/** Counts pairs, each at most once a session. */
function countMeetings({ ids, sessions }: SessionLog, signal?: AbortSignal): PairCounts {
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
    sessions: baskets.length,
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
function rankNeighbours(
  { sessions, frequency, offsets, columns, counts }: PairCounts,
  similarity: Similarity,
  shrinkage: number,
  most: number,
): Neighbours {
  const items: Uint32Array[] = []
  const similarities: Float32Array[] = []
  for (let a = 0; a < frequency.length; a++) {
    const from = offsets[a]!
    const values = Float32Array.from(columns.subarray(from, offsets[a + 1]), (b, e) =>
      similarity(frequency[a]!, frequency[b]!, counts[from + e]!, sessions, shrinkage),
    )
    const order = Uint32Array.from(values.keys())
      .filter((e) => values[e]! > 0)
      .toSorted((x, y) => values[y]! - values[x]! || x - y)
      .subarray(0, most)
    items.push(order.map((e) => columns[from + e]!))
    similarities.push(Float32Array.from(order, (e) => values[e]!))
  }
  return { items, similarities }
}

function itemKnnRanker(
  ids: readonly string[],
  neighbours: Neighbours,
  { neighbours: m, history, decay, repeats }: ItemKnnSettings,
): Ranker {
  const known = placesOf(ids)
  const scores = new Scores(ids)
  return (prefix, k) => {
    let weight = 1
    for (const voter of newestDistinct(known(prefix), history)) {
      const items = neighbours.items[voter]!
      const values = neighbours.similarities[voter]!
      for (let e = 0; e < items.length && e < m; e++) scores.add(items[e]!, weight * values[e]!)
      weight *= decay
    }
    return scores.take(k, repeats ? undefined : new Set(prefix))
  }
}

function newestDistinct(places: readonly number[], most: number): readonly number[] {
  return [...new Set(places.toReversed())].slice(0, most)
}
