/** The behaviour log on real IndexedDB. */
import { expect, test } from 'vitest'
import { freshName } from '../../test/platform.ts'
import type { Database } from '../storage/database.ts'
import { deleteDatabase, openDatabase } from '../storage/indexeddb.ts'
import { LONG_HISTORY } from '@vitrine/recommender'
import { BehaviorLog, LOG_MIGRATIONS, type LogOptions } from './log.ts'

const open = (name = freshName()): Promise<Database> => openDatabase(name, { indexedDB })
let ids = 0
const options: LogOptions = { now: () => 1000.4, randomId: () => (ids++).toString(16).padStart(32, '0') }
const view = (item: string) => ({ type: 'view', item })

test('an event is on disk when append resolves, numbered from 1 and stamped in whole milliseconds', async () => {
  const name = freshName()
  const log = new BehaviorLog(await open(name), options)
  await log.append({ type: 'view', item: 'a', placement: 'home' })
  await log.append({ type: 'purchase', item: 'b', at: 5, value: 2 })
  const other = new BehaviorLog(await open(name), options) // What a page sees after a reload.
  expect(await other.nextBatch()).toMatchObject({
    firstSeq: 1,
    events: [
      { seq: 1, type: 'view', item: 'a', placement: 'home', at: 1000 },
      { seq: 2, type: 'purchase', item: 'b', value: 2, at: 5 },
    ],
  })
})

// Seen to fail with `seq` allocated from a counter read in a transaction of its own.
test('three tabs that write at once share one device and epoch, and no number is given twice', async () => {
  const name = freshName()
  const tabs = await Promise.all([1, 2, 3].map(async () => new BehaviorLog(await open(name), options)))
  await Promise.all(tabs.flatMap((log) => Array.from({ length: 40 }, () => log.append(view('a')))))
  const batch = await tabs[0]!.nextBatch()
  expect(batch?.events.map(({ seq }) => seq)).toEqual(Array.from({ length: 120 }, (_, index) => index + 1))
  expect(await tabs[2]!.counts()).toEqual({
    stored: 120,
    waiting: 120,
    acknowledged: 0,
    overflowed: 0,
    refused: 0,
  })
})

// Seen to fail with the deletion of the oldest taken out (120 waited).
test('a full log drops its oldest events, counts them, and goes on numbering', async () => {
  const log = new BehaviorLog(await open(), { ...options, maxWaiting: 10 })
  for (let index = 0; index < 25; index++) await log.append(view(`item-${index}`))
  expect(await log.counts()).toEqual({ stored: 25, waiting: 10, acknowledged: 0, overflowed: 15, refused: 0 })
  const batch = await log.nextBatch()
  expect(batch?.firstSeq).toBe(16)
  expect(batch?.events).toHaveLength(10)
})

test('an acknowledgement deletes what it covers, once, and never more than was sent', async () => {
  const log = new BehaviorLog(await open(), options)
  for (let index = 0; index < 5; index++) await log.append(view('a'))
  const batch = (await log.nextBatch())!
  await log.append(view('later'))
  await log.acknowledge(batch, 3)
  await log.acknowledge(batch, 3)
  expect(await log.counts()).toEqual({ stored: 6, waiting: 3, acknowledged: 3, overflowed: 0, refused: 0 })
  await log.acknowledge(batch, 1_000_000) // An endpoint that is wrong.
  expect(await log.counts()).toEqual({ stored: 6, waiting: 1, acknowledged: 5, overflowed: 0, refused: 0 })
  expect((await log.nextBatch())?.events.map(({ item }) => item)).toEqual(['later'])
})

// Seen to fail with the comparison of epochs taken out of acknowledge (the new epoch's event was deleted).
test('an acknowledgement of an erased epoch changes nothing', async () => {
  const log = new BehaviorLog(await open(), options)
  await log.append(view('a'))
  const batch = (await log.nextBatch())!
  await log.erase()
  await log.append(view('b'))
  await log.acknowledge(batch, 1)
  const after = (await log.nextBatch())!
  expect(after.events.map(({ item }) => item)).toEqual(['b'])
  expect(after.device).not.toBe(batch.device)
  expect(after.epoch).not.toBe(batch.epoch)
})

// Seen to fail with the old device's id kept: an endpoint that erased it takes nothing more from it.
test('storage that was evicted or erased under an open page begins a new epoch of a new device', async () => {
  const name = freshName()
  const log = new BehaviorLog(await open(name), options)
  await log.append(view('a'))
  const before = (await log.nextBatch())!
  await deleteDatabase(name, indexedDB)
  await log.append(view('b'))
  const after = (await log.nextBatch())!
  expect(after.firstSeq).toBe(1)
  expect(after.epoch).not.toBe(before.epoch)
  expect(after.device).not.toBe(before.device)
  await log.erase()
  expect(await log.erasedDevices()).toEqual([before.device, after.device]) // The endpoint may know both.
})

test('erasing leaves the device’s number to confirm, and nothing else', async () => {
  const database = await open()
  const log = new BehaviorLog(database, options)
  await log.append(view('a'))
  const { device } = (await log.nextBatch())!
  await log.erase()
  expect(await database.transact('readonly', (rows) => rows.keys())).toEqual(['erased'])
  expect(await log.erasedDevices()).toEqual([device])
  expect(await log.history()).toEqual([])
  await log.confirmErased(device)
  expect(await database.transact('readonly', (rows) => rows.keys())).toEqual([])
})

test('a late answer to an erased device erases nothing of the next', async () => {
  const log = new BehaviorLog(await open(), options)
  await log.append(view('a'))
  const { device } = (await log.nextBatch())!
  await log.erase()
  await log.append(view('b'))
  await log.erase({ of: device })
  expect(await log.counts()).toMatchObject({ waiting: 1 })
})

test('a refused event is taken out of the way once, counted, and kept to be looked at', async () => {
  const log = new BehaviorLog(await open(), options)
  for (const item of ['poison', 'b', 'c']) await log.append(view(item))
  const batch = (await log.nextBatch(1))!
  expect(batch.events).toHaveLength(1)
  const refusal = { status: 400, message: 'no', at: 5 }
  await log.setAside(batch, refusal)
  await log.setAside(batch, refusal) // Another tab had the same answer.
  expect(await log.counts()).toEqual({ stored: 3, waiting: 2, acknowledged: 0, overflowed: 0, refused: 1 })
  expect(await log.setAsideEvents()).toMatchObject([{ event: { seq: 1, item: 'poison' }, refusal }])
  expect((await log.nextBatch())?.events.map(({ seq }) => seq)).toEqual([2, 3])
})

test('a log of the first schema is brought to the next, and goes on', async () => {
  const name = freshName()
  const first = await open(name)
  await first.transact('readwrite', async (rows) => {
    rows.put('meta', { device: 'd', epoch: 'e', oldest: 3, next: 5, acknowledged: 2, overflowed: 0 })
    rows.put(3, { seq: 3, type: 'view', item: 'c', at: 1 })
    rows.put(4, { seq: 4, type: 'view', item: 'd', at: 1 })
  })
  const log = new BehaviorLog(await openDatabase(name, { indexedDB, migrations: LOG_MIGRATIONS }), options)
  expect(await log.counts()).toEqual({ stored: 4, waiting: 2, acknowledged: 2, overflowed: 0, refused: 0 })
  await log.append(view('e'))
  expect(await log.nextBatch()).toMatchObject({ device: 'd', epoch: 'e', firstSeq: 3 })
})

test('the history holds what says something of taste, newest last, and outlives acknowledgement and reload', async () => {
  const name = freshName()
  const log = new BehaviorLog(await open(name), options)
  await log.append({ type: 'impression', item: 'shown' })
  await log.append({ type: 'search', query: 'mugs' })
  await log.append({ type: 'click', item: 'a' })
  await log.append(view('a')) // The page that the click led to: one interest.
  await log.append({ type: 'add_to_cart', item: 'a' })
  await log.append({ type: 'purchase', item: 'b' })
  const batch = (await log.nextBatch())!
  expect(batch.events).toHaveLength(6)
  await log.acknowledge(batch, 6)
  const reloaded = new BehaviorLog(await open(name), options)
  expect((await reloaded.history()).map(({ type, item }) => `${type} ${item}`)).toEqual([
    'view a',
    'add_to_cart a',
    'purchase b',
  ])
})

test(`the history keeps the last ${LONG_HISTORY} events`, async () => {
  const log = new BehaviorLog(await open(), options)
  for (let index = 0; index < LONG_HISTORY + 7; index++) await log.append(view(`item-${index}`))
  const history = await log.history()
  expect(history).toHaveLength(LONG_HISTORY)
  expect(history[0]?.item).toBe('item-7')
})

test('a batch holds at most 500 events and 50,000 characters', async () => {
  const log = new BehaviorLog(await open(), options)
  await Promise.all(Array.from({ length: 520 }, () => log.append(view('a'))))
  expect((await log.nextBatch())?.events).toHaveLength(500)

  const wide = new BehaviorLog(await open(), options)
  const long = 'x'.repeat(120)
  const event = { type: 'view', item: long, placement: long, revision: long }
  await Promise.all(Array.from({ length: 200 }, () => wide.append(event)))
  const { events } = (await wide.nextBatch())!
  expect(events.length).toBeGreaterThan(50)
  expect(JSON.stringify(events).length).toBeLessThanOrEqual(50_001)
})

test('what does not parse is refused and takes no number', async () => {
  const log = new BehaviorLog(await open(), options)
  await expect(log.append({ type: 'view' })).rejects.toMatchObject({ code: 'INVALID_EVENT' })
  await expect(log.append({ type: 'steal', item: 'a' })).rejects.toMatchObject({ code: 'INVALID_EVENT' })
  await log.append(view('a'))
  expect((await log.nextBatch())?.firstSeq).toBe(1)
})

test('without consent only the history is kept, and a closed log keeps nothing', async () => {
  const log = new BehaviorLog(await open(), { ...options, keepEvents: false })
  expect(await log.append(view('a'))).toEqual({ kept: false, changedHistory: true })
  expect(await log.nextBatch()).toBeUndefined()
  expect(await log.history()).toHaveLength(1)
  log.close()
  expect(await log.append(view('b'))).toEqual({ kept: false, changedHistory: false })
  expect(await log.history()).toHaveLength(1)
})
