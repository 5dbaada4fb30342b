/** Requests and answers between page, worker and endpoint. */
import * as v from './schema.ts'
import type { CatalogueItem } from './item.ts'
import {
  type BehaviorEvent,
  EVENT_TYPES,
  type EventType,
  behaviorEventSchema,
  shortTextSchema,
  timeSchema,
} from './event.ts'
import { atLeastZero, whole } from './numbers.ts'
import { parseWith } from './parse.ts'

/** Conditions an item must meet to be listed. */
export interface Where {
  /** `true`: only items in stock. */
  inStock?: boolean
  category?: string
  minPrice?: number
  maxPrice?: number
}

/** What a page asks for. */
export interface RecommendRequest {
  /** Where the shelf stands: `home`, `product-page`, `similar`, `bought-together`, `cart`, or a name of your own. */
  placement: string
  /** Item the shelf is about, e.g. the product on the page. */
  anchor?: string
  /** How many items, 1 to 200. */
  k: number
  /** Item ids never to list. The anchor is never listed. */
  exclude?: string[]
  where?: Where
  /** Item ids in the page's own order, for when there is no model yet. */
  fallback?: string[]
}

/** Where a list came from, best first: the chain that `recommend()` walks down. */
export type Source = 'personal' | 'neighbours' | 'popularity' | 'page'

/** Why an item is listed. `weight` is the share of the item's score, 0 to 1; `title` is that of `item`. */
export type Reason =
  /** The shopper viewed, carted or bought `item`, and others went from it to this one; or it is this one. */
  | { kind: 'history'; item: string; title?: string; weight: number }
  /** Goes with the anchor. */
  | { kind: 'anchor'; item: string; title?: string; weight: number }
  /** Close to the shopper's taste (query embedding), which owes this part to `item` of the history where that is known. */
  | { kind: 'taste'; item?: string; title?: string; weight: number }
  | { kind: 'popular'; weight: number }

/** One line of a list. */
export interface RecommendedItem {
  item: string
  /** Comparable within one list only. */
  score: number
  /** Strongest first; empty when the page's own list was used. */
  reasons: Reason[]
  /** What the model's catalogue knows of the item; missing for the page's own list. */
  details?: CatalogueItem
}

/** A list of at most `k` items, best first. */
export interface RecommendResult {
  items: RecommendedItem[]
  source: Source
  /** Revision that ranked, or `null` when no model was there. */
  revision: string | null
  /** True when the revision's starter ranked, while the whole model is still on its way. */
  starter?: true
}

/** A batch of events, `POST /v1/events`. Event i has `seq = firstSeq + i`. */
export interface EventBatch {
  /** Random id of the device, 32 hex digits. */
  device: string
  /** Random id made anew whenever the device's storage was wiped, 32 hex digits. */
  epoch: string
  firstSeq: number
  events: BehaviorEvent[]
  /** Device clock when the batch was sent, Unix ms; the endpoint corrects the events' times by it. */
  sentAt: number
}

/** Answer to an {@link EventBatch}. The device deletes events up to `ackedThrough` only after it arrived. */
export interface EventAck {
  ackedThrough: number
  /** Newest revision of each published model, by model id: saves the device a poll. */
  models: Record<string, string>
  /** Unix ms. */
  serverTime: number
}

/** `POST /v1/erase`: forget everything of one device. Knowing the random id is the right to erase it. */
export interface EraseRequest {
  device: string
}

/** One past event of this shopper, as a device that cannot score sends it along. Oldest first. */
export interface RecentEvent {
  item: string
  type?: EventType
  /** Unix ms. */
  at?: number
}

/** `POST /v1/recommend`: the same request as a page's, plus what the device would have known by itself. */
export interface CloudRecommendRequest extends RecommendRequest {
  /** Model id; its active revision ranks. */
  model: string
  /** At most {@link MAX_RECENT_EVENTS}, oldest first. Used for this answer only, never stored. */
  history: RecentEvent[]
}

/** `POST /v1/models/:id/rollback`. Without `revision`: the one published before the active one. */
export interface RollbackRequest {
  revision?: string
}

/** Body of every refusal: `{ "error": { "code", "message" } }`. */
export interface ErrorBody {
  error: { code: string; message: string }
}

/** Most events in one batch. */
export const MAX_BATCH_EVENTS = 500

/** Most history events in one cloud request. */
export const MAX_RECENT_EVENTS = 500

const id = shortTextSchema
const randomId = v.pipe(v.string, v.regex(/^[0-9a-f]{32}$/u))
const ids: v.Schema<string[]> = v.pipe(v.array(id), v.maxLength(10_000))

const recommendEntries: v.Entries<RecommendRequest> = {
  placement: id,
  anchor: v.optional(id),
  k: whole(1, 200),
  exclude: v.optional(ids),
  where: v.optional(
    v.strictObject({
      inStock: v.optional(v.boolean),
      category: v.optional(v.pipe(v.string, v.maxLength(500))),
      minPrice: v.optional(atLeastZero),
      maxPrice: v.optional(atLeastZero),
    }),
  ),
  fallback: v.optional(ids),
}

const recommendSchema: v.Schema<RecommendRequest> = v.strictObject(recommendEntries)

const cloudRecommendSchema: v.Schema<CloudRecommendRequest> = v.strictObject({
  ...recommendEntries,
  model: id,
  history: v.pipe(
    v.array(
      v.strictObject({
        item: id,
        type: v.optional(v.oneOf(EVENT_TYPES)),
        at: v.optional(timeSchema),
      }),
    ),
    v.maxLength(MAX_RECENT_EVENTS),
  ),
})

const rollbackSchema: v.Schema<RollbackRequest> = v.strictObject({
  revision: v.optional(id),
})

const batchSchema: v.Schema<EventBatch> = v.pipe(
  v.strictObject({
    device: randomId,
    epoch: randomId,
    firstSeq: whole(1),
    events: v.pipe(v.array(behaviorEventSchema), v.minLength(1), v.maxLength(MAX_BATCH_EVENTS)),
    sentAt: whole(0),
  }),
  v.check(
    ({ firstSeq, events }) => events.every((event, index) => event.seq === firstSeq + index),
    'seq counts up from firstSeq without gaps',
  ),
)

const ackSchema: v.Schema<EventAck> = v.object({
  ackedThrough: whole(0),
  models: v.record(v.string),
  serverTime: whole(0),
})

const eraseSchema: v.Schema<EraseRequest> = v.strictObject({ device: randomId })

const errorSchema: v.Schema<ErrorBody> = v.object({
  error: v.object({ code: v.string, message: v.string }),
})

/** Parses a page's request. @throws `VitrineError('INVALID_REQUEST')` naming the offending field. */
export function parseRecommendRequest(input: unknown): RecommendRequest {
  return parseWith(recommendSchema, input, 'INVALID_REQUEST', 'recommend request')
}

/** Parses a request for a list computed by the endpoint. @throws `VitrineError('INVALID_REQUEST')`. */
export function parseCloudRecommendRequest(input: unknown): CloudRecommendRequest {
  return parseWith(cloudRecommendSchema, input, 'INVALID_REQUEST', 'recommend request')
}

/** Parses a request to roll back. @throws `VitrineError('INVALID_REQUEST')`. */
export function parseRollbackRequest(input: unknown): RollbackRequest {
  return parseWith(rollbackSchema, input, 'INVALID_REQUEST', 'rollback request')
}

/** Parses a batch of events; it is accepted or refused whole. @throws `VitrineError('INVALID_REQUEST')`. */
export function parseEventBatch(input: unknown): EventBatch {
  return parseWith(batchSchema, input, 'INVALID_REQUEST', 'event batch')
}

/** Parses the endpoint's answer to a batch. @throws `VitrineError('INVALID_RESPONSE')`. */
export function parseEventAck(input: unknown): EventAck {
  return parseWith(ackSchema, input, 'INVALID_RESPONSE', 'event acknowledgement')
}

/** Parses a request to erase a device. @throws `VitrineError('INVALID_REQUEST')`. */
export function parseEraseRequest(input: unknown): EraseRequest {
  return parseWith(eraseSchema, input, 'INVALID_REQUEST', 'erase request')
}

/** Parses a refusal's body. @throws `VitrineError('INVALID_RESPONSE')`. */
export function parseErrorBody(input: unknown): ErrorBody {
  return parseWith(errorSchema, input, 'INVALID_RESPONSE', 'error body')
}
