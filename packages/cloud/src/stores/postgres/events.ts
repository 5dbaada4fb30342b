/** Events, high-water marks and erased devices in PostgreSQL. */
import type { VitrineError } from '@vitrine/contracts'
import { deviceErased } from '../device-erased.ts'
import { type EventRow, FOREVER, START, eventOf } from '../event-rows.ts'
import type { AppendResult, NewEvents, ReadEvents, StoredEvent } from '../store.ts'
import { type Sql, lock } from './connection.ts'
import { nameOfDevice } from './devices.ts'

/** A batch on its way into the database. */
export interface Append {
  tenant: string
  batch: NewEvents
  /** What `rowsOf` made of its events. */
  rows: string
}

/**
 * Stores batches of different devices, inside the caller's transaction and in one round trip.
 *
 * @returns one result a batch; an error for a device that was erased
 */
export async function append(sql: Sql, appends: readonly Append[]): Promise<(AppendResult | VitrineError)[]> {
  const logs = JSON.stringify(
    appends.map(({ tenant, batch }, n) => {
      const { device, epoch, firstSeq, events, receivedAt } = batch
      return { n, tenant, device, epoch, last: firstSeq + events.length - 1, received_at: receivedAt }
    }),
  )
  const rows = `[${appends.map((one) => one.rows).join(',')}]`
  // No statement waits for another's answer. Each sees what the one that held the lock before has committed.
  const [, { rows: before }, { rows: stored }] = await Promise.all([
    lock(
      sql,
      appends.map(({ tenant, batch }) => nameOfDevice(tenant, batch.device)),
    ),
    sql<{ mark: number; erased: boolean }>`
      SELECT coalesce(mark.seq, 0) AS mark, erased.device IS NOT NULL AS erased
      FROM json_to_recordset(${logs}::json) AS log (n int, tenant text, device text, epoch text)
      LEFT JOIN vitrine.high_water_marks AS mark USING (tenant, device, epoch)
      LEFT JOIN vitrine.erased_devices AS erased USING (tenant, device)
      ORDER BY n`,
    sql<{ n: number; stored: number }>`
      WITH log AS (
        SELECT * FROM json_to_recordset(${logs}::json)
          AS log (n int, tenant text, device text, epoch text, received_at bigint)
        WHERE NOT EXISTS (
          SELECT FROM vitrine.erased_devices AS erased
          WHERE erased.tenant = log.tenant AND erased.device = log.device
        )
      ), stored AS (
        INSERT INTO vitrine.events
          (tenant, device, epoch, received_at, seq, type, item, query, at, placement, revision, value)
        SELECT tenant, device, epoch, received_at, (event ->> 0)::bigint, event ->> 1, event ->> 2, event ->> 3,
          (event ->> 4)::bigint, event ->> 5, event ->> 6, (event ->> 7)::double precision
        FROM log CROSS JOIN json_array_elements(${rows}::json -> log.n) AS event
        ON CONFLICT DO NOTHING
        RETURNING tenant, device, epoch
      )
      SELECT n, count(*) AS stored FROM stored JOIN log USING (tenant, device, epoch) GROUP BY n`,
    sql`
      INSERT INTO vitrine.high_water_marks AS mark (tenant, device, epoch, seq)
      SELECT tenant, device, epoch, last
      FROM json_to_recordset(${logs}::json) AS log (tenant text, device text, epoch text, last bigint)
      WHERE NOT EXISTS (
        SELECT FROM vitrine.erased_devices AS erased
        WHERE erased.tenant = log.tenant AND erased.device = log.device
      )
      ON CONFLICT (tenant, device, epoch) DO UPDATE SET seq = excluded.seq WHERE excluded.seq > mark.seq`,
  ])
  const counts = new Map(stored.map((row) => [row.n, row.stored]))
  return appends.map(({ batch }, n) => {
    const { mark, erased } = before[n]!
    if (erased) return deviceErased()
    const count = counts.get(n) ?? 0
    return {
      stored: count,
      duplicates: batch.events.length - count,
      skipped: Math.max(0, batch.firstSeq - mark - 1),
    }
  })
}

/** Semantics are those of the `Store` interface. */
export async function read(
  sql: Sql,
  tenant: string,
  { after = START, from = 0, to = FOREVER, limit }: ReadEvents,
): Promise<StoredEvent[]> {
  const { device, epoch, seq } = after
  const { rows } = await sql<EventRow>`
    SELECT device, epoch, seq, type, item, query, at, placement, revision, value, received_at FROM vitrine.events
    WHERE tenant = ${tenant} AND (device, epoch, seq) > (${device}, ${epoch}, ${seq})
      AND received_at >= ${from} AND received_at < ${to}
    ORDER BY device, epoch, seq LIMIT ${limit}`
  return rows.map(eventOf)
}

/** Semantics are those of the `Store` interface; inside the caller's transaction. */
export async function erase(sql: Sql, tenant: string, device: string, erasedAt: number): Promise<number> {
  const [, , { count }] = await Promise.all([
    lock(sql, [nameOfDevice(tenant, device)]),
    sql`
      INSERT INTO vitrine.erased_devices (tenant, device, erased_at) VALUES (${tenant}, ${device}, ${erasedAt})
      ON CONFLICT DO NOTHING`,
    sql`DELETE FROM vitrine.events WHERE tenant = ${tenant} AND device = ${device}`,
    sql`DELETE FROM vitrine.high_water_marks WHERE tenant = ${tenant} AND device = ${device}`,
    sql`DELETE FROM vitrine.device_keys WHERE tenant = ${tenant} AND device = ${device}`,
    sql`DELETE FROM vitrine.revision_devices WHERE tenant = ${tenant} AND device = ${device}`,
  ])
  return count
}
