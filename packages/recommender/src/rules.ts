/** Rules of a shelf: which items may not be listed. Applied inside the search, so that lists stay full. */
import type { Where } from '@vitrine/contracts'
import type { Catalogue } from './catalogue.ts'

/** Returns `mask` `[N]`, with `hidden` items and those that do not meet `where` in it: 0 = may be listed. */
export function maskOf(
  catalogue: Catalogue,
  hidden: Iterable<number>,
  where: Where | undefined,
  mask: Uint8Array,
): Uint8Array {
  mask.fill(0)
  if (where) hideUnmet(catalogue, where, mask)
  for (const index of hidden) mask[index] = 1
  return mask
}

function hideUnmet(catalogue: Catalogue, where: Where, mask: Uint8Array): void {
  const { categoryOf, prices, inStock } = catalogue
  const category = where.category === undefined ? undefined : catalogue.categories.indexOf(where.category)
  const { minPrice = 0, maxPrice = Infinity } = where
  const asksPrice = where.minPrice !== undefined || where.maxPrice !== undefined
  for (let i = 0; i < mask.length; i++) {
    // −1 stands for no category in the catalogue, and for one that it does not know in the request.
    const meetsCategory = category === undefined || (category >= 0 && categoryOf[i] === category)
    const price = prices[i] ?? NaN
    const meetsPrice = !asksPrice || (price >= minPrice && price <= maxPrice)
    const meetsStock = !where.inStock || inStock[i] !== false
    if (!(meetsCategory && meetsPrice && meetsStock)) mask[i] = 1
  }
}
