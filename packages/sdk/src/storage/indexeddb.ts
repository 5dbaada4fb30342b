/** A database on IndexedDB that reopens a dropped connection and falls back to memory when it cannot go on. */
import { connect, settled, transactOn, withTimeout } from './connection.ts'
import type { Database, Migration, StorageStatus, Transaction } from './database.ts'
import { createMemoryDatabase } from './memory.ts'

/**
 * Longest wait for a connection, a transaction, a deletion: a shop must not wait for ever. Safari has left `open` pending
 * (https://bugs.webkit.org/show_bug.cgi?id=226547); WebKitGTK 2.50 now and then keeps the transaction of a worker that
 * ended with its page, and all others wait behind it.
 */
const TIMEOUT_MS = 8000
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
  /** Longest wait for a connection, and for a transaction. */
  timeoutMs?: number
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
  if (!factory?.databases) return Boolean(factory)
  return (await factory.databases()).some((database) => database.name === name)
}

/**
 * Deletes the database from disk; resolves when it is gone. Other tabs' connections close themselves.
 *
 * @throws `DOMException`: `TimeoutError` where one of them does not; then it is deleted when that one has gone.
 */
export async function deleteDatabase(name: string, factory: IDBFactory): Promise<void> {
  await withTimeout(settled(factory.deleteDatabase(name)), TIMEOUT_MS, () => true)
}

class IndexedDatabase implements Database {
  readonly #name: string
  readonly #factory: IDBFactory
  readonly #migrations: readonly Migration[]
  readonly #timeoutMs: number
  readonly #onFallback: ((cause: unknown) => void) | undefined
  #connection: Promise<IDBDatabase> | undefined
  #memory: Database | undefined

  constructor(
    name: string,
    factory: IDBFactory,
    { migrations = [], timeoutMs = TIMEOUT_MS, onFallback }: OpenOptions,
  ) {
    this.#name = name
    this.#factory = factory
    this.#migrations = migrations
    this.#timeoutMs = timeoutMs
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
        return await transactOn(await connection, mode, work, this.#timeoutMs)
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
    // One that comes late is closed, so that it is in nobody's way.
    const close = (): Promise<void> =>
      connection.then(
        (database) => database.close(),
        () => undefined,
      )
    return withTimeout(connection, this.#timeoutMs, close)
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
