/** The page's side against a real worker: the whole way, but for an endpoint (end-to-end tests have that). */
import { afterEach, expect, test } from 'vitest'
import { freshName } from '../test/platform.ts'
import { type Recommender, createRecommender } from './client.ts'
import type { RecommenderOptions } from './options.ts'
import { isVitrineError } from './index.ts'
import { VERSION } from './version.ts'

const opened: Recommender[] = []

afterEach(async () => {
  await Promise.all(opened.splice(0).map((recommender) => recommender.dispose()))
})

/** An endpoint of this page's own origin that knows nothing: every request is refused. */
function options(more: Partial<RecommenderOptions> = {}): RecommenderOptions {
  return {
    endpoint: `${location.origin}/${freshName()}`,
    model: 'tiny',
    key: 'pk_test',
    consent: 'granted',
    ...more,
  }
}

async function create(more?: Partial<RecommenderOptions>): Promise<Recommender> {
  const recommender = await createRecommender(options(more))
  opened.push(recommender)
  return recommender
}

test('events are durable when track resolves, and the history is there after a reload', async () => {
  const same = options()
  const recommender = await create(same)
  await recommender.track({ type: 'view', item: 'a' })
  expect((await recommender.diagnostics()).events).toMatchObject({ stored: 1 })
  await recommender.dispose()
  const reloaded = await create(same)
  expect((await reloaded.diagnostics()).events).toMatchObject({ stored: 1, waiting: 1 })
})

test('without a model the page’s own list serves, without what is excluded', async () => {
  const recommender = await create()
  const list = await recommender.recommend({
    placement: 'product-page',
    anchor: 'b',
    k: 2,
    exclude: ['a'],
    fallback: ['a', 'b', 'c', 'c', 'd', 'e'],
    where: undefined as never, // What a page in JavaScript writes.
  })
  expect(list).toEqual({
    items: [
      { item: 'c', score: 1, reasons: [] },
      { item: 'd', score: 0.5, reasons: [] },
    ],
    source: 'page',
    revision: null,
  })
  expect(await recommender.recommend({ placement: 'home', k: 5 })).toMatchObject({
    items: [],
    source: 'page',
  })
})

test('an error keeps its class and code on the way from the worker', async () => {
  const recommender = await create()
  const error: unknown = await recommender
    .recommend({ placement: 'home', k: 0 })
    .catch((error: unknown) => error)
  expect(isVitrineError(error)).toBe(true)
  expect(error).toMatchObject({ code: 'INVALID_REQUEST' })
  expect((error as Error).message).toContain('k: expected a whole number from 1 to 200')
  await expect(recommender.track({ type: 'view' })).rejects.toMatchObject({ code: 'INVALID_EVENT' })
})

test('ready rejects with the reason when no model can be had, and nobody is disturbed who does not ask', async () => {
  const unhandled: unknown[] = []
  const onUnhandled = (event: PromiseRejectionEvent): void => {
    unhandled.push(event.reason)
  }
  addEventListener('unhandledrejection', onUnhandled)
  const recommender = await create()
  await expect(recommender.ready).rejects.toSatisfy(isVitrineError)
  const { errors, model } = await recommender.diagnostics()
  expect(errors.last).not.toEqual([])
  expect(model).toMatchObject({
    id: 'tiny',
    revision: null,
    previous: null,
    device: null,
    why: [],
    items: 0,
    origin: null,
  })
  removeEventListener('unhandledrejection', onUnhandled)
  expect(unhandled).toEqual([])
})

test('diagnostics say where the worker runs, of which version, and how long calls took', async () => {
  const recommender = await create()
  for (let call = 0; call < 5; call++) await recommender.recommend({ placement: 'home', k: 1 })
  const { versions, worker, storage, latency, consent } = await recommender.diagnostics()
  expect(versions).toEqual({ page: VERSION, worker: VERSION })
  expect(worker).toMatchObject({ host: 'worker', why: [] })
  expect(storage.events).toEqual({ kind: 'indexeddb' })
  expect(consent).toBe('granted')
  expect(latency.worker.count).toBe(5)
  expect(latency.roundTrip.count).toBe(5)
  expect(latency.roundTrip.p99).toBeGreaterThanOrEqual(latency.roundTrip.p50!)
})

test('a change of history is told to the page', async () => {
  const recommender = await create()
  const changes: string[] = []
  const stop = recommender.on('change', (change) => changes.push(change))
  await recommender.track({ type: 'view', item: 'a' })
  await recommender.track({ type: 'impression', item: 'a' })
  await recommender.diagnostics()
  expect(changes).toEqual(['history'])
  stop()
  await recommender.track({ type: 'view', item: 'b' })
  await recommender.diagnostics()
  expect(changes).toEqual(['history'])
})

test('without consent nothing is stored, and a consent source is followed', async () => {
  let tell: ((consent: 'granted' | 'denied') => void) | undefined
  let stopped = false
  const same = options({
    consent: {
      get: () => 'denied',
      subscribe: (listener) => {
        tell = listener
        return () => void (stopped = true)
      },
    },
  })
  const databases = async () =>
    (await indexedDB.databases()).filter(({ name }) => name?.includes(same.endpoint)).length
  const recommender = await create(same)
  await recommender.track({ type: 'view', item: 'a' })
  expect(await databases()).toBe(0)
  tell?.('granted')
  await recommender.track({ type: 'view', item: 'b' })
  expect((await recommender.diagnostics()).consent).toBe('granted')
  expect(await databases()).toBe(2)
  await recommender.dispose()
  expect(stopped).toBe(true)
})

test('a signal that is aborted rejects with its own reason', async () => {
  const reason = new Error('navigated away')
  await expect(createRecommender(options({ signal: AbortSignal.abort(reason) }))).rejects.toBe(reason)
  const starting = new AbortController()
  const started = createRecommender(options({ signal: starting.signal }))
  starting.abort(reason)
  await expect(started).rejects.toBe(reason)
  const recommender = await create()
  const asking = new AbortController()
  const asked = recommender.recommend({ placement: 'home', k: 1, signal: asking.signal })
  asking.abort(reason)
  await expect(asked).rejects.toBe(reason)
  await expect(
    recommender.recommend({ placement: 'home', k: 1, signal: AbortSignal.abort(reason) }),
  ).rejects.toBe(reason)
})

test('after dispose every call is refused, and disposing again is harmless', async () => {
  const recommender = await create()
  const waiting = recommender.track({ type: 'view', item: 'a' })
  await recommender.dispose()
  await waiting // It came before.
  await expect(recommender.track({ type: 'view', item: 'b' })).rejects.toMatchObject({ code: 'DISPOSED' })
  await expect(recommender.recommend({ placement: 'home', k: 1 })).rejects.toMatchObject({ code: 'DISPOSED' })
  await recommender.dispose()
})

test.each([
  [{ endpoint: 'ftp://shop.example' }, 'endpoint'],
  [{ model: 'Not A Slug' }, 'model'],
  [{ key: 'sk_live_secret' }, 'key'],
  [{ devices: ['gpu'] as never }, 'devices'],
  [{ consent: 'maybe' as never }, 'consent'],
  [{ storage: 'localStorage' as never }, 'storage'],
])('options %o are refused by name', async (wrong, option) => {
  await expect(createRecommender(options(wrong))).rejects.toMatchObject({
    code: 'INVALID_OPTIONS',
    message: expect.stringContaining(option) as string,
  })
})
