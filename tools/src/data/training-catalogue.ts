/** Numbers the items that training has seen, the most frequent first. */
import type { CatalogueItem } from '@vitrine/contracts'
import type { Sessions } from '../train/index.ts'
import type { SessionLog } from './session-log.ts'

/**
 * Returns the catalogue of the items that occur in `log`, and its sessions in the catalogue's numbers.
 * Frequent items get low numbers, equal ones in order of id: the graph's ids then pack tightly. An item
 * without `details` is called by its id.
 */
export function buildCatalogue(
  { ids, sessions: { offsets, items } }: SessionLog,
  details: readonly CatalogueItem[],
): { catalogue: CatalogueItem[]; sessions: Sessions } {
  const counts = new Uint32Array(ids.length)
  for (const item of items) counts[item]! += 1
  const order = [...ids.keys()]
    .filter((item) => counts[item]! > 0)
    .toSorted((a, b) => {
      const byCount = counts[b]! - counts[a]!
      return byCount !== 0 ? byCount : ids[a]! < ids[b]! ? -1 : 1
    })
  const number = new Uint32Array(ids.length)
  for (const [place, item] of order.entries()) number[item] = place
  const known = new Map(details.map((item) => [item.id, item]))
  return {
    catalogue: order.map((item) => {
      const id = ids[item]!
      return known.get(id) ?? { id, title: id }
    }),
    sessions: { offsets, items: items.map((item) => number[item]!) },
  }
}
