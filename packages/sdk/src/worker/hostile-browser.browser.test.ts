/** Browsers that refuse, lose, fill up or lie about the time: the page goes on, and diagnostics say what happened. */
import { report } from '@vitrine/trials'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { PageEndpoint } from '../../test/endpoint.ts'
import { freshName, settle } from '../../test/platform.ts'
import { type BuiltRevision, buildRevision } from '../../test/revision.ts'
import type { WorkerDiagnostics } from '../diagnostics.ts'
import type { Platform } from '../platform.ts'
import { createWorkerApi } from './main.ts'
import type { WorkerApi } from './protocol.ts'

const DECADE_MS = 10 * 365.25 * 24 * 3600 * 1000

let revision: BuiltRevision
let endpoint: PageEndpoint
let uncaught: unknown[]
let listening: AbortController
const open: WorkerApi[] = []

beforeEach(async () => {
  revision ??= await buildRevision(1)
  endpoint = new PageEndpoint()
  endpoint.revision = revision
  uncaught = []
  listening = new AbortController()
  const { signal } = listening
  addEventListener('error', ({ error }) => uncaught.push(error), { signal })
  addEventListener('unhandledrejection', ({ reason }) => uncaught.push(reason), { signal })
})

afterEach(async ({ task }) => {
  await Promise.all(open.splice(0).map((api) => api.dispose()))
  listening.abort()
  const accepted = uncaught.length + localStorage.length + sessionStorage.length
  report(task, { promise: 6, unit: 'broken storages and clocks', trials: 1, accepted })
  // eslint-disable-next-line vitest/no-standalone-expect -- what no test of this file may leave behind
  expect({ uncaught, stored: localStorage.length + sessionStorage.length }).toEqual({
    uncaught: [],
    stored: 0,
  })
})

async function openPage(replaced: Partial<Platform>, name = freshName()): Promise<WorkerApi> {
  const api = createWorkerApi({ fetch: endpoint.fetch, ...replaced })
  open.push(api)
  const options = {
    endpoint: `https://${name}.example`,
    model: 'tiny',
    key: 'pk_test',
    consent: 'granted' as const,
    networkUrl: new URL('../network.ts', import.meta.url).href,
    webgpuUrl: '',
    storage: 'indexeddb' as const,
  }
  await api.open(options, () => undefined)
  await api.ready()
  return api
}

function byText(a: string | undefined, b: string | undefined): number {
  return (a ?? '').localeCompare(b ?? '')
}

/** What a shopper does, and what must work whatever the browser does: track, be shown a personal list, be heard. */
async function shop(api: WorkerApi, items = ['item-0', 'item-3']): Promise<WorkerDiagnostics> {
  for (const item of items) await api.track({ type: 'view', item })
  const list = await api.recommend({ placement: 'home', k: 3 })
  expect(list.source).toBe('personal')
  await api.flush()
  return api.diagnostics()
}

function factory(replaced: Partial<IDBFactory>): IDBFactory {
  return {
    open: (name: string, version?: number) => indexedDB.open(name, version),
    deleteDatabase: (name: string) => indexedDB.deleteDatabase(name),
    databases: () => indexedDB.databases(),
    ...replaced,
  } as IDBFactory
}

test.each<[string, Partial<Platform>, RegExp]>([
  ['has no IndexedDB', { indexedDB: undefined }, /no IndexedDB/u],
  [
    'forbids IndexedDB, as a private window may',
    {
      indexedDB: factory({
        open: () => {
          throw new DOMException('denied', 'SecurityError')
        },
      }),
    },
    /SecurityError/u,
  ],
  [
    'fails to open IndexedDB, as a broken profile does',
    {
      indexedDB: factory({
        open: () => {
          const request = new EventTarget()
          const error = new DOMException('internal', 'UnknownError')
          queueMicrotask(() => request.dispatchEvent(new Event('error')))
          return Object.assign(request, { error }) as unknown as IDBOpenDBRequest
        },
      }),
    },
    /UnknownError/u,
  ],
])('a browser that %s is served from memory, and says so', async (_, replaced, why) => {
  const { storage, events, errors } = await shop(await openPage(replaced))
  expect(storage.events).toMatchObject({ kind: 'memory', why: expect.stringMatching(why) as string })
  expect(events).toMatchObject({ stored: 2, acknowledged: 2, page: { offered: 2, stored: 2 } })
  expect(endpoint.events.size).toBe(2)
  if (replaced.indexedDB) expect(errors.counts.STORAGE_FAILED).toBeGreaterThan(0)
})

// Seen to fail with QuotaExceededError taken out of indexeddb.ts: the page's track() rejected.
test('a disk that is full from one moment on costs nothing that was tracked', async () => {
  let isFull = false
  const full = factory({
    open: (name, version) => {
      const request = indexedDB.open(name, version)
      request.addEventListener('success', () => {
        const begin = request.result.transaction.bind(request.result)
        request.result.transaction = (...args) => {
          if (isFull && args[1] === 'readwrite') throw new DOMException('full', 'QuotaExceededError')
          return begin(...args)
        }
      })
      return request
    },
  })
  const name = freshName()
  const api = await openPage({ indexedDB: full }, name)
  await api.track({ type: 'view', item: 'item-7' })
  isFull = true
  const { storage, errors } = await shop(api)
  expect(storage.events).toMatchObject({ kind: 'memory' })
  expect(errors.counts.QUOTA_EXCEEDED).toBe(1)
  // What was on disk before is sent by the next page.
  await shop(await openPage({}, name), ['item-1'])
  expect([...endpoint.events.values()].map(({ item }) => item).toSorted(byText)).toEqual([
    'item-0',
    'item-1',
    'item-3',
    'item-7',
  ])
})

test('connections that the browser closes under the page, and databases that it evicts, are opened anew', async () => {
  const connections: IDBDatabase[] = []
  const name = freshName()
  const watched = factory({
    open: (database, version) => {
      const request = indexedDB.open(database, version)
      request.addEventListener('success', () => connections.push(request.result))
      return request
    },
  })
  const api = await openPage({ indexedDB: watched }, name)
  for (const connection of connections) connection.close()
  expect((await shop(api)).storage.events.kind).toBe('indexeddb')
  // `versionchange` closes what is open; then everything is gone.
  for (const { name: database } of await indexedDB.databases()) {
    if (database?.includes(name)) indexedDB.deleteDatabase(database)
  }
  await settle()
  const { storage, events } = await shop(api, ['item-5'])
  expect(storage.events.kind).toBe('indexeddb')
  expect(events).toMatchObject({ stored: 1, acknowledged: 1 }) // A new epoch.
  expect(endpoint.events.size).toBe(3)
})

test.each([
  ['ten years ahead', DECADE_MS],
  ['ten years behind', -DECADE_MS],
])('a clock that is set %s while the page is open changes nothing', async (_, skew) => {
  let now = Date.now()
  const api = await openPage({ now: () => now })
  await api.track({ type: 'view', item: 'item-1' })
  now += skew
  const { events } = await shop(api)
  expect(events).toMatchObject({ stored: 3, acknowledged: 3, waiting: 0 })
  now -= skew
  expect((await shop(api, ['item-2'])).events).toMatchObject({ stored: 4, acknowledged: 4 })
})
