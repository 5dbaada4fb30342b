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
 * @throws what `work` threw, or the transaction's error.
 */
export async function transactOn<T>(
  database: IDBDatabase,
  mode: IDBTransactionMode,
  work: (transaction: Transaction) => Promise<T>,
): Promise<T> {
  const transaction = database.transaction(STORE, mode)
  const completed = new Promise<void>((resolve, reject) => {
    transaction.addEventListener('complete', () => resolve())
    transaction.addEventListener('abort', () => reject(transaction.error as Error))
  })
  completed.catch(() => {
    // Whoever waits for it has its reason; else it follows from what `work` threw.
  })
  try {
    const result = await work(wrap(transaction.objectStore(STORE)))
    if (mode === 'readwrite') await completed
    return result
  } catch (error) {
    abort(transaction)
    throw error
  }
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
    keys: async () => (await settled(rows.getAllKeys())) as Key[],
    put: (key, value) => void rows.put(value, key),
    delete: (from, to = from) => void rows.delete(IDBKeyRange.bound(from, to)),
    clear: () => void rows.clear(),
  }
}

/** Takes back what was written. */
function abort(transaction: IDBTransaction): void {
  try {
    transaction.abort()
  } catch {
    // It had ended by itself, which is what was wanted.
  }
}
