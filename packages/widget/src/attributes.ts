/** A shelf's attributes as values: read anew for each list, so that a page may change them at any time. */

/** Attributes that choose another list. */
export const LIST_ATTRIBUTES = [
  'placement',
  'model',
  'anchor',
  'k',
  'exclude',
  'unlike',
  'category',
  'in-stock',
] as const
/** Attributes that show the same list otherwise. */
export const LOOK_ATTRIBUTES = [
  'heading',
  'heading-level',
  'item-url',
  'image-url',
  'currency',
  'reasons',
] as const

const DEFAULT_K = 12
const MAX_K = 200

/** What a shelf asks for. */
export interface ListOptions {
  placement: string
  anchor?: string
  k: number
  exclude?: string[]
  where?: { inStock?: boolean; category?: string }
}

/** How a shelf looks. */
export interface LookOptions {
  heading: string
  /** 2 to 6. */
  headingLevel: number
  itemUrl?: string
  imageUrl?: string
  currency?: string
  reasons: boolean
}

/** Reads the attributes that choose the list; a `k` that is no number from 1 to 200 counts as the nearest, or 12. */
export function listOptions(shelf: Element): ListOptions {
  const anchor = text(shelf, 'anchor')
  const exclude = text(shelf, 'exclude')?.split(/\s+/u)
  const category = text(shelf, 'category')
  const inStock = shelf.hasAttribute('in-stock')
  return {
    placement: text(shelf, 'placement') ?? (anchor === undefined ? 'home' : 'product-page'),
    k: whole(shelf, 'k', 1, MAX_K, DEFAULT_K),
    ...(anchor !== undefined && { anchor }),
    ...(exclude && { exclude }),
    ...((inStock || category !== undefined) && {
      where: { ...(inStock && { inStock }), ...(category !== undefined && { category }) },
    }),
  }
}

/** Reads the attributes that say how the list looks. */
export function lookOptions(shelf: Element): LookOptions {
  const itemUrl = text(shelf, 'item-url')
  const imageUrl = text(shelf, 'image-url')
  const currency = text(shelf, 'currency')
  return {
    heading: text(shelf, 'heading') ?? '',
    headingLevel: whole(shelf, 'heading-level', 2, 6, 2),
    reasons: shelf.hasAttribute('reasons'),
    ...(itemUrl !== undefined && { itemUrl }),
    ...(imageUrl !== undefined && { imageUrl }),
    ...(currency !== undefined && { currency }),
  }
}

/** The language that the page says the shelf is in. */
export function languageOf(shelf: Element): string | undefined {
  const tag = shelf.closest('[lang]')?.getAttribute('lang') ?? document.documentElement.lang
  return tag || undefined
}

function text(shelf: Element, name: string): string | undefined {
  return shelf.getAttribute(name)?.trim() || undefined
}

function whole(shelf: Element, name: string, least: number, most: number, otherwise: number): number {
  const value = Number.parseInt(shelf.getAttribute(name) ?? '', 10)
  return Number.isNaN(value) ? otherwise : Math.min(most, Math.max(least, value))
}
