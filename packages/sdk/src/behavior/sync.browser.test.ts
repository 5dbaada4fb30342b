/** Sending the log: what arrives, what is deleted, and how politely it is tried again. */
import { beforeEach, expect, test } from 'vitest'
import { PageEndpoint, type SeenRequest } from '../../test/endpoint.ts'
import { type TestPlatform, createTestPlatform, freshName, settle } from '../../test/platform.ts'
import { createEndpoint } from '../endpoint.ts'
import { openDatabase } from '../storage/indexeddb.ts'
import { BehaviorLog } from './log.ts'
import { EventSync } from './sync.ts'

let endpoint: PageEndpoint
let platform: TestPlatform
let errors: unknown[]
let newest: Readonly<Record<string, string>>[]
/** Web Locks span the tests of one origin: each has its own endpoint's name. */
let name: string

beforeEach(() => {
  endpoint = new PageEndpoint()
  platform = createTestPlatform({ fetch: endpoint.fetch })
  errors = []
  newest = []
  name = freshName()
})

async function openTab(): Promise<{ log: BehaviorLog; sync: EventSync }> {
  const log = new BehaviorLog(await openDatabase(name, { indexedDB }), platform)
  const sync = new EventSync({
    log,
    endpoint: createEndpoint({ url: `https://${name}.example`, key: 'pk_test' }, platform),
    platform,
    onModels: (models) => newest.push(models),
    onError: (error) => errors.push(error),
  })
  return { log, sync }
}

async function track(log: BehaviorLog, count: number): Promise<void> {
  for (let index = 0; index < count; index++) await log.append({ type: 'view', item: `item-${index}` })
}

/** Lets time pass, and what it set off settle. */
async function pass(ms: number): Promise<void> {
  await platform.advance(ms)
  await settle()
}

const unavailable =
  (headers: HeadersInit = {}) =>
  () =>
    Response.json({ error: { code: 'UNAVAILABLE', message: 'soon' } }, { status: 503, headers })

test('a flush sends everything, gzipped and with the key, and the log drops what was acknowledged', async () => {
  const { log, sync } = await openTab()
  await track(log, 3)
  await sync.flush()
  const arrived = [...endpoint.events.values()].map(({ seq, item }) => `${seq} ${item}`)
  expect(arrived).toEqual(['1 item-0', '2 item-1', '3 item-2'])
  expect(endpoint.requests[0]).toMatchObject({ path: '/v1/events', authorization: 'Bearer pk_test' })
  expect(await log.counts()).toMatchObject({ waiting: 0, acknowledged: 3 })
  expect(sync.bytesSent).toBeGreaterThan(0)
  expect(newest).toEqual([{}])
})

test('a log of 1,200 events goes in three batches', async () => {
  const { log, sync } = await openTab()
  await Promise.all(Array.from({ length: 1200 }, () => log.append({ type: 'view', item: 'a' })))
  await sync.flush()
  expect(endpoint.requests).toHaveLength(3)
  expect(endpoint.events.size).toBe(1200)
})

test('tracking sends by itself after two quiet seconds, many events at once', async () => {
  const { log, sync } = await openTab()
  for (let index = 0; index < 5; index++) {
    await track(log, 1)
    sync.schedule()
  }
  await platform.advance(1900)
  expect(endpoint.requests).toHaveLength(0)
  await pass(200)
  expect(endpoint.requests).toHaveLength(1)
  expect(endpoint.events.size).toBe(5)
})

// Seen to fail with the log's rows deleted before the answer: the events were gone.
test('an answer that is lost costs nothing: the batch is sent again and stored once', async () => {
  const { log, sync } = await openTab()
  await track(log, 4)
  endpoint.fault = (seen) => {
    endpoint.answer(seen) // The endpoint stored it; its answer does not arrive.
    throw new TypeError('connection reset')
  }
  await expect(sync.flush()).rejects.toMatchObject({ code: 'NETWORK_FAILED' })
  expect(await log.counts()).toMatchObject({ waiting: 4, acknowledged: 0 })
  endpoint.fault = () => undefined
  await sync.flush()
  expect(endpoint.events.size).toBe(4)
  expect(await log.counts()).toMatchObject({ waiting: 0, acknowledged: 4 })
})

// Seen to fail with Retry-After left unread: the second try came after 1 s.
test('Retry-After is honoured on 503, and backoff grows with full jitter where it is missing', async () => {
  const { log, sync } = await openTab()
  await track(log, 1)
  endpoint.fault = unavailable({ 'retry-after': '120' })
  sync.schedule()
  await pass(2000)
  // And half (the fixed random) of two minutes, twice the pace of a device that is new: not everybody comes in the same moment.
  expect(platform.waits()).toEqual([180_000])
  sync.hurry() // Online again, or hidden: the endpoint's word stands.
  await settle()
  expect(endpoint.requests).toHaveLength(1)

  endpoint.fault = unavailable()
  await pass(180_000)
  // Second failure in a row: half (the fixed random) of 60 s · 2².
  expect(platform.waits()).toEqual([120_000])
  for (let failure = 3; failure <= 12; failure++) {
    await pass(platform.waits()[0]!)
  }
  expect(platform.waits()).toEqual([150_000]) // Half of the cap of five minutes.
  expect(errors).toHaveLength(12)
  endpoint.fault = () => undefined
  await pass(150_000)
  expect(endpoint.events.size).toBe(1)
})

// Seen to fail with 4xx treated as temporary: the endpoint was asked again and again.
test('a refusal of the key is not repeated for an hour; the events stay, and flush tries again', async () => {
  const { log, sync } = await openTab()
  await track(log, 2)
  endpoint.fault = () => Response.json({ error: { code: 'FORBIDDEN', message: 'no' } }, { status: 403 })
  sync.schedule()
  await pass(2000)
  sync.schedule()
  sync.hurry()
  await pass(3_500_000)
  expect(endpoint.requests).toHaveLength(1)
  expect(sync.refusal).toMatchObject({ status: 403 })
  expect(sync.refusal?.message).toContain('FORBIDDEN')
  expect(await log.counts()).toMatchObject({ waiting: 2 })
  await pass(200_000)
  expect(endpoint.requests).toHaveLength(2)
  endpoint.fault = () => undefined
  await sync.flush()
  expect(sync.refusal).toBeUndefined()
  expect(endpoint.events.size).toBe(2)
})

/** Refuses every batch with one of these items in it. */
function refusing(...items: string[]): (seen: SeenRequest) => Response | undefined {
  return ({ body }) => {
    const text = new TextDecoder().decode(body)
    if (items.every((item) => !text.includes(`"${item}"`))) return undefined
    return Response.json({ error: { code: 'INVALID_EVENT', message: 'no' } }, { status: 400 })
  }
}

// Seen to fail with the whole batch kept back: everything waited behind one event.
test('one event that the endpoint refuses is found, set aside and counted; all others arrive', async () => {
  const { log, sync } = await openTab()
  await track(log, 300)
  endpoint.fault = refusing('item-137', 'item-250')
  await sync.flush()
  expect(endpoint.events.size).toBe(298)
  expect(await log.counts()).toEqual({
    stored: 300,
    waiting: 0,
    acknowledged: 298,
    overflowed: 0,
    refused: 2,
  })
  const setAside = await log.setAsideEvents()
  expect(setAside.map(({ event, refusal }) => [event.item, refusal.status])).toEqual([
    ['item-137', 400],
    ['item-250', 400],
  ])
  expect(errors).toHaveLength(2)
  expect(endpoint.requests.length).toBeLessThan(80)
})

// Seen to fail with the first 400 believed: an event was set aside though nothing was wrong with it.
test('a body that arrives broken is sent again, and no event pays for it', async () => {
  const { log, sync } = await openTab()
  await track(log, 1)
  const broken = [true, false]
  endpoint.fault = () =>
    broken.shift()
      ? Response.json({ error: { code: 'INVALID_REQUEST', message: 'not whole gzip' } }, { status: 400 })
      : undefined
  await sync.flush()
  expect(endpoint.events.size).toBe(1)
  expect(await log.counts()).toMatchObject({ acknowledged: 1, refused: 0 })
})

// Seen to fail with the limit taken out: the whole log was set aside, event by event.
test('an endpoint that refuses every event is wrong itself: after three in a row it is left alone', async () => {
  const { log, sync } = await openTab()
  await track(log, 50)
  endpoint.fault = refusing(...Array.from({ length: 50 }, (_, index) => `item-${index}`))
  await expect(sync.flush()).rejects.toMatchObject({ code: 'ENDPOINT_REFUSED' })
  expect(await log.counts()).toMatchObject({ waiting: 47, refused: 3 })
  expect(sync.refusal).toMatchObject({ status: 400 })
})

test('what one tab was told of patience holds for the others and for the next page', async () => {
  const [one, two] = [await openTab(), await openTab()]
  await track(one.log, 1)
  endpoint.fault = unavailable({ 'retry-after': '120' })
  await expect(one.sync.flush()).rejects.toMatchObject({ code: 'ENDPOINT_REFUSED' })
  two.sync.schedule()
  two.sync.hurry()
  await pass(110_000)
  expect(endpoint.requests).toHaveLength(1)
  endpoint.fault = () => undefined
  // And twice its pace by half (the fixed random).
  await pass(75_000)
  expect(endpoint.events.size).toBe(1)
})

// Seen to fail with the lock waited for without end.
test('a tab that holds the lock and hangs stops no other for more than half a minute', async () => {
  const { log, sync } = await openTab()
  await track(log, 2)
  let letGo!: () => void
  const held = navigator.locks.request(
    `vitrine-sync:https://${name}.example`,
    () => new Promise<void>((resolve) => (letGo = resolve)),
  )
  const flushed = sync.flush()
  await settle()
  await pass(29_000)
  expect(endpoint.requests).toHaveLength(0)
  await platform.advance(2000)
  await flushed
  expect(endpoint.events.size).toBe(2)
  letGo()
  await held
})

test('a lock that is stolen while a batch is on its way changes nothing', async () => {
  const { log, sync } = await openTab()
  await track(log, 2)
  endpoint.fault = (seen) =>
    navigator.locks
      .request(`vitrine-sync:https://${name}.example`, { steal: true }, () => undefined)
      .then(() => endpoint.answer(seen))
  await sync.flush()
  expect(endpoint.events.size).toBe(2)
  expect(await log.counts()).toMatchObject({ waiting: 0, acknowledged: 2 })
})

test('an endpoint that knows the device as erased gets a new device, without the old events', async () => {
  const { log, sync } = await openTab()
  await track(log, 2)
  const before = (await log.nextBatch())!.device
  endpoint.fault = () => Response.json({ error: { code: 'DEVICE_ERASED', message: '' } }, { status: 410 })
  await sync.flush()
  endpoint.fault = () => undefined
  await track(log, 1)
  await sync.flush()
  expect(endpoint.events.size).toBe(1)
  expect([...endpoint.events.keys()][0]).not.toContain(before)
})

test('an answer that acknowledges nothing, or is none, is an error and deletes nothing', async () => {
  const { log, sync } = await openTab()
  await track(log, 1)
  for (const body of ['{"ackedThrough":0,"models":{},"serverTime":0}', '{"ok":true}', '<html>']) {
    endpoint.fault = () => new Response(body)
    await expect(sync.flush()).rejects.toMatchObject({ code: 'INVALID_RESPONSE' })
  }
  expect(await log.counts()).toMatchObject({ waiting: 1 })
})

test('two tabs that flush at once send every event, and the endpoint has each once', async () => {
  const [one, two] = [await openTab(), await openTab()]
  await Promise.all([track(one.log, 30), track(two.log, 30)])
  await Promise.all([one.sync.flush(), two.sync.flush()])
  expect(endpoint.events.size).toBe(60)
  // The lock let one tab send at a time: the second found nothing left.
  expect(endpoint.requests).toHaveLength(1)
})

test('stopping ends a request under way, and nothing is sent afterwards', async () => {
  const { log, sync } = await openTab()
  await track(log, 1)
  let answer: ((response: Response) => void) | undefined
  endpoint.fault = () => new Promise((resolve) => (answer = resolve))
  const flushed = sync.flush()
  await settle()
  sync.stop()
  answer?.(Response.json({ ackedThrough: 1, models: {}, serverTime: 0 }))
  await expect(flushed).rejects.toMatchObject({ code: 'DISPOSED' })
  expect(await log.counts()).toMatchObject({ waiting: 1 })
  sync.schedule()
  sync.hurry()
  await platform.advance(3_600_000)
  expect(endpoint.requests).toHaveLength(1)
})
