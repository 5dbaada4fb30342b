/** A database on IndexedDB that reopens a dropped connection and falls back to memory when it cannot go on. */
import { connect, settled, transactOn } from './connection.ts'
import type { Database, Migration, StorageStatus, Transaction } from './database.ts'
import { createMemoryDatabase } from './memory.ts'

/** Safari has left `open` pending for good (https://bugs.webkit.org/show_bug.cgi?id=226547); a shop must not wait for it. */
const OPEN_TIMEOUT_MS = 5000
/** Failures that a second try does not mend. `VersionError`: a newer release, in another tab, has upgraded the schema. */
const FINAL: ReadonlySet<string | undefined> = new Set([
  'QuotaExceededError',
  'TimeoutError',
  'SecurityError',
  'VersionError',
])

/** What {@link openDatabase} takes from its surroundings. */
export interface OpenOptions {
  /** Missing where the browser has none. */
  indexedDB: IDBFactory | undefined
  /** Changes of the schema since the first released one, oldest first; none where missing. */
  migrations?: readonly Migration[]
  openTimeoutMs?: number
  /** Told once when rows go to memory from now on. */
  onFallback?: (cause: unknown) => void
}

/** Opens the database `name`; where IndexedDB does not work, the answer keeps its rows in memory and says why. */
export async function openDatabase(name: string, options: OpenOptions): Promise<Database> {
  const { indexedDB } = options
  if (!indexedDB) return createMemoryDatabase('no IndexedDB here')
  const database = new IndexedDatabase(name, indexedDB, options)
  await database.transact('readonly', (transaction) => transaction.get('')) // Opens it, or finds out why not.
  return database
}

/** True where the database is on disk, without creating it. A browser that cannot tell answers true. */
export async function databaseExists(name: string, factory: IDBFactory | undefined): Promise<boolean> {
  if (!factory) return false
  if (!factory.databases) return true
  return (await factory.databases()).some((database) => database.name === name)
}

/** Deletes the database from disk; resolves when it is gone. Other tabs' connections close themselves. */
export async function deleteDatabase(name: string, factory: IDBFactory): Promise<void> {
  await settled(factory.deleteDatabase(name))
}

class IndexedDatabase implements Database {
  readonly #name: string
  readonly #factory: IDBFactory
  readonly #migrations: readonly Migration[]
  readonly #openTimeoutMs: number
  readonly #onFallback: ((cause: unknown) => void) | undefined
  #connection: Promise<IDBDatabase> | undefined
  #memory: Database | undefined

  constructor(
    name: string,
    factory: IDBFactory,
    { migrations = [], openTimeoutMs = OPEN_TIMEOUT_MS, onFallback }: OpenOptions,
  ) {
    this.#name = name
    this.#factory = factory
    this.#migrations = migrations
    this.#openTimeoutMs = openTimeoutMs
    this.#onFallback = onFallback
  }

  get status(): StorageStatus {
    return this.#memory?.status ?? { kind: 'indexeddb' }
  }

  async transact<T>(
    mode: 'readonly' | 'readwrite',
    work: (transaction: Transaction) => Promise<T>,
  ): Promise<T> {
    for (let attempt = 0; !this.#memory; attempt++) {
      const connection = (this.#connection ??= this.#open())
      try {
        return await transactOn(await connection, mode, work)
      } catch (error) {
        if (!isStorageError(error)) throw error
        if (this.#connection === connection) this.#connection = undefined
        // Safari drops connections in the background, and another tab may delete the database: reopen once.
        if (attempt > 0 || FINAL.has(error?.name)) this.#fallBack(error)
      }
    }
    return this.#memory.transact(mode, work)
  }

  #open(): Promise<IDBDatabase> {
    const connection = connect(this.#factory, this.#name, {
      migrations: this.#migrations,
      onClose: () => {
        this.#connection = undefined
      },
    })
    return withTimeout(connection, this.#openTimeoutMs)
  }

  #fallBack(cause: DOMException | null): void {
    if (this.#memory) return // Two transactions failed at once.
    this.#memory = createMemoryDatabase(cause ? `${cause.name}: ${cause.message}` : 'transaction aborted')
    this.#onFallback?.(cause)
  }
}

/** An aborted transaction may carry no error at all. */
function isStorageError(error: unknown): error is DOMException | null {
  return error === null || error instanceof DOMException
}

/** Rejects where the connection takes too long; one that comes later is closed, so that it is in nobody's way. */
function withTimeout(connection: Promise<IDBDatabase>, ms: number): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    let late = false
    const timer = setTimeout(() => {
      late = true
      reject(new DOMException(`IndexedDB did not open within ${ms} ms`, 'TimeoutError'))
    }, ms)
    connection
      .then((database) => (late ? database.close() : resolve(database)), reject)
      .finally(() => clearTimeout(timer))
  })
}
