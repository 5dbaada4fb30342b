/** A database that ends with the page: for denied consent, private windows and full disks. */
import type { Database, Key, StorageStatus, Transaction } from './database.ts'

/** Returns an empty database in memory; `why` tells the reader of the diagnostics why it is not on disk. */
export function createMemoryDatabase(why: string): Database {
  return new MemoryDatabase(why)
}

class MemoryDatabase implements Database {
  readonly status: StorageStatus
  readonly #rows = new Map<Key, unknown>()
  #last: Promise<unknown> = Promise.resolve()

  constructor(why: string) {
    this.status = { kind: 'memory', why }
  }

  transact<T>(_mode: 'readonly' | 'readwrite', work: (transaction: Transaction) => Promise<T>): Promise<T> {
    const run = async (): Promise<T> => {
      const writes: (() => void)[] = []
      const result = await work(this.#transaction(writes))
      for (const write of writes) write()
      return result
    }
    // One after the other, also after one that failed: that one's caller has its error.
    const result = this.#last.then(run, run)
    this.#last = result
    return result
  }

  #transaction(writes: (() => void)[]): Transaction {
    const rows = this.#rows
    const within = (from: Key, to: Key): Key[] =>
      [...rows.keys()].filter((key) => compare(from, key) <= 0 && compare(key, to) <= 0).toSorted(compare)
    return {
      get: async (key) => rows.get(key),
      range: async (from, to, limit) =>
        within(from, to)
          .slice(0, limit)
          .map((key) => rows.get(key)),
      keys: async () => [...rows.keys()].toSorted(compare),
      put: (key, value) => void writes.push(() => rows.set(key, value)),
      delete: (from, to = from) =>
        void writes.push(() => {
          for (const key of within(from, to)) rows.delete(key)
        }),
      clear: () => void writes.push(() => rows.clear()),
    }
  }
}

function compare(a: Key, b: Key): number {
  if (typeof a !== typeof b) return typeof a === 'number' ? -1 : 1
  return a < b ? -1 : a > b ? 1 : 0
}
