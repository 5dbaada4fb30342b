/** A database on IndexedDB that reopens a dropped connection and falls back to memory when it cannot go on. */
import { type UseStore, createStore, promisifyRequest } from 'idb-keyval'
import type { Database, Key, StorageStatus, Transaction } from './database.ts'
import { createMemoryDatabase } from './memory.ts'

const STORE = 'rows'
/** Safari has left `open` pending for good (https://bugs.webkit.org/show_bug.cgi?id=226547); a shop must not wait for it. */
const OPEN_TIMEOUT_MS = 5000
/** Failures that a second try does not mend. */
const FINAL: ReadonlySet<string | undefined> = new Set([
  'QuotaExceededError',
  'TimeoutError',
  'SecurityError',
])

/** What {@link openDatabase} takes from its surroundings. */
export interface OpenOptions {
  /** Missing where the browser has none. */
  indexedDB: IDBFactory | undefined
  /** Opens a raw object store lazily; idb-keyval's where missing. */
  open?: (database: string, store: string) => UseStore
  openTimeoutMs?: number
  /** Told once when rows go to memory from now on. */
  onFallback?: (cause: unknown) => void
}

/** Opens the database `name`; where IndexedDB does not work, the answer keeps its rows in memory and says why. */
export async function openDatabase(name: string, options: OpenOptions): Promise<Database> {
  if (!options.indexedDB) return createMemoryDatabase('no IndexedDB here')
  const database = new IndexedDatabase(name, options)
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
  await promisifyRequest(factory.deleteDatabase(name))
}

class IndexedDatabase implements Database {
  readonly #name: string
  readonly #open: (database: string, store: string) => UseStore
  readonly #openTimeoutMs: number
  readonly #onFallback: ((cause: unknown) => void) | undefined
  #store: UseStore
  #opened = false
  #memory: Database | undefined

  constructor(
    name: string,
    { open = createStore, openTimeoutMs = OPEN_TIMEOUT_MS, onFallback }: OpenOptions,
  ) {
    this.#name = name
    this.#open = open
    this.#openTimeoutMs = openTimeoutMs
    this.#onFallback = onFallback
    this.#store = open(name, STORE)
  }

  get status(): StorageStatus {
    return this.#memory?.status ?? { kind: 'indexeddb' }
  }

  async transact<T>(
    mode: 'readonly' | 'readwrite',
    work: (transaction: Transaction) => Promise<T>,
  ): Promise<T> {
    for (let attempt = 0; !this.#memory; attempt++) {
      try {
        return await this.#run(mode, work)
      } catch (error) {
        if (!isStorageError(error)) throw error
        // Safari drops connections in the background, and another tab may delete the database: reopen once.
        if (attempt > 0 || FINAL.has(error?.name)) this.#fallBack(error)
        else this.#store = this.#open(this.#name, STORE)
      }
    }
    return this.#memory.transact(mode, work)
  }

  #fallBack(cause: DOMException | null): void {
    if (this.#memory) return // Two transactions failed at once.
    this.#memory = createMemoryDatabase(cause ? `${cause.name}: ${cause.message}` : 'transaction aborted')
    this.#onFallback?.(cause)
  }

  async #run<T>(mode: 'readonly' | 'readwrite', work: (transaction: Transaction) => Promise<T>): Promise<T> {
    const store = this.#store
    const finished = store(mode, async (rows) => {
      this.#opened = true
      const { transaction } = rows
      transaction.db.onversionchange = () => {
        transaction.db.close()
        if (this.#store === store) this.#store = this.#open(this.#name, STORE)
      }
      const completed = promisifyRequest(transaction)
      try {
        const result = await work(wrap(rows))
        await completed
        return result
      } catch (error) {
        completed.catch(() => {
          // Its reason is `error`, or follows from it.
        })
        abort(transaction)
        throw error
      }
    })
    return this.#opened ? finished : withTimeout(finished, this.#openTimeoutMs)
  }
}

function wrap(rows: IDBObjectStore): Transaction {
  return {
    get: (key) => promisifyRequest(rows.get(key)),
    range: (from, to, limit) => promisifyRequest(rows.getAll(IDBKeyRange.bound(from, to), limit)),
    keys: async () => (await promisifyRequest(rows.getAllKeys())) as Key[],
    put: (key, value) => void rows.put(value, key),
    delete: (from, to = from) => void rows.delete(IDBKeyRange.bound(from, to)),
    clear: () => void rows.clear(),
  }
}

/** Takes back what `work` wrote before it failed. */
function abort(transaction: IDBTransaction): void {
  try {
    transaction.abort()
  } catch {
    // It had ended by itself, which is what was wanted.
  }
}

/** An aborted transaction may carry no error at all. */
function isStorageError(error: unknown): error is DOMException | null {
  return error === null || error instanceof DOMException
}

function withTimeout<T>(promise: Promise<T>, ms: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new DOMException(`IndexedDB did not open within ${ms} ms`, 'TimeoutError')),
      ms,
    )
    promise.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}
