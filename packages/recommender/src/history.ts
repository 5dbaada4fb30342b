/** What the recommender knows of this shopper: events that name an item, oldest first. */
import type { EventType } from '@vitrine/contracts'
import type { Catalogue } from './catalogue.ts'

/** One past event. In offline evaluation only `item` is there. */
export interface HistoryEvent {
  item: string
  type?: EventType
  /** Unix ms. */
  at?: number
}

/** What is known of a shopper beside the items that a list follows from. */
export interface Shopper {
  /** All events, oldest first, those of this visit last. */
  readonly history: readonly HistoryEvent[]
  /** Unix ms: tells whether the latest events are of this visit. */
  readonly now: number
}

/** How many of the latest items are read; training reads as many. */
export const HISTORY_LENGTH = 50

/** How many of a shopper's latest events a device keeps, for shelves that go by long history. */
export const LONG_HISTORY = 500

/** A pause of so many milliseconds ends a visit, as in the import of a log. */
export const VISIT_GAP: number = 30 * 60_000

/** Events that say nothing of taste: the shop chose what was on the screen, and a search names no item. */
export const SILENT: ReadonlySet<EventType | undefined> = new Set(['impression', 'search'])

/**
 * Returns the latest {@link HISTORY_LENGTH} items as indices, oldest first. Items the model does not know
 * are left out, and a view, a cart and a purchase of the same item in a row count once.
 */
export function recentItems(catalogue: Catalogue, history: readonly HistoryEvent[]): number[] {
  const recent: number[] = []
  let later: HistoryEvent | undefined
  for (let i = history.length - 1; i >= 0 && recent.length < HISTORY_LENGTH; i--) {
    const event = history[i]!
    if (SILENT.has(event.type)) continue
    const index = catalogue.indexOf(event.item)
    const isSameInterest = later?.item === event.item && later.type !== event.type
    if (index !== undefined && !isSameInterest) recent.push(index)
    later = event
  }
  return recent.toReversed()
}

/** Returns the items that were put into the cart and not bought since, as indices, oldest first. */
export function cartItems(catalogue: Catalogue, history: readonly HistoryEvent[]): number[] {
  const cart = new Set<number>()
  for (const { item, type } of history) {
    const index = catalogue.indexOf(item)
    if (index === undefined) continue
    if (type === 'add_to_cart') cart.add(index)
    if (type === 'purchase') cart.delete(index)
  }
  return [...cart].slice(-HISTORY_LENGTH)
}
