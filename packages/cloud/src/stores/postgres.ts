/**
 * The store on PostgreSQL, for several replicas of the endpoint at once.
 *
 * Batches that arrive while all writers are busy are committed together, one transaction for many. Each is answered
 * after that commit, so the promise of an acknowledgement is the same, and throughput grows with load.
 */
import { VitrineError, isVitrineError } from '@vitrine/contracts'
import { rowsOf } from './event-rows.ts'
import { type Pool, type Sql, type Work, guard, openPool, reason } from './postgres/connection.ts'
import { type Append, append, erase, read } from './postgres/events.ts'
import { addKey, findKey, hasOrigin, listKeys, revokeKey } from './postgres/keys.ts'
import { migrate } from './postgres/migrations.ts'
import { bindDevice, secret, useProof } from './postgres/devices.ts'
import {
  addDelta,
  findDelta,
  findRevision,
  findRollout,
  listRevisions,
  listRollouts,
  publish,
  recordOffer,
  reportFailure,
  rollBack,
  setRollout,
} from './postgres/revisions.ts'
import type {
  AppendResult,
  FailureReport,
  HaltRule,
  KeyRecord,
  NewEvents,
  PublishedRevision,
  ReadEvents,
  Rollout,
  Store,
  StoredDelta,
  StoredEvent,
  StoredRevision,
} from './store.ts'

const CONNECTIONS = 10
/** Connections that may write events at once; the others are for reading. */
const WRITERS = 4
/** Most batches in one transaction. */
const GROUP = 64

interface WaitingBatch extends Append {
  resolve: (result: AppendResult) => void
  reject: (error: unknown) => void
}

/**
 * Opens the database, creating and migrating its schema `vitrine` where needed.
 *
 * @param url - `postgres://user:password@host:5432/database`; what is missing comes from the usual PG* variables
 * @throws `VitrineError('STORAGE_FAILED')` when it cannot be reached or was written by a newer version.
 * @example
 * ```ts
 * const store = await openPostgresStore('postgres://vitrine@db.internal/vitrine')
 * ```
 */
export async function openPostgresStore(
  url: string,
  { connections = CONNECTIONS }: { connections?: number } = {},
): Promise<Store> {
  const pool = openPool(url, { connections })
  try {
    await migrate(pool)
    return new PostgresStore(pool)
  } catch (error) {
    await pool.close()
    if (isVitrineError(error)) throw error
    throw new VitrineError('STORAGE_FAILED', `cannot open the database: ${reason(error)}`, { cause: error })
  }
}

class PostgresStore implements Store {
  readonly #pool: Pool
  #waiting: WaitingBatch[] = []
  readonly #writing = new Set<Promise<void>>()
  #closed: Promise<void> | undefined

  constructor(pool: Pool) {
    this.#pool = pool
  }

  async appendEvents(tenant: string, batch: NewEvents): Promise<AppendResult> {
    if (this.#closed) throw closedError()
    const rows = rowsOf(batch.events)
    return new Promise((resolve, reject) => {
      this.#waiting.push({ tenant, batch, rows, resolve, reject })
      if (this.#waiting.length === 1) setImmediate(() => this.#write())
    })
  }

  /** Starts as many writers as there is work for. */
  #write(): void {
    while (this.#waiting.length > 0 && this.#writing.size < WRITERS) {
      const writer = this.#commit(this.#takeGroup()).finally(() => {
        this.#writing.delete(writer)
        this.#write()
      })
      this.#writing.add(writer)
    }
  }

  /** Batches of different devices, oldest first; two of one device go one after the other. */
  #takeGroup(): WaitingBatch[] {
    const devices = new Set<string>()
    const group: WaitingBatch[] = []
    this.#waiting = this.#waiting.filter((one) => {
      const device = `${one.tenant} ${one.batch.device}`
      if (group.length === GROUP || devices.has(device)) return true
      devices.add(device)
      group.push(one)
      return false
    })
    return group
  }

  async #commit(group: readonly WaitingBatch[]): Promise<void> {
    try {
      const results = await guard(() => this.#pool.transaction((sql) => append(sql, group)))
      for (const [index, { resolve, reject }] of group.entries()) {
        const result = results[index]!
        if (result instanceof VitrineError) reject(result)
        else resolve(result)
      }
    } catch (error) {
      for (const { reject } of group) reject(error)
    }
  }

  readEvents(tenant: string, options: ReadEvents): Promise<StoredEvent[]> {
    return this.#query((sql) => read(sql, tenant, options))
  }

  eraseDevice(tenant: string, device: string, erasedAt: number): Promise<number> {
    return this.#change((sql) => erase(sql, tenant, device, erasedAt))
  }

  addKey(key: KeyRecord): Promise<void> {
    return this.#change((sql) => addKey(sql, key))
  }

  findKey(id: string): Promise<KeyRecord | undefined> {
    return this.#query((sql) => findKey(sql, id))
  }

  listKeys(tenant?: string): Promise<KeyRecord[]> {
    return this.#query((sql) => listKeys(sql, tenant))
  }

  revokeKey(id: string, revokedAt: number): Promise<boolean> {
    return this.#change((sql) => revokeKey(sql, id, revokedAt))
  }

  hasOrigin(patterns: readonly string[]): Promise<boolean> {
    return this.#query((sql) => hasOrigin(sql, patterns))
  }

  publishRevision(
    tenant: string,
    revision: StoredRevision,
    publishedAt: number,
    { share = 1 }: { share?: number } = {},
  ): Promise<{ created: boolean; rollout: Rollout }> {
    return this.#change((sql) => publish(sql, tenant, revision, { at: publishedAt, share }))
  }

  findRevision(tenant: string, model: string, revision: string): Promise<StoredRevision | undefined> {
    return this.#query((sql) => findRevision(sql, tenant, model, revision))
  }

  listRevisions(tenant: string, model: string, { limit }: { limit: number }): Promise<PublishedRevision[]> {
    return this.#query((sql) => listRevisions(sql, tenant, model, limit))
  }

  findRollout(tenant: string, model: string): Promise<Rollout | undefined> {
    return this.#query((sql) => findRollout(sql, tenant, model))
  }

  listRollouts(tenant: string): Promise<Rollout[]> {
    return this.#query((sql) => listRollouts(sql, tenant))
  }

  setRollout(
    tenant: string,
    model: string,
    options: { revision: string; share: number; at: number },
  ): Promise<Rollout> {
    return this.#change((sql) => setRollout(sql, tenant, model, options))
  }

  rollBack(
    tenant: string,
    model: string,
    options: { revision?: string | undefined; at: number },
  ): Promise<{ active: string; previous: string }> {
    return this.#change((sql) => rollBack(sql, tenant, model, options))
  }

  recordOffer(
    tenant: string,
    offer: { model: string; revision: string; device: string; at: number },
  ): Promise<void> {
    return this.#change((sql) => recordOffer(sql, tenant, offer))
  }

  reportFailure(
    tenant: string,
    report: FailureReport,
    rule: HaltRule,
  ): Promise<{ isNew: boolean; isHalted: boolean }> {
    return this.#change((sql) => reportFailure(sql, tenant, report, rule))
  }

  addDelta(delta: StoredDelta): Promise<{ created: boolean }> {
    return this.#change((sql) => addDelta(sql, delta))
  }

  findDelta(from: string, to: string): Promise<StoredDelta | undefined> {
    return this.#query((sql) => findDelta(sql, from, to))
  }

  bindDevice(tenant: string, device: string, thumbprint: string, boundAt: number): Promise<string> {
    return this.#change((sql) => bindDevice(sql, tenant, device, thumbprint, boundAt))
  }

  useProof(id: string, times: { expiresAt: number; now: number }): Promise<boolean> {
    return this.#change((sql) => useProof(sql, id, times))
  }

  secret(name: string, fresh: string): Promise<string> {
    return this.#change((sql) => secret(sql, name, fresh))
  }

  async check(): Promise<void> {
    await this.#query((sql) => sql`SELECT FROM vitrine.rollouts LIMIT 1`)
  }

  /** Commits what waits, then ends the connections. */
  close(): Promise<void> {
    return (this.#closed ??= this.#finish())
  }

  async #finish(): Promise<void> {
    while (this.#waiting.length > 0 || this.#writing.size > 0) {
      this.#write()
      await Promise.all(this.#writing)
    }
    await this.#pool.close()
  }

  async #query<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    if (this.#closed) throw closedError()
    return guard(() => work(this.#pool.sql))
  }

  async #change<T>(work: Work<T>): Promise<T> {
    if (this.#closed) throw closedError()
    return guard(() => this.#pool.transaction(work))
  }
}

function closedError(): VitrineError {
  return new VitrineError('UNAVAILABLE', 'the store is closed')
}
