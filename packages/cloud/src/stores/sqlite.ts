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
import { migrate } from './migrations.ts'
import { type Statements, prepareStatements } from './statements.ts'
import type {
  AppendResult,
  EventCursor,
  KeyRecord,
  NewEvents,
  Store,
  StoredEvent,
  StoredRevision,
} from './store.ts'

/** How long a writer waits for another process, e.g. `vitrine keys`. The event loop stands still meanwhile. */
const BUSY_TIMEOUT_MS = 2000

interface WaitingBatch {
  tenant: string
  batch: NewEvents
  resolve: (result: AppendResult) => void
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
  mkdirSync(dirname(file), { recursive: true })
  try {
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
  readonly #sql: Statements
  #waiting: WaitingBatch[] = []
  #closed = false

  constructor(database: Database.Database) {
    this.#database = database
    this.#sql = prepareStatements(database)
  }

  appendEvents(tenant: string, batch: NewEvents): Promise<AppendResult> {
    return new Promise((resolve, reject) => {
      if (this.#waiting.push({ tenant, batch, resolve, reject }) === 1)
        setImmediate(() => this.#commitWaiting())
    })
  }

  /** One transaction for all waiting batches; if it fails, one each, so that a bad batch fails alone. */
  #commitWaiting(): void {
    const group = this.#waiting
    this.#waiting = []
    try {
      this.#commit(group)
    } catch (error) {
      if (group.length === 1) return group[0]!.reject(error)
      for (const one of group) {
        try {
          this.#commit([one])
        } catch (error) {
          one.reject(error)
        }
      }
    }
  }

  #commit(group: readonly WaitingBatch[]): void {
    const settle: (() => void)[] = []
    this.#transaction(() => {
      for (const { tenant, batch, resolve, reject } of group) {
        if (this.#sql.isErased(tenant, batch.device)) {
          const error = new VitrineError(
            'DEVICE_ERASED',
            'this device was erased; drop the batch, and start with a new device id once there is consent again',
          )
          settle.push(() => reject(error))
        } else {
          const result = this.#append(tenant, batch)
          settle.push(() => resolve(result))
        }
      }
    })
    for (const one of settle) one()
  }

  #append(tenant: string, { device, epoch, firstSeq, events, receivedAt }: NewEvents): AppendResult {
    const mark = this.#sql.markOf(tenant, device, epoch)
    const stored = this.#sql.insertEvents(tenant, device, epoch, receivedAt, events)
    const last = firstSeq + events.length - 1
    if (last > mark) this.#sql.setMark(tenant, device, epoch, last)
    return { stored, duplicates: events.length - stored, skipped: Math.max(0, firstSeq - mark - 1) }
  }

  async readEvents(
    tenant: string,
    options: { after?: EventCursor | undefined; limit: number },
  ): Promise<StoredEvent[]> {
    return this.#guard(() => this.#sql.readEvents(tenant, options.after, options.limit))
  }

  async eraseDevice(tenant: string, device: string, erasedAt: number): Promise<number> {
    return this.#transaction(() => this.#sql.eraseDevice(tenant, device, erasedAt))
  }

  async addKey(key: KeyRecord): Promise<void> {
    this.#transaction(() => this.#sql.insertKey(key))
  }

  async findKey(id: string): Promise<KeyRecord | undefined> {
    return this.#guard(() => this.#sql.findKey(id))
  }

  async listKeys(tenant?: string): Promise<KeyRecord[]> {
    return this.#guard(() => this.#sql.listKeys(tenant))
  }

  async revokeKey(id: string, revokedAt: number): Promise<boolean> {
    return this.#transaction(() => this.#sql.revokeKey(id, revokedAt))
  }

  async hasOrigin(patterns: readonly string[]): Promise<boolean> {
    return this.#guard(() => patterns.some((pattern) => this.#sql.hasOrigin(pattern)))
  }

  async publishRevision(
    tenant: string,
    revision: StoredRevision,
    publishedAt: number,
  ): Promise<{ created: boolean; active: string }> {
    return this.#transaction(() => {
      const { model, revision: name } = revision
      const known = this.#sql.findRevision(tenant, model, name)
      if (!known) {
        this.#sql.insertRevision(tenant, revision, publishedAt)
        this.#sql.activate(tenant, model, name, publishedAt)
        return { created: true, active: name }
      }
      if (known.manifest !== revision.manifest) {
        throw new VitrineError(
          'CONFLICT',
          `revision ${name} of ${model} was published with another manifest; revisions never change: train or name a new one`,
        )
      }
      return { created: false, active: this.#sql.activeRevision(tenant, model)?.revision ?? name }
    })
  }

  async activeRevision(tenant: string, model: string): Promise<StoredRevision | undefined> {
    return this.#guard(() => this.#sql.activeRevision(tenant, model))
  }

  async activeRevisions(tenant: string): Promise<Record<string, string>> {
    return this.#guard(() => this.#sql.activeRevisions(tenant))
  }

  async rollBack(
    tenant: string,
    model: string,
    options: { revision?: string | undefined; at: number },
  ): Promise<{ active: string; previous: string }> {
    return this.#transaction(() => {
      const current = this.#sql.activeRevision(tenant, model)?.revision
      if (current === undefined)
        throw new VitrineError('MODEL_NOT_FOUND', `no revision of ${model} is published`)
      const active = options.revision ?? this.#sql.revisionBefore(tenant, model, current)
      if (active === undefined) {
        throw new VitrineError(
          'CONFLICT',
          `${current} is the first revision of ${model}: there is nothing to roll back to`,
        )
      }
      if (!this.#sql.findRevision(tenant, model, active)) {
        throw new VitrineError('MODEL_NOT_FOUND', `${model} has no revision ${active}; name a published one`)
      }
      this.#sql.activate(tenant, model, active, options.at)
      return { active, previous: current }
    })
  }

  async check(): Promise<void> {
    this.#guard(() => this.#sql.check())
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
