/** Placements: from what a shelf is filled, by where it stands. */

/**
 * What ranks a shelf: the whole pipeline on history and anchor, graph neighbours of the anchor or of the
 * cart, embedding neighbours of the anchor, the history itself, or popularity.
 */
export type Recipe = 'personal' | 'together' | 'cart' | 'similar' | 'recent' | 'popular'

const RECIPES: ReadonlyMap<string, Recipe> = new Map([
  ['home', 'personal'],
  ['product-page', 'personal'],
  ['similar', 'similar'],
  ['bought-together', 'together'],
  ['cart', 'cart'],
  ['recently-viewed', 'recent'],
  ['popular', 'popular'],
])

/** Returns the recipe for `placement`; a name of the shop's own is served like `product-page`. */
export function recipeOf(placement: string): Recipe {
  return RECIPES.get(placement) ?? 'personal'
}
