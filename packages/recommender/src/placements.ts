/** Placements: from what a shelf is filled, by where it stands. */

/** What ranks by long history, by likeness or by trend, in a file of its own. */
export type ApartRecipe = 'next-basket' | 'buy-again' | 'for-you' | 'similar' | 'trending'

/**
 * What ranks a shelf: the whole pipeline on history and anchor, graph neighbours of the anchor or of the
 * cart, the history itself, or popularity; or what `shelves.ts` knows.
 */
export type Recipe = 'personal' | 'together' | 'cart' | 'recent' | 'popular' | ApartRecipe

/** What a placement is there for, and `vitrine evaluate --objective` measures it by. */
export type Objective =
  'next-item' | 'next-basket' | 'bought-together' | 'repeat-purchase' | 'similar' | 'trending' | 'for-you'

const RECIPES: ReadonlyMap<string, Recipe> = new Map([
  ['home', 'personal'],
  ['product-page', 'personal'],
  ['similar', 'similar'],
  ['bought-together', 'together'],
  ['cart', 'cart'],
  ['recently-viewed', 'recent'],
  ['popular', 'popular'],
  ['next-basket', 'next-basket'],
  ['buy-again', 'buy-again'],
  ['for-you', 'for-you'],
  ['trending', 'trending'],
])

/** What each placement is measured by; `recently-viewed` predicts nothing, and `popular` is what others are compared with. */
export const OBJECTIVES: Readonly<Record<string, Objective>> = {
  home: 'next-item',
  'product-page': 'next-item',
  similar: 'similar',
  'bought-together': 'bought-together',
  cart: 'bought-together',
  'next-basket': 'next-basket',
  'buy-again': 'repeat-purchase',
  'for-you': 'for-you',
  trending: 'trending',
}

/** Returns the recipe for `placement`; a name of the shop's own is served like `product-page`. */
export function recipeOf(placement: string): Recipe {
  return RECIPES.get(placement) ?? 'personal'
}
