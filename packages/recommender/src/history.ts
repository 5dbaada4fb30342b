/** What the recommender knows of this shopper: events that name an item, oldest first. */
import type { EventType } from '@vitrine/contracts'

/** One past event. In offline evaluation only `item` is there. */
export interface HistoryEvent {
  item: string
  type?: EventType
  /** Unix ms. */
  at?: number
}
