/** One suite for both databases, and what IndexedDB does when it cannot go on. */
import { createStore } from 'idb-keyval'
import { describe, expect, test } from 'vitest'
import { freshName } from '../../test/platform.ts'
import type { Database } from './database.ts'
import { databaseExists, deleteDatabase, openDatabase } from './indexeddb.ts'
import { createMemoryDatabase } from './memory.ts'

const open: Record<string, () => Promise<Database>> = {
  indexeddb: () => openDatabase(freshName(), { indexedDB }),
  memory: async () => createMemoryDatabase('test'),
}

describe.each(Object.keys(open))('a database in %s', (kind) => {
  test('keeps rows in key order, numbers before strings', async () => {
    const database = await open[kind]!()
    await database.transact('readwrite', async (rows) => {
      for (const key of ['b', 10, 'a', 2, 1]) rows.put(key, `row ${key}`)
    })
    await database.transact('readonly', async (rows) => {
      expect(await rows.keys()).toEqual([1, 2, 10, 'a', 'b'])
      expect(await rows.range(2, 10)).toEqual(['row 2', 'row 10'])
      expect(await rows.range(1, 10, 2)).toEqual(['row 1', 'row 2'])
      expect(await rows.get('a')).toBe('row a')
      expect(await rows.get('c')).toBeUndefined()
    })
  })

  test('deletes a range, one row, and everything', async () => {
    const database = await open[kind]!()
    const keys = () => database.transact('readonly', (rows) => rows.keys())
    await database.transact('readwrite', async (rows) => {
      for (const key of [1, 2, 3, 4, 'a']) rows.put(key, key)
    })
    await database.transact('readwrite', async (rows) => rows.delete(2, 3))
    expect(await keys()).toEqual([1, 4, 'a'])
    await database.transact('readwrite', async (rows) => rows.delete('a'))
    expect(await keys()).toEqual([1, 4])
    await database.transact('readwrite', async (rows) => rows.clear())
    expect(await keys()).toEqual([])
  })

  // Seen to fail with `abort(transaction)` taken out of indexeddb.ts.
  test('takes back everything when the work fails midway', async () => {
    const database = await open[kind]!()
    await database.transact('readwrite', async (rows) => rows.put('kept', 1))
    const failing = database.transact('readwrite', async (rows) => {
      rows.put('kept', 2)
      rows.put('new', 1)
      await rows.get('kept')
      throw new Error('midway')
    })
    await expect(failing).rejects.toThrow('midway')
    await database.transact('readonly', async (rows) => {
      expect(await rows.get('kept')).toBe(1)
      expect(await rows.keys()).toEqual(['kept'])
    })
  })

  test('runs writers one after the other', async () => {
    const database = await open[kind]!()
    const increment = () =>
      database.transact('readwrite', async (rows) => {
        rows.put('count', (((await rows.get('count')) as number | undefined) ?? 0) + 1)
      })
    await Promise.all(Array.from({ length: 50 }, increment))
    expect(await database.transact('readonly', (rows) => rows.get('count'))).toBe(50)
  })
})

test('another tab may delete the database; the next transaction opens it anew', async () => {
  const name = freshName()
  const database = await openDatabase(name, { indexedDB })
  await database.transact('readwrite', async (rows) => rows.put('a', 1))
  await deleteDatabase(name, indexedDB) // Would hang if the open connection did not close itself.
  expect(await databaseExists(name, indexedDB)).toBe(false)
  await database.transact('readwrite', async (rows) => rows.put('b', 2))
  expect(await database.transact('readonly', (rows) => rows.keys())).toEqual(['b'])
  expect(database.status).toEqual({ kind: 'indexeddb' })
})

test('a connection that the browser dropped is opened again', async () => {
  const name = freshName()
  let drop: (() => void) | undefined
  const database = await openDatabase(name, {
    indexedDB,
    open: (database, store) => {
      const use = createStore(database, store)
      return (mode, callback) =>
        use(mode, (rows) => {
          drop = () => rows.transaction.db.close()
          return callback(rows)
        })
    },
  })
  await database.transact('readwrite', async (rows) => rows.put('a', 1))
  drop?.()
  expect(await database.transact('readonly', (rows) => rows.get('a'))).toBe(1)
  expect(database.status.kind).toBe('indexeddb')
})

test('a full disk: the transaction that hit it is done in memory, and so is every later one', async () => {
  const seen: unknown[] = []
  let isFull = false
  const database = await openDatabase(freshName(), {
    indexedDB,
    onFallback: (cause) => seen.push(cause),
    open: (database, store) => {
      const use = createStore(database, store)
      return (mode, callback) => {
        if (isFull && mode === 'readwrite') throw new DOMException('no space', 'QuotaExceededError')
        return use(mode, callback)
      }
    },
  })
  await database.transact('readwrite', async (rows) => rows.put('before', 1))
  isFull = true
  await database.transact('readwrite', async (rows) => rows.put('after', 2))
  expect(database.status).toEqual({ kind: 'memory', why: 'QuotaExceededError: no space' })
  expect(await database.transact('readonly', (rows) => rows.keys())).toEqual(['after'])
  expect(seen).toHaveLength(1)
})

test('where IndexedDB is missing, forbidden or hangs, memory serves and says why', async () => {
  expect((await openDatabase(freshName(), { indexedDB: undefined })).status).toEqual({
    kind: 'memory',
    why: 'no IndexedDB here',
  })
  const forbidden = await openDatabase(freshName(), {
    indexedDB,
    open: () => () => Promise.reject(new DOMException('denied', 'SecurityError')),
  })
  expect(forbidden.status.why).toBe('SecurityError: denied')
  const hanging = await openDatabase(freshName(), {
    indexedDB,
    openTimeoutMs: 20,
    open: () => () => new Promise(() => {}),
  })
  expect(hanging.status.why).toContain('did not open within 20 ms')
})
