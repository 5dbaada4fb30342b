/** The IndexedDB of one origin: it fills up, is evicted, drops connections, and outlives the tabs that die on it. */
import { IDBFactory, forceCloseDatabase } from 'fake-indexeddb'
import type { Gate } from './gate.ts'

/** What a tab does to the disk: moments at which a test kills it. */
export type DiskPoint = 'before put' | 'after put' | 'before delete' | 'after delete' | 'after commit'
/** Told of a point; `key` is the row's, or the first one's. */
export type DiskListener = (point: DiskPoint, database: string, key?: unknown) => void

/** The disk of one device. */
export class SimulatedDisk {
  readonly #factory = new IDBFactory()
  readonly #connections = new Map<IDBDatabase, Gate>()
  readonly #active = new Map<IDBTransaction, Gate>()
  /** Every write fails while it is set. */
  isFull = false

  /** Transactions under way in tabs that run. */
  get busy(): number {
    return [...this.#active.values()].filter((owner) => owner.isOpen).length
  }

  /** The `indexedDB` of one tab. */
  of(owner: Gate, onPoint: DiskListener): IDBFactory {
    const factory = this.#factory
    return {
      databases: async () => {
        await owner.pass()
        return factory.databases()
      },
      deleteDatabase: (name: string) => factory.deleteDatabase(name),
      open: (name: string, version?: number) => {
        const request = factory.open(name, version)
        request.addEventListener('success', (event) => {
          const database = request.result
          if (owner.isDead) {
            database.close()
            event.stopImmediatePropagation()
          } else this.#watch(database, owner, onPoint)
        })
        return request
      },
    } as unknown as IDBFactory
  }

  /** Names of the databases that exist. */
  async names(): Promise<string[]> {
    return (await this.#factory.databases()).map(({ name }) => String(name))
  }

  /** Every row of the database `name`, as a page opened later would find it. */
  async rows(name: string): Promise<Map<unknown, unknown>> {
    if (!(await this.names()).includes(name)) return new Map()
    const database = await done(this.#factory.open(name))
    const rows = database.transaction('rows').objectStore('rows')
    const [keys, values] = await Promise.all([
      done(rows.getAllKeys()),
      done(rows.getAll() as IDBRequest<unknown[]>),
    ])
    database.close()
    return new Map(keys.map((key, at) => [key, values[at]]))
  }

  /** The browser takes the storage of this origin away, under open pages too. */
  async evict(): Promise<void> {
    this.drop()
    for (const name of await this.names()) await done(this.#factory.deleteDatabase(name))
  }

  /** Closes every connection under the pages, as Safari does in the background. */
  drop(): void {
    for (const database of this.#connections.keys()) close(database)
    this.#connections.clear()
  }

  /** A tab died: what it had not committed is taken back, and its connections are gone. */
  release(owner: Gate): void {
    for (const [transaction, of] of this.#active) if (of === owner) abort(transaction)
    for (const [database, of] of this.#connections) {
      if (of !== owner) continue
      this.#connections.delete(database)
      database.close()
    }
  }

  /** Kills happen, and quota errors come, between what the tab's code does. */
  #watch(database: IDBDatabase, owner: Gate, onPoint: DiskListener): void {
    this.#connections.set(database, owner)
    const begin = database.transaction.bind(database)
    database.transaction = (store, mode, options) => {
      if (owner.isDead) throw new DOMException('the tab died', 'InvalidStateError')
      const transaction = begin(store, mode, options)
      this.#active.set(transaction, owner)
      const end = (): void => void this.#active.delete(transaction)
      transaction.addEventListener('abort', end)
      transaction.addEventListener('complete', () => {
        end()
        if (mode === 'readwrite') onPoint('after commit', database.name)
      })
      const rows = transaction.objectStore('rows')
      this.#watchRows(rows, owner, (point, key) => onPoint(point, database.name, key))
      transaction.objectStore = () => rows
      return transaction
    }
  }

  #watchRows(rows: IDBObjectStore, owner: Gate, onPoint: (point: DiskPoint, key: unknown) => void): void {
    const tell = (point: DiskPoint, key: unknown): void => {
      onPoint(point, key)
      // A dead tab runs no further line.
      if (owner.isDead) throw new DOMException('the tab died', 'AbortError')
    }
    const put = rows.put.bind(rows)
    rows.put = (value, key) => {
      tell('before put', key)
      if (this.isFull) throw new DOMException('the disk is full', 'QuotaExceededError')
      const request = put(value, key)
      tell('after put', key)
      return request
    }
    const remove = rows.delete.bind(rows)
    rows.delete = (range) => {
      const key: unknown = range instanceof Object && 'lower' in range ? range.lower : range
      tell('before delete', key)
      const request = remove(range)
      tell('after delete', key)
      return request
    }
  }
}

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result))
    request.addEventListener('error', () => reject(request.error!))
  })
}

function close(database: IDBDatabase): void {
  // Its type takes the class where it means an instance.
  ;(forceCloseDatabase as unknown as (database: IDBDatabase) => void)(database)
}

function abort(transaction: IDBTransaction): void {
  try {
    transaction.abort()
  } catch {
    // It had committed: what is on disk stays there.
  }
}
