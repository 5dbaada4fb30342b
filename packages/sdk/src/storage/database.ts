/** What log and model store need of a key-value database: ordered keys and transactions that hold or do not. */

/** Numbers sort before strings, as in IndexedDB. */
export type Key = number | string

/** Reads see the state before the transaction; writes take effect together when it completes. */
export interface Transaction {
  get(key: Key): Promise<unknown>
  /** Values of the keys from `from` to `to`, both included, in key order. */
  range(from: Key, to: Key, limit?: number): Promise<unknown[]>
  keys(): Promise<Key[]>
  put(key: Key, value: unknown): void
  /** Deletes the keys from `from` to `to`, both included. */
  delete(from: Key, to?: Key): void
  clear(): void
}

/**
 * Brings the rows of one released schema to the next; it awaits only the transaction's promises. When it fails, the
 * old schema stays as it was.
 */
export type Migration = (rows: Transaction) => Promise<void>

/** Where rows are kept, and why not in IndexedDB. */
export interface StorageStatus {
  kind: 'indexeddb' | 'memory'
  /** Why rows are kept in memory only; absent while IndexedDB serves. */
  why?: string
}

/** One key-value database. */
export interface Database {
  readonly status: StorageStatus
  /**
   * Runs `work` in one transaction and resolves after it completed. `work` may run again when the database
   * had to be reopened, so it changes nothing but the transaction; it awaits only the transaction's promises.
   */
  transact<T>(mode: 'readonly' | 'readwrite', work: (transaction: Transaction) => Promise<T>): Promise<T>
}
