/** Behaviour events: what a shopper did, as the log stores it and the wire carries it. */
import * as v from './schema.ts'
import { finite, whole } from './numbers.ts'
import { parseWith } from './parse.ts'

/** Event types in line with GA4's e-commerce events, in Vitrine's own names. */
export const EVENT_TYPES = [
  'impression',
  'click',
  'view',
  'add_to_cart',
  'purchase',
  'rate',
  'search',
] as const

/** One of {@link EVENT_TYPES}. */
export type EventType = (typeof EVENT_TYPES)[number]

/** GA4 names that are accepted as aliases. https://developers.google.com/analytics/devguides/collection/ga4/reference/events */
const GA4_ALIASES: Readonly<Record<string, EventType>> = {
  view_item: 'view',
  select_item: 'click',
  view_item_list: 'impression',
}

/** Returns the Vitrine event type for `name` (a Vitrine or a GA4 name), or `undefined` if there is none. */
export function eventTypeOf(name: string): EventType | undefined {
  if ((EVENT_TYPES as readonly string[]).includes(name)) return name as EventType
  return Object.hasOwn(GA4_ALIASES, name) ? GA4_ALIASES[name] : undefined
}

/** What a page hands to `track()`. */
export interface BehaviorEventInput {
  type: EventType
  /** Item id. Every type but `search` has one. */
  item?: string
  /** The words searched for; only with `search`. */
  query?: string
  /** Unix time in milliseconds; the log fills in the device's clock where it is missing. */
  at?: number
  /** Where the item stood when the event happened, e.g. `product-page`. */
  placement?: string
  /** Model revision that chose the item. */
  revision?: string
  /** Quantity for `add_to_cart` and `purchase`, stars for `rate`, position (from 0) for `impression` and `click`. */
  value?: number
}

/** An event as stored and sent: `seq` counts from 1 within one device and epoch, without gaps. */
export interface BehaviorEvent extends BehaviorEventInput {
  seq: number
  at: number
}

/** Longest item id, placement or revision accepted, in UTF-16 code units. */
export const MAX_ID_LENGTH = 128

/**
 * Schema of an id or other short text. NUL and lone surrogates are refused: databases cannot store them
 * faithfully (PostgreSQL refuses NUL, SQLite's JSON functions turn a lone surrogate into invalid UTF-8).
 */
export const shortTextSchema: v.Schema<string> = v.pipe(
  v.string,
  v.maxLength(MAX_ID_LENGTH),
  v.check((text) => /^[^\0\p{Cs}]+$/u.test(text), 'text, not empty, without NUL and lone surrogates'),
)
const id = shortTextSchema
/** Unix ms from 1970 to about the year 10000: a broken clock must not make an event unreadable. */
export const timeSchema: v.Schema<number> = whole(0, 253_402_300_799_999)

const eventType: v.Schema<EventType> = (input, issues, path) => {
  const name = v.string(input, issues, path)
  if (name === undefined) return undefined
  return eventTypeOf(name) ?? v.refuse(issues, path, EVENT_TYPES.join(' | '))
}

const inputEntries: v.Entries<BehaviorEventInput> = {
  type: eventType,
  item: v.optional(id),
  query: v.optional(shortTextSchema),
  at: v.optional(timeSchema),
  placement: v.optional(id),
  revision: v.optional(id),
  value: v.optional(finite),
}

const SUBJECT_RULE = 'search needs a query, every other event an item'

function namesItsSubject(event: { type: EventType; item?: string; query?: string }): boolean {
  return event.type === 'search' ? event.query !== undefined : event.item !== undefined
}

const inputSchema: v.Schema<BehaviorEventInput> = v.pipe(
  v.strictObject(inputEntries),
  v.check((event) => namesItsSubject(event), SUBJECT_RULE),
)

/** Schema of a stored event; `request.ts` builds batches from it. */
export const behaviorEventSchema: v.Schema<BehaviorEvent> = v.pipe(
  v.strictObject({
    ...inputEntries,
    seq: whole(1),
    at: timeSchema,
  }),
  v.check((event) => namesItsSubject(event), SUBJECT_RULE),
)

/**
 * Parses what a page tracked.
 *
 * @throws `VitrineError('INVALID_EVENT')` when a field is missing, unknown or out of range.
 * @example
 * ```ts
 * parseEventInput({ type: 'view_item', item: '85123A' }) // { type: 'view', item: '85123A' }
 * ```
 */
export function parseEventInput(input: unknown): BehaviorEventInput {
  return parseWith(inputSchema, input, 'INVALID_EVENT', 'event')
}

/**
 * Parses an event as the wire carries it.
 *
 * @throws `VitrineError('INVALID_EVENT')` when a field is missing, unknown or out of range.
 */
export function parseEvent(input: unknown): BehaviorEvent {
  return parseWith(behaviorEventSchema, input, 'INVALID_EVENT', 'event')
}
