/** A connection to IndexedDB: opened at the newest schema, older ones brought up to it, closed for a newer one. */
import type { Key, Migration, Transaction } from './database.ts'

const STORE = 'rows'

/** What {@link connect} is told. */
export interface ConnectOptions {
  /** Changes of the schema since the first released one, oldest first. */
  migrations: readonly Migration[]
  /** The connection is gone: dropped by the browser, or closed because another tab deletes or upgrades. */
  onClose: () => void
}

/**
 * Opens the database at schema `1 + migrations.length`.
 *
 * @throws `DOMException`: `VersionError` where a newer release has upgraded it, `AbortError` when a migration failed.
 */
export function connect(
  factory: IDBFactory,
  name: string,
  { migrations, onClose }: ConnectOptions,
): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = factory.open(name, 1 + migrations.length)
    request.addEventListener('upgradeneeded', ({ oldVersion }) => {
      if (oldVersion === 0) {
        request.result.createObjectStore(STORE)
        return
      }
      const { transaction } = request
      const rows = wrap(transaction!.objectStore(STORE))
      migrate(rows, migrations.slice(oldVersion - 1)).catch(() => abort(transaction!))
    })
    request.addEventListener('success', () => {
      const database = request.result
      database.addEventListener('versionchange', () => {
        database.close()
        onClose()
      })
      database.addEventListener('close', onClose)
      resolve(database)
    })
    request.addEventListener('error', () => reject(request.error!))
  })
}

async function migrate(rows: Transaction, migrations: readonly Migration[]): Promise<void> {
  for (const migration of migrations) await migration(rows)
}

/**
 * Runs `work` in one transaction and resolves after it completed; one that only reads has nothing to wait for.
 *
 * @throws what `work` threw, or the transaction's error; `TimeoutError`, and nothing is written, where it has not ended
 * by then: another one is in the way that never ends.
 */
export async function transactOn<T>(
  database: IDBDatabase,
  mode: IDBTransactionMode,
  work: (transaction: Transaction) => Promise<T>,
  timeoutMs: number,
): Promise<T> {
  const transaction = database.transaction(STORE, mode)
  const ended = new Promise<T>((resolve, reject) => {
    transaction.addEventListener('complete', () => resolve(result))
    transaction.addEventListener('abort', () => reject(transaction.error as Error))
    const result = work(wrap(transaction.objectStore(STORE)))
    result.then(mode === 'readonly' ? resolve : undefined, () => {
      abort(transaction)
      resolve(result) // As it failed.
    })
  })
  return withTimeout(ended, timeoutMs, () => abort(transaction))
}

/**
 * Settles like `promise`; where that takes longer than `ms` and `giveUp` answers yes, rejects.
 *
 * @throws `DOMException`: `TimeoutError`.
 */
export function withTimeout<T>(promise: Promise<T>, ms: number, giveUp: () => unknown): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      if (giveUp()) reject(new DOMException(`no answer within ${ms} ms`, 'TimeoutError'))
    }, ms)
    promise.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}

/** Resolves with the request's result. @throws `DOMException`. */
export function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result))
    request.addEventListener('error', () => reject(request.error!))
  })
}

function wrap(rows: IDBObjectStore): Transaction {
  return {
    get: (key) => settled<unknown>(rows.get(key)),
    range: (from, to, limit) => settled<unknown[]>(rows.getAll(IDBKeyRange.bound(from, to), limit)),
    keys: () => settled(rows.getAllKeys()) as Promise<Key[]>,
    put: (key, value) => void rows.put(value, key),
    delete: (from, to = from) => void rows.delete(IDBKeyRange.bound(from, to)),
    clear: () => void rows.clear(),
  }
}

/** Takes back what was written; false where it had ended by itself, or is about to. */
function abort(transaction: IDBTransaction): boolean {
  try {
    transaction.abort()
    return true
  } catch {
    return false
  }
}
