/** Pairs that were counted elsewhere, in a warehouse: the same tables as from sessions, for graph and popularity. */
import { POPULARITY_SHARES, type Statistics } from '@vitrine/recommender'
import { type PairTable, REACH } from './pairs.ts'

/** Counted pairs, items as places in the catalogue; all arrays of `pairs` are `[P]`. */
export interface AggregatedPairs {
  /** Ages are 0 (newest) to this − 1. */
  readonly ageCount: number
  readonly from: Uint32Array
  readonly to: Uint32Array
  /** How far apart in the session, 1 to REACH. */
  readonly distances: Uint8Array
  readonly ages: Uint8Array
  readonly counts: Float32Array
  /** How often each item occurred, by age. */
  readonly occurrences: {
    readonly items: Uint32Array
    readonly ages: Uint8Array
    readonly counts: Float32Array
  }
}

/** Returns the pairs without the newest `share`, for choosing settings on what came after them. */
export function withoutNewest(pairs: AggregatedPairs, share: number): AggregatedPairs {
  const youngest = Math.ceil(share * pairs.ageCount)
  const kept = placesOf(pairs.ages, youngest)
  const keptOccurrences = placesOf(pairs.occurrences.ages, youngest)
  return {
    ageCount: pairs.ageCount - youngest,
    from: kept.map((i) => pairs.from[i]!),
    to: kept.map((i) => pairs.to[i]!),
    distances: Uint8Array.from(kept, (i) => pairs.distances[i]!),
    ages: Uint8Array.from(kept, (i) => pairs.ages[i]! - youngest),
    counts: Float32Array.from(kept, (i) => pairs.counts[i]!),
    occurrences: {
      items: keptOccurrences.map((i) => pairs.occurrences.items[i]!),
      ages: Uint8Array.from(keptOccurrences, (i) => pairs.occurrences.ages[i]! - youngest),
      counts: Float32Array.from(keptOccurrences, (i) => pairs.occurrences.counts[i]!),
    },
  }
}

function placesOf(ages: Uint8Array, youngest: number): Uint32Array {
  return Uint32Array.from(ages.keys()).filter((i) => ages[i]! >= youngest)
}

/** Lists `pairs` in both directions, as `listPairs` does for sessions. */
export function listAggregatedPairs(pairs: AggregatedPairs, itemCount: number): PairTable {
  const { ageCount, from, to, distances, ages, counts } = pairs
  const offsets = new Uint32Array(itemCount + 1)
  for (let i = 0; i < from.length; i++) {
    offsets[from[i]! + 1]!++
    offsets[to[i]! + 1]!++
  }
  for (let item = 0; item < itemCount; item++) offsets[item + 1]! += offsets[item]!
  const size = offsets[itemCount]!
  const others = new Uint32Array(size)
  const groups = new Uint32Array(size)
  const kinds = new Uint8Array(size)
  const times = new Float32Array(size)
  const next = offsets.slice()
  const enter = (item: number, other: number, kind: number, i: number): void => {
    const entry = next[item]!++
    others[entry] = other
    groups[entry] = ages[i]!
    kinds[entry] = kind
    times[entry] = counts[i]!
  }
  for (let i = 0; i < from.length; i++) {
    enter(from[i]!, to[i]!, distances[i]! - 1, i)
    enter(to[i]!, from[i]!, distances[i]! - 1 + REACH, i)
  }
  const { occurrences } = pairs
  return {
    offsets,
    others,
    groups,
    kinds,
    times,
    source: {
      ages: Float32Array.from({ length: ageCount }, (_, age) => age / Math.max(1, ageCount - 1)),
      eachOccurrence: (visit) => {
        for (const [i, item] of occurrences.items.entries()) {
          visit(item, occurrences.ages[i]!, occurrences.counts[i]!)
        }
      },
    },
  }
}

/** Counts popularity as `countPopularity` does, the newest shares by time. */
export function countAggregatedPopularity(
  { ageCount, occurrences }: AggregatedPairs,
  itemCount: number,
  prior: number,
): Statistics {
  const popularity = new Float32Array(POPULARITY_SHARES.length * itemCount)
  for (const [row, share] of POPULARITY_SHARES.entries()) {
    const counts = popularity.subarray(row * itemCount, (row + 1) * itemCount)
    for (const [i, item] of occurrences.items.entries()) {
      if (occurrences.ages[i]! < Math.max(1, share * ageCount)) counts[item]! += occurrences.counts[i]!
    }
    for (let item = 0; item < itemCount; item++) counts[item] = Math.log1p(counts[item]!)
  }
  return { count: itemCount, prior, popularity }
}
