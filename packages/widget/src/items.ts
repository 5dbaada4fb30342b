/** From a recommender's list to what a shelf shows: links checked, prices and reasons worded, losses counted. */
import type { RecommendResult, RecommendedItem } from '@vitrine/sdk'
import type { LookOptions } from './attributes.ts'
import type { ShelfItem } from './card.ts'
import { fillTemplate, safeLink } from './links.ts'
import { type Words, say } from './words.ts'

/** What a shelf left out, counted since it was made. */
export interface Dropped {
  /** Links whose scheme is not http or https. */
  links: number
  /** Pictures whose address has another scheme, or that did not load. */
  images: number
  /** Items without a title, which only the page's own markup could show. */
  items: number
  /** Impressions and clicks that the recommender did not take. */
  events: number
}

/** Counters at zero. */
export function noneDropped(): Dropped {
  return { links: 0, images: 0, items: 0, events: 0 }
}

/** What {@link shelfItems} needs beside the list. */
export interface ItemContext {
  look: LookOptions
  words: Words
  /** Base of relative links. */
  base: string
  price: (price: number) => string
  /** True where the page draws items itself and may know titles that the model does not. */
  ownMarkup: boolean
  dropped: Dropped
}

/** Returns the list's items in order, positions counted from 0 without gaps. */
export function shelfItems(result: RecommendResult, context: ItemContext): ShelfItem[] {
  const shown: ShelfItem[] = []
  for (const entry of result.items) {
    const title = entry.details?.title ?? ''
    if (title || context.ownMarkup) shown.push(shelfItem(entry, title, shown.length, context))
    else context.dropped.items++
  }
  return shown
}

function shelfItem(entry: RecommendedItem, title: string, position: number, context: ItemContext): ShelfItem {
  const { details } = entry
  const { look, dropped } = context
  const url = address(look.itemUrl, entry.item, details?.url, context.base)
  const image = address(look.imageUrl, entry.item, details?.image, context.base)
  if (url === null) dropped.links++
  if (image === null) dropped.images++
  const reason = look.reasons ? reasonText(entry, context) : undefined
  return {
    item: entry.item,
    position,
    title,
    ...(details?.price !== undefined && { price: context.price(details.price) }),
    ...(details?.category !== undefined && { category: details.category }),
    ...(url && { url }),
    ...(image && { image }),
    ...(reason && { reason }),
  }
}

/** The address to use, `undefined` where there is none, `null` where the one there is must not be used. */
function address(
  template: string | undefined,
  item: string,
  own: string | undefined,
  base: string,
): string | undefined | null {
  const wanted = template === undefined ? own : fillTemplate(template, item)
  if (!wanted) return undefined
  return safeLink(wanted, base) ?? null
}

function reasonText({ item, reasons }: RecommendedItem, { words }: ItemContext): string | undefined {
  const [reason] = reasons
  if (!reason) return undefined
  if (reason.kind !== 'history') return words[reason.kind]
  const { title } = reason
  // Nobody is told that it is there because of itself.
  return title && reason.item !== item ? say(words.history, { title }) : words.historyUnnamed
}
