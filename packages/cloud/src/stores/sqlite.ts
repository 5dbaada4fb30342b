/**
 * The store on SQLite (libsql): WAL and `synchronous=FULL`, so that a commit survives kill and power loss.
 *
 * Batches that arrive while the event loop is busy are committed together: one fsync for all of them. Each is
 * answered after that commit, so the promise of an acknowledgement is the same, and throughput grows with load.
 */
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import Database from 'libsql'
import { VitrineError, isVitrineError } from '@vitrine/contracts'
import { type DeviceTables, deviceTables } from './sqlite/devices.ts'
import { type EventTables, eventTables } from './sqlite/events.ts'
import { type KeyTables, keyTables } from './sqlite/keys.ts'
import { migrate } from './sqlite/migrations.ts'
import { type RevisionTables, revisionTables } from './sqlite/revisions.ts'
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

/** How long a writer waits for another process, e.g. `vitrine keys`. The event loop stands still meanwhile. */
const BUSY_TIMEOUT_MS = 2000

/** A change that shares its transaction with whatever else is waiting. */
interface WaitingChange {
  change: () => unknown
  resolve: (result: unknown) => void
  reject: (error: unknown) => void
}

/**
 * Opens the database, creating and migrating it where needed.
 *
 * @throws `VitrineError('STORAGE_FAILED')` when the file cannot be opened or is no database of this version.
 * @example
 * ```ts
 * const store = openSqliteStore('.vitrine/vitrine.db')
 * ```
 */
export function openSqliteStore(file: string): Store {
  try {
    mkdirSync(dirname(file), { recursive: true })
    const database = new Database(file, { timeout: BUSY_TIMEOUT_MS })
    database.exec(
      `PRAGMA journal_mode = WAL;
       PRAGMA synchronous = FULL;
       PRAGMA foreign_keys = ON;
       PRAGMA secure_delete = ON;
       PRAGMA trusted_schema = OFF;`,
    )
    migrate(database)
    return new SqliteStore(database)
  } catch (error) {
    if (isVitrineError(error)) throw error
    throw new VitrineError('STORAGE_FAILED', `cannot open the database ${file}: ${reason(error)}`, {
      cause: error,
    })
  }
}

class SqliteStore implements Store {
  readonly #database: Database.Database
  readonly #events: EventTables
  readonly #keys: KeyTables
  readonly #revisions: RevisionTables
  readonly #devices: DeviceTables
  #waiting: WaitingChange[] = []
  #closed = false

  constructor(database: Database.Database) {
    this.#database = database
    this.#events = eventTables(database)
    this.#keys = keyTables(database)
    this.#revisions = revisionTables(database)
    this.#devices = deviceTables(database)
  }

  appendEvents(tenant: string, batch: NewEvents): Promise<AppendResult> {
    return this.#inGroup(() => this.#events.append(tenant, batch))
  }

  useProof(id: string, times: { expiresAt: number; now: number }): Promise<boolean> {
    return this.#inGroup(() => this.#devices.useProof(id, times))
  }

  #inGroup<T>(change: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ change, resolve: resolve as (result: unknown) => void, reject })
      if (this.#waiting.length === 1) setImmediate(() => this.#commitWaiting())
    })
  }

  /** One transaction for all waiting changes. If one of them fails, one each: it fails alone. */
  #commitWaiting(): void {
    const group = this.#waiting
    if (group.length === 0) return
    this.#waiting = []
    try {
      this.#commit(group)
    } catch {
      // What failed is told to whom it concerns.
      for (const one of group) {
        try {
          this.#commit([one])
        } catch (error) {
          one.reject(error)
        }
      }
    }
  }

  #commit(group: readonly WaitingChange[]): void {
    const results = this.#transaction(() => group.map(({ change }) => change()))
    for (const [index, { resolve }] of group.entries()) resolve(results[index])
  }

  async readEvents(tenant: string, options: ReadEvents): Promise<StoredEvent[]> {
    return this.#guard(() => this.#events.read(tenant, options))
  }

  async eraseDevice(tenant: string, device: string, erasedAt: number): Promise<number> {
    return this.#transaction(() => this.#events.erase(tenant, device, erasedAt))
  }

  async addKey(key: KeyRecord): Promise<void> {
    this.#transaction(() => this.#keys.add(key))
  }

  async findKey(id: string): Promise<KeyRecord | undefined> {
    return this.#guard(() => this.#keys.find(id))
  }

  async listKeys(tenant?: string): Promise<KeyRecord[]> {
    return this.#guard(() => this.#keys.list(tenant))
  }

  async revokeKey(id: string, revokedAt: number): Promise<boolean> {
    return this.#transaction(() => this.#keys.revoke(id, revokedAt))
  }

  async hasOrigin(patterns: readonly string[]): Promise<boolean> {
    return this.#guard(() => this.#keys.hasOrigin(patterns))
  }

  async publishRevision(
    tenant: string,
    revision: StoredRevision,
    publishedAt: number,
    { share = 1 }: { share?: number } = {},
  ): Promise<{ created: boolean; rollout: Rollout }> {
    return this.#transaction(() => this.#revisions.publish(tenant, revision, { at: publishedAt, share }))
  }

  async findRevision(tenant: string, model: string, revision: string): Promise<StoredRevision | undefined> {
    return this.#guard(() => this.#revisions.find(tenant, model, revision))
  }

  async listRevisions(
    tenant: string,
    model: string,
    { limit }: { limit: number },
  ): Promise<PublishedRevision[]> {
    return this.#guard(() => this.#revisions.list(tenant, model, limit))
  }

  async findRollout(tenant: string, model: string): Promise<Rollout | undefined> {
    return this.#guard(() => this.#revisions.rollout(tenant, model))
  }

  async listRollouts(tenant: string): Promise<Rollout[]> {
    return this.#guard(() => this.#revisions.rollouts(tenant))
  }

  async setRollout(
    tenant: string,
    model: string,
    options: { revision: string; share: number; at: number },
  ): Promise<Rollout> {
    return this.#transaction(() => this.#revisions.setRollout(tenant, model, options))
  }

  async rollBack(
    tenant: string,
    model: string,
    options: { revision?: string | undefined; at: number },
  ): Promise<{ active: string; previous: string }> {
    return this.#transaction(() => this.#revisions.rollBack(tenant, model, options))
  }

  async recordOffer(
    tenant: string,
    offer: { model: string; revision: string; device: string; at: number },
  ): Promise<void> {
    return this.#inGroup(() => this.#revisions.offer(tenant, offer))
  }

  async reportFailure(
    tenant: string,
    report: FailureReport,
    rule: HaltRule,
  ): Promise<{ isNew: boolean; isHalted: boolean }> {
    return this.#transaction(() => this.#revisions.fail(tenant, report, rule))
  }

  async addDelta(delta: StoredDelta): Promise<{ created: boolean }> {
    return this.#transaction(() => this.#revisions.addDelta(delta))
  }

  async findDelta(from: string, to: string): Promise<StoredDelta | undefined> {
    return this.#guard(() => this.#revisions.findDelta(from, to))
  }

  async bindDevice(tenant: string, device: string, thumbprint: string, boundAt: number): Promise<string> {
    return this.#transaction(() => this.#devices.bind(tenant, device, thumbprint, boundAt))
  }

  async secret(name: string, fresh: string): Promise<string> {
    return this.#transaction(() => this.#devices.secret(name, fresh))
  }

  async check(): Promise<void> {
    this.#guard(() => this.#database.prepare('SELECT count(*) FROM rollouts').get())
  }

  /** Commits what waits, moves the write-ahead log into the database file, and closes it. */
  async close(): Promise<void> {
    if (this.#closed) return
    this.#commitWaiting()
    this.#closed = true
    this.#database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    this.#database.close()
  }

  #transaction<T>(work: () => T): T {
    return this.#guard(() => {
      this.#database.exec('BEGIN IMMEDIATE')
      try {
        const result = work()
        this.#database.exec('COMMIT')
        return result
      } catch (error) {
        // A full disk makes SQLite roll back by itself.
        if (this.#database.inTransaction) this.#database.exec('ROLLBACK')
        throw error
      }
    })
  }

  /** Turns what the database throws into a coded error that says: repeat later. */
  #guard<T>(work: () => T): T {
    if (this.#closed) throw new VitrineError('UNAVAILABLE', 'the store is closed')
    try {
      return work()
    } catch (error) {
      if (isVitrineError(error)) throw error
      throw new VitrineError('UNAVAILABLE', `the database refused: ${reason(error)}; repeat later`, {
        cause: error,
      })
    }
  }
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
