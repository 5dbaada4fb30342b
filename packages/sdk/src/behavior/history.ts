/** The shopper's recent events, as personal lists are made from: kept after the endpoint acknowledged them. */
import type { BehaviorEventInput, EventType } from '@vitrine/contracts'
import { type HistoryEvent, LONG_HISTORY } from '@vitrine/recommender'
import type { Transaction } from '../storage/database.ts'

/** Key of its row in the log. */
export const HISTORY = 'history'

/** Events that say something about the shopper's taste. Having been shown an item does not. */
const TYPES: ReadonlySet<EventType> = new Set(['view', 'click', 'add_to_cart', 'purchase'])

/** Oldest first. */
export async function readHistory(transaction: Transaction): Promise<readonly HistoryEvent[]> {
  return ((await transaction.get(HISTORY)) as HistoryEvent[] | undefined) ?? []
}

/** Returns `history` with the event at its end; the same array where the event says nothing about taste. */
export function remember(
  history: readonly HistoryEvent[],
  { type, item, at }: BehaviorEventInput & { at: number },
): readonly HistoryEvent[] {
  if (item === undefined || !TYPES.has(type)) return history
  const last = history.at(-1)
  // A click on a shelf and the view of the page it leads to are one interest, not two.
  const before =
    type === 'view' && last?.type === 'click' && last.item === item ? history.slice(0, -1) : history
  return [...before, { item, type, at }].slice(-LONG_HISTORY)
}
