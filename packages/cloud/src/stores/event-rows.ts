/** Events as the databases take them and give them back: one JSON text in, one row each out. */
import { type BehaviorEvent, VitrineError } from '@vitrine/contracts'
import type { EventCursor, StoredEvent } from './store.ts'

/** A row of a table of events, as either database returns it. */
export interface EventRow {
  device: string
  epoch: string
  seq: number
  type: BehaviorEvent['type']
  item: string | null
  query: string | null
  at: number
  placement: string | null
  revision: string | null
  value: number | null
  received_at: number
}

/** Before every event. */
export const START: EventCursor = { device: '', epoch: '', seq: 0 }
/** After every time, in Unix ms. */
export const FOREVER: number = Number.MAX_SAFE_INTEGER

/**
 * JSON escapes that no database reads back as they were: NUL, and half a surrogate pair, which `JSON.stringify`
 * escapes only in text that is not well-formed. Pairs of backslashes before them are text.
 */
const UNREADABLE = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/u

/**
 * Events as a JSON array of arrays: seq, type, item, query, at, placement, revision, value.
 *
 * @throws `VitrineError('INVALID_EVENT')` for text that could not be read back: PostgreSQL refuses it; SQLite would
 * decode it to invalid UTF-8, and libsql ends the whole process when it reads that.
 */
export function rowsOf(events: readonly BehaviorEvent[]): string {
  const rows = JSON.stringify(
    events.map(({ seq, type, item, query, at, placement, revision, value }) => [
      seq,
      type,
      item,
      query,
      at,
      placement,
      revision,
      value,
    ]),
  )
  if (UNREADABLE.test(rows)) {
    throw new VitrineError(
      'INVALID_EVENT',
      'an event has text with NUL or half a surrogate pair: refuse it when parsing',
    )
  }
  return rows
}

/** A row without what it does not have. */
export function eventOf(row: EventRow): StoredEvent {
  const { device, epoch, seq, type, at, received_at: receivedAt } = row
  return {
    device,
    epoch,
    seq,
    type,
    at,
    receivedAt,
    ...(row.item !== null && { item: row.item }),
    ...(row.query !== null && { query: row.query }),
    ...(row.placement !== null && { placement: row.placement }),
    ...(row.revision !== null && { revision: row.revision }),
    ...(row.value !== null && { value: row.value }),
  }
}
