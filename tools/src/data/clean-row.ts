/** Turns a row of text into an event and what it tells of its item, or says why not. */
import { type EventType, MAX_ID_LENGTH, eventTypeOf } from '@vitrine/contracts'
import type { SourceRow } from './columns.ts'
import { type DateOrder, parseNumber, parseTime } from './field-values.ts'

/** One event of an events file. Sessions are found by their id, not by their place in the file. */
export interface ShopEvent {
  /** Unix ms. */
  at: number
  session: string
  user?: string
  type: EventType
  item: string
  /** Quantity. */
  value?: number
}

/** What a row says of its item. */
export interface ItemFacts {
  title?: string
  price?: number
  category?: string
}

/** `unparsable`: a value is not what its column should hold. `dropped`: it is, but a rule leaves the row out. */
export type CleanedRow =
  { kind: 'event'; event: ShopEvent; facts: ItemFacts } | { kind: 'unparsable' | 'dropped'; reason: string }

/** Rules of one import. */
export interface CleaningRules {
  /** Type of every event where the row has none. */
  type: EventType
  dateOrder?: DateOrder
  rule?: (row: SourceRow) => string | undefined
}

/**
 * Cleans one row. A row without session keeps `session: ''`, for the gap rule to fill in from its user.
 * Rules run before values are parsed: what a shop's own rule leaves out may be written as it likes.
 */
export function cleanRow(row: SourceRow, { type: defaultType, dateOrder, rule }: CleaningRules): CleanedRow {
  const ruled = rule?.(row)
  if (ruled) return { kind: 'dropped', reason: ruled }

  const type = row.type === undefined ? defaultType : eventTypeOf(row.type)
  if (type === undefined || type === 'search') return { kind: 'dropped', reason: 'not an event of an item' }
  const { item, session, user } = row
  if (item === undefined) return { kind: 'dropped', reason: 'no item' }
  if (session === undefined && user === undefined) return { kind: 'dropped', reason: 'no session or user' }

  for (const [name, id] of [
    ['item', item],
    ['session', session],
    ['user', user],
  ] as const) {
    if (id !== undefined && id.length > MAX_ID_LENGTH) {
      return { kind: 'unparsable', reason: `${name} id longer than ${MAX_ID_LENGTH} characters` }
    }
  }
  const at = row.time === undefined ? undefined : parseTime(row.time, dateOrder)
  if (at === undefined) return { kind: 'unparsable', reason: 'time' }
  const value = row.quantity === undefined ? undefined : parseNumber(row.quantity)
  if (row.quantity !== undefined && value === undefined) return { kind: 'unparsable', reason: 'quantity' }
  const price = row.price === undefined ? undefined : parseNumber(row.price)
  if (row.price !== undefined && price === undefined) return { kind: 'unparsable', reason: 'price' }

  if (value !== undefined && value <= 0) return { kind: 'dropped', reason: 'quantity not positive' }
  if (price !== undefined && price < 0) return { kind: 'dropped', reason: 'price negative' }

  const event: ShopEvent = { at, session: session ?? '', type, item }
  if (user !== undefined) event.user = user
  if (value !== undefined) event.value = value
  const facts: ItemFacts = {}
  if (row.title !== undefined) facts.title = row.title
  if (price !== undefined) facts.price = price
  if (row.category !== undefined) facts.category = row.category
  return { kind: 'event', event, facts }
}
