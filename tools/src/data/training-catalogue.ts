/** Numbers the items that training has seen, the most frequent first. */
import type { CatalogueItem } from '@vitrine/contracts'
import type { AggregatedPairs } from '../train/aggregated-pairs.ts'
import type { Sessions } from '../train/index.ts'
import type { PairLog } from './pairs-file.ts'
import type { SessionLog } from './session-log.ts'

/** What training is given, in the catalogue's numbers. */
export interface TrainingData {
  catalogue: CatalogueItem[]
  sessions: Sessions
  pairs?: AggregatedPairs
}

/**
 * Returns the catalogue of the items that occur in `log` or in `pairs` or have `details`, and both in the
 * catalogue's numbers.
 * Frequent items get low numbers, equal ones in order of id: the graph's ids then pack tightly. An item
 * without `details` is called by its id.
 *
 * @param first Ids that keep their order at the front: those of the revision that a training goes on from.
 */
export function buildCatalogue(
  log: SessionLog,
  details: readonly CatalogueItem[],
  { pairs, first = [] }: { pairs?: PairLog | undefined; first?: readonly string[] } = {},
): TrainingData {
  const ids = [...new Set([...log.ids, ...(pairs?.ids ?? []), ...details.map(({ id }) => id)])]
  const places = new Map(ids.map((id, place) => [id, place]))
  const counts = new Float64Array(ids.length)
  // What is counted elsewhere is all of it, and the sessions are a sample of the same.
  if (pairs) {
    const { items, counts: times } = pairs.occurrences
    for (const [i, item] of items.entries()) counts[places.get(pairs.ids[item]!)!]! += times[i]!
    for (const id of pairs.ids) counts[places.get(id)!] ||= 1
  }
  for (const item of log.sessions.items) {
    if (pairs) counts[item] ||= 1
    else counts[item]! += 1
  }
  const known = new Map(details.map((item) => [item.id, item]))
  const kept = new Map(first.map((id, place) => [id, place]))
  const placeOf = (item: number): number => kept.get(ids[item]!) ?? Infinity
  const order = [...ids.keys()]
    .filter((item) => counts[item]! > 0 || known.has(ids[item]!))
    .toSorted((a, b) => {
      const [before, after] = [placeOf(a), placeOf(b)]
      if (before !== after) return before - after
      const byCount = counts[b]! - counts[a]!
      return byCount !== 0 ? byCount : ids[a]! < ids[b]! ? -1 : 1
    })
  const number = new Uint32Array(ids.length)
  for (const [place, item] of order.entries()) number[item] = place
  return {
    catalogue: order.map((item) => {
      const id = ids[item]!
      return known.get(id) ?? { id, title: id }
    }),
    sessions: { offsets: log.sessions.offsets, items: log.sessions.items.map((item) => number[item]!) },
    ...(pairs && {
      pairs: renumbered(
        pairs,
        pairs.ids.map((id) => number[places.get(id)!]!),
      ),
    }),
  }
}

function renumbered({ ids: _, ...pairs }: PairLog, numbers: readonly number[]): AggregatedPairs {
  const all = (items: Uint32Array): Uint32Array => items.map((item) => numbers[item]!)
  return {
    ...pairs,
    from: all(pairs.from),
    to: all(pairs.to),
    occurrences: { ...pairs.occurrences, items: all(pairs.occurrences.items) },
  }
}
