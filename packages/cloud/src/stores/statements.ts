/** Every SQL statement of the SQLite store, prepared once, as functions over plain values. */
import type Database from 'libsql'
import { type BehaviorEvent, VitrineError } from '@vitrine/contracts'
import type { EventCursor, KeyKind, KeyRecord, StoredEvent, StoredRevision } from './store.ts'

/** The statements as functions; each runs inside whatever transaction its caller opened. */
export interface Statements {
  isErased(tenant: string, device: string): boolean
  /** 0 for a log never seen. */
  markOf(tenant: string, device: string, epoch: string): number
  setMark(tenant: string, device: string, epoch: string, seq: number): void
  /** Returns how many were not there yet. */
  insertEvents(
    tenant: string,
    device: string,
    epoch: string,
    receivedAt: number,
    events: readonly BehaviorEvent[],
  ): number
  readEvents(tenant: string, after: EventCursor | undefined, limit: number): StoredEvent[]
  eraseDevice(tenant: string, device: string, erasedAt: number): number
  insertKey(key: KeyRecord): void
  findKey(id: string): KeyRecord | undefined
  listKeys(tenant: string | undefined): KeyRecord[]
  revokeKey(id: string, revokedAt: number): boolean
  hasOrigin(pattern: string): boolean
  insertRevision(tenant: string, revision: StoredRevision, publishedAt: number): void
  findRevision(tenant: string, model: string, revision: string): StoredRevision | undefined
  activate(tenant: string, model: string, revision: string, at: number): void
  activeRevision(tenant: string, model: string): StoredRevision | undefined
  activeRevisions(tenant: string): Record<string, string>
  revisionBefore(tenant: string, model: string, revision: string): string | undefined
  check(): void
}

interface EventRow {
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

interface KeyRow {
  id: string
  hash: string
  kind: KeyKind
  tenant: string
  origins: string
  created_at: number
  revoked_at: number | null
}

const KEY_COLUMNS = `id, hash, kind, tenant, created_at, revoked_at,
  (SELECT json_group_array(origin) FROM key_origins WHERE key_id = id) AS origins`

/** Prepares all statements of the newest schema. */
export function prepareStatements(database: Database.Database): Statements {
  const sql = (text: string) => database.prepare(text)

  const isErased = sql('SELECT 1 FROM erased_devices WHERE tenant = ? AND device = ?')
  const markOf = sql('SELECT seq FROM high_water_marks WHERE tenant = ? AND device = ? AND epoch = ?')
  const setMark = sql(
    `INSERT INTO high_water_marks (tenant, device, epoch, seq) VALUES (?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET seq = excluded.seq`,
  )
  // One call into native code a batch, whatever its length: twice as fast as a call an event.
  const insertEvents = sql(
    `INSERT INTO events (tenant, device, epoch, received_at, seq, type, item, query, at, placement, revision, value)
     SELECT ?, ?, ?, ?, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6,
       value ->> 7
     FROM json_each(?) WHERE true ON CONFLICT DO NOTHING`,
  )
  const readEvents = sql(
    `SELECT device, epoch, seq, type, item, query, at, placement, revision, value, received_at FROM events
     WHERE tenant = ? AND (device, epoch, seq) > (?, ?, ?) ORDER BY device, epoch, seq LIMIT ?`,
  )
  const deleteEvents = sql('DELETE FROM events WHERE tenant = ? AND device = ?')
  const deleteMarks = sql('DELETE FROM high_water_marks WHERE tenant = ? AND device = ?')
  const insertErased = sql(
    'INSERT INTO erased_devices (tenant, device, erased_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
  )

  const insertKey = sql(
    'INSERT INTO keys (id, hash, kind, tenant, created_at, revoked_at) VALUES (?, ?, ?, ?, ?, ?)',
  )
  const insertOrigin = sql('INSERT INTO key_origins (origin, key_id) VALUES (?, ?)')
  const findKey = sql(`SELECT ${KEY_COLUMNS} FROM keys WHERE id = ?`)
  const listKeys = sql(
    `SELECT ${KEY_COLUMNS} FROM keys WHERE ?1 IS NULL OR tenant = ?1 ORDER BY created_at, id`,
  )
  const revokeKey = sql('UPDATE keys SET revoked_at = coalesce(revoked_at, ?) WHERE id = ?')
  const hasOrigin = sql(
    `SELECT 1 FROM key_origins JOIN keys ON id = key_id
     WHERE origin = ? AND kind = 'publishable' AND revoked_at IS NULL LIMIT 1`,
  )

  const insertRevision = sql(
    `INSERT INTO revisions (tenant, model, revision, manifest, etag, published_at, ordinal)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6,
       (SELECT coalesce(max(ordinal), 0) + 1 FROM revisions WHERE tenant = ?1 AND model = ?2))`,
  )
  const revisionColumns = 'model, revision, manifest, etag'
  const findRevision = sql(
    `SELECT ${revisionColumns} FROM revisions WHERE tenant = ? AND model = ? AND revision = ?`,
  )
  const activate = sql(
    `INSERT INTO active_revisions (tenant, model, revision, activated_at) VALUES (?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET revision = excluded.revision, activated_at = excluded.activated_at`,
  )
  const activeRevision = sql(
    `SELECT ${revisionColumns} FROM active_revisions JOIN revisions USING (tenant, model, revision)
     WHERE tenant = ? AND model = ?`,
  )
  const activeRevisions = sql('SELECT model, revision FROM active_revisions WHERE tenant = ?')
  const revisionBefore = sql(
    `SELECT revision FROM revisions WHERE tenant = ?1 AND model = ?2 AND ordinal <
       (SELECT ordinal FROM revisions WHERE tenant = ?1 AND model = ?2 AND revision = ?3)
     ORDER BY ordinal DESC LIMIT 1`,
  )
  const check = sql('SELECT count(*) FROM active_revisions')

  return {
    isErased: (tenant, device) => isErased.get(tenant, device) !== undefined,
    markOf: (tenant, device, epoch) =>
      (markOf.get(tenant, device, epoch) as { seq: number } | undefined)?.seq ?? 0,
    setMark: (tenant, device, epoch, seq) => void setMark.run(tenant, device, epoch, seq),
    insertEvents: (tenant, device, epoch, receivedAt, events) =>
      insertEvents.run(tenant, device, epoch, receivedAt, rowsOf(events)).changes,
    readEvents: (tenant, after, limit) =>
      (
        readEvents.all(tenant, after?.device ?? '', after?.epoch ?? '', after?.seq ?? 0, limit) as EventRow[]
      ).map(eventOf),
    eraseDevice: (tenant, device, erasedAt) => {
      insertErased.run(tenant, device, erasedAt)
      deleteMarks.run(tenant, device)
      return deleteEvents.run(tenant, device).changes
    },
    insertKey: (key) => {
      insertKey.run(key.id, key.hash, key.kind, key.tenant, key.createdAt, key.revokedAt ?? null)
      for (const origin of key.origins) insertOrigin.run(origin, key.id)
    },
    findKey: (id) => keyOf(findKey.get(id) as KeyRow | undefined),
    listKeys: (tenant) => (listKeys.all(tenant ?? null) as KeyRow[]).map((row) => keyOf(row)!),
    revokeKey: (id, revokedAt) => revokeKey.run(revokedAt, id).changes > 0,
    hasOrigin: (pattern) => hasOrigin.get(pattern) !== undefined,
    insertRevision: (tenant, { model, revision, manifest, etag }, publishedAt) =>
      void insertRevision.run(tenant, model, revision, manifest, etag, publishedAt),
    findRevision: (tenant, model, revision) => revisionOf(findRevision.get(tenant, model, revision)),
    activate: (tenant, model, revision, at) => void activate.run(tenant, model, revision, at),
    activeRevision: (tenant, model) => revisionOf(activeRevision.get(tenant, model)),
    activeRevisions: (tenant) =>
      Object.fromEntries(
        (activeRevisions.all(tenant) as StoredRevision[]).map(({ model, revision }) => [model, revision]),
      ),
    revisionBefore: (tenant, model, revision) =>
      (revisionBefore.get(tenant, model, revision) as { revision: string } | undefined)?.revision,
    check: () => void check.get(),
  }
}

/**
 * A JSON escape of half a surrogate pair, which `JSON.stringify` writes only for text that is not well-formed;
 * pairs of backslashes before it are text.
 */
const LONE_SURROGATE = /(?<!\\)(?:\\\\)*\\ud[89a-f]/u

/** Events as a JSON array of arrays, in the order of the insert's columns. */
function rowsOf(events: readonly BehaviorEvent[]): string {
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
  // SQLite would decode it to invalid UTF-8, and libsql ends the whole process when it reads that back.
  if (LONE_SURROGATE.test(rows)) {
    throw new VitrineError(
      'INVALID_EVENT',
      'an event has text with half a surrogate pair: refuse it when parsing',
    )
  }
  return rows
}

function eventOf(row: EventRow): StoredEvent {
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

function keyOf(row: KeyRow | undefined): KeyRecord | undefined {
  return (
    row && {
      id: row.id,
      hash: row.hash,
      kind: row.kind,
      tenant: row.tenant,
      origins: JSON.parse(row.origins) as string[],
      createdAt: row.created_at,
      ...(row.revoked_at !== null && { revokedAt: row.revoked_at }),
    }
  )
}

/** Copies the columns: libsql hangs its own `_metadata` on every row. */
function revisionOf(row: unknown): StoredRevision | undefined {
  if (row === undefined) return undefined
  const { model, revision, manifest, etag } = row as StoredRevision
  return { model, revision, manifest, etag }
}
