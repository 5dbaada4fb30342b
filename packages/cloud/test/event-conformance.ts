/** What every store must do with events and erasure. */
import type { BehaviorEvent } from '@vitrine/contracts'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { NewEvents, Store, StoredEvent } from '../src/stores/store.ts'
import { eventsOf, numbers, randomIdOf } from './batches.ts'

/** The store under test, and a way to open its database once more. */
export interface Opened {
  store: Store
  open(): Store | Promise<Store>
  /** Two transactions that waited for each other, so far. */
  deadlocks(): Promise<number>
}

const DEVICE = randomIdOf(1)
const EPOCH = randomIdOf(2)
const NOW = 1_800_000_000_000

/** A batch as a store takes it. */
export function newEvents(
  first: number,
  last: number,
  { device = DEVICE, epoch = EPOCH }: { device?: string; epoch?: string } = {},
): NewEvents {
  return { device, epoch, firstSeq: first, events: eventsOf(first, last), receivedAt: NOW }
}

/** All events of a tenant in key order. */
export async function everyEvent(store: Store, tenant = 'a'): Promise<StoredEvent[]> {
  return store.readEvents(tenant, { limit: 1_000_000 })
}

async function everySeq(store: Store, tenant = 'a'): Promise<number[]> {
  return (await everyEvent(store, tenant)).map(({ seq }) => seq)
}

/** Declares the tests on what `opened` holds when they run. */
export function describeEvents(opened: Opened): void {
  describe('events', () => {
    it('keeps every field as it came, and survives being closed and opened', async () => {
      const events: BehaviorEvent[] = [
        { seq: 1, type: 'view', item: 'a', at: 1 },
        { seq: 2, type: 'search', query: 'tea — “towel” 🫖 \' "; DROP TABLE events; --', at: 2 },
        {
          seq: 3,
          type: 'purchase',
          item: '\\ud800 \\"',
          at: 3,
          placement: 'cart',
          revision: 'r1',
          value: 0.1,
        },
        { seq: 4, type: 'rate', item: '123', at: 253_402_300_799_999, value: -5 },
        { seq: 5, type: 'view', item: '{"$gt":""}', at: 0, value: 1e308 },
      ]
      await opened.store.appendEvents('a', {
        device: DEVICE,
        epoch: EPOCH,
        firstSeq: 1,
        events,
        receivedAt: NOW,
      })
      await opened.store.close()
      opened.store = await opened.open()
      expect(await everyEvent(opened.store)).toEqual(
        events.map((event) => Object.assign(event, { device: DEVICE, epoch: EPOCH, receivedAt: NOW })),
      )
    })

    it('ignores what it has, stores what it has not, and counts both', async () => {
      expect(await opened.store.appendEvents('a', newEvents(1, 10))).toEqual({
        stored: 10,
        duplicates: 0,
        skipped: 0,
      })
      expect(await opened.store.appendEvents('a', newEvents(1, 10))).toEqual({
        stored: 0,
        duplicates: 10,
        skipped: 0,
      })
      expect(await opened.store.appendEvents('a', newEvents(6, 15))).toEqual({
        stored: 5,
        duplicates: 5,
        skipped: 0,
      })
      expect(await everySeq(opened.store)).toEqual(numbers(1, 15))
    })

    it('takes a gap, counts it, and still takes the older batch that comes late', async () => {
      await opened.store.appendEvents('a', newEvents(1, 5))
      expect(await opened.store.appendEvents('a', newEvents(11, 15))).toMatchObject({ stored: 5, skipped: 5 })
      expect(await opened.store.appendEvents('a', newEvents(6, 10))).toMatchObject({ stored: 5, skipped: 0 })
      expect(await opened.store.appendEvents('a', newEvents(16, 20))).toMatchObject({ stored: 5, skipped: 0 })
      expect(await everySeq(opened.store)).toEqual(numbers(1, 20))
    })

    it('keeps the first version of an event', async () => {
      await opened.store.appendEvents('a', newEvents(1, 1))
      const other = {
        ...newEvents(1, 1),
        events: [{ seq: 1, type: 'click' as const, item: 'forged', at: 9 }],
      }
      expect(await opened.store.appendEvents('a', other)).toMatchObject({ stored: 0, duplicates: 1 })
      expect(await everyEvent(opened.store)).toMatchObject([{ type: 'view', item: 'item-1' }])
    })

    it('tells tenants, devices and epochs apart', async () => {
      for (const [tenant, device, epoch] of [
        ['a', randomIdOf(1), randomIdOf(1)],
        ['a', randomIdOf(1), randomIdOf(2)],
        ['a', randomIdOf(2), randomIdOf(1)],
        ['b', randomIdOf(1), randomIdOf(1)],
      ] as const) {
        const result = await opened.store.appendEvents(tenant, newEvents(1, 3, { device, epoch }))
        expect(result).toEqual({ stored: 3, duplicates: 0, skipped: 0 })
      }
      expect(await everyEvent(opened.store, 'a')).toHaveLength(9)
      expect(await everyEvent(opened.store, 'b')).toHaveLength(3)
      expect(await everyEvent(opened.store, 'c')).toEqual([])
    })

    it('stores each event once when the same batches come at the same time', async () => {
      const results = await Promise.all(
        Array.from({ length: 40 }, (_, i) =>
          opened.store.appendEvents('a', newEvents(1 + (i % 4), 20 + (i % 4))),
        ),
      )
      expect(results.reduce((sum, { stored }) => sum + stored, 0)).toBe(23)
      expect(await everySeq(opened.store)).toEqual(numbers(1, 23))
    })

    it('stores each event once when two connections write', async () => {
      const second = await opened.open()
      const writers = [opened.store, second].flatMap((writer) =>
        Array.from({ length: 20 }, (_, i) => writer.appendEvents('a', newEvents(1 + i, 10 + i))),
      )
      const results = await Promise.all(writers)
      await second.close()
      expect(results.reduce((sum, { stored }) => sum + stored, 0)).toBe(29)
      expect(await everySeq(opened.store)).toEqual(numbers(1, 29))
    })

    it('lets eight writers append overlapping batches of the same devices, without a deadlock', async () => {
      const writers = await Promise.all(numbers(1, 8).map(async () => opened.open()))
      const devices = 6
      const work = writers.flatMap((writer, w) =>
        numbers(0, 59).map((i) => {
          // Each writer goes through the devices in an order of its own.
          const device = randomIdOf(1 + ((i * (w + 1) + w) % devices))
          const first = 1 + ((i * 7 + w) % 40)
          return writer.appendEvents('a', newEvents(first, first + 20, { device }))
        }),
      )
      const results = await Promise.all(work)
      const events = await everyEvent(opened.store)
      expect(results.reduce((sum, { stored }) => sum + stored, 0)).toBe(events.length)
      expect(new Set(events.map(({ device, seq }) => `${device} ${seq}`)).size).toBe(events.length)
      await Promise.all(writers.map((writer) => writer.close()))
      expect(await opened.deadlocks()).toBe(0)
    }, 60_000)

    it('ends with exactly the device’s set after any retries, overlaps and reorders', async () => {
      let epoch = 0
      const batches = fc.array(
        fc.record({ first: fc.integer({ min: 1, max: 60 }), length: fc.integer({ min: 1, max: 25 }) }),
        {
          minLength: 1,
          maxLength: 20,
        },
      )
      await fc.assert(
        fc.asyncProperty(batches, fc.boolean(), async (sent, together) => {
          const device = randomIdOf(++epoch)
          const work = sent.map(
            ({ first, length }) =>
              () =>
                opened.store.appendEvents('p', newEvents(first, first + length - 1, { device })),
          )
          if (together) await Promise.all(work.map((append) => append()))
          else for (const append of work) await append()
          const offered = new Set(sent.flatMap(({ first, length }) => numbers(first, first + length - 1)))
          const stored = (await everyEvent(opened.store, 'p')).filter((event) => event.device === device)
          expect(stored.map(({ seq }) => seq)).toEqual([...offered].toSorted((a, b) => a - b))
          expect(stored.every(({ seq, item }) => item === `item-${seq}`)).toBe(true)
        }),
        { numRuns: 40 },
      )
    })

    it('refuses text that it could not read back, and goes on', async () => {
      const bad = { ...newEvents(1, 1), events: [{ seq: 1, type: 'view' as const, item: 'x\ud83d', at: 1 }] }
      const both = await Promise.allSettled([
        opened.store.appendEvents('a', bad),
        opened.store.appendEvents('a', newEvents(5, 5)),
      ])
      expect(both).toMatchObject([{ reason: { code: 'INVALID_EVENT' } }, { value: { stored: 1 } }])
      expect(await everySeq(opened.store)).toEqual([5])
    })

    it('reads what was received in a range of time', async () => {
      for (const [first, receivedAt] of [
        [1, NOW],
        [4, NOW + 10],
        [7, NOW + 20],
      ] as const) {
        await opened.store.appendEvents('a', { ...newEvents(first, first + 2), receivedAt })
      }
      const { store } = opened
      const seqs = async (from?: number, to?: number) =>
        (await store.readEvents('a', { from, to, limit: 100 })).map(({ seq }) => seq)
      expect(await seqs(NOW + 10)).toEqual(numbers(4, 9))
      expect(await seqs(NOW, NOW + 10)).toEqual(numbers(1, 3))
      expect(await seqs(NOW + 10, NOW + 11)).toEqual(numbers(4, 6))
    })

    it('reads page by page in the order of the key', async () => {
      for (const device of [3, 1, 2]) {
        await opened.store.appendEvents('a', newEvents(1, 7, { device: randomIdOf(device) }))
      }
      const read: StoredEvent[] = []
      for (;;) {
        const page = await opened.store.readEvents('a', { after: read.at(-1), limit: 4 })
        if (page.length === 0) break
        read.push(...page)
      }
      expect(read).toEqual(await everyEvent(opened.store))
      expect(read).toHaveLength(21)
      expect(read[0]).toMatchObject({ device: randomIdOf(1), seq: 1 })
    })
  })

  describe('erasure', () => {
    it('deletes every epoch of the device, nothing of others, and refuses what comes late', async () => {
      await opened.store.appendEvents('a', newEvents(1, 5))
      await opened.store.appendEvents('a', newEvents(1, 5, { epoch: randomIdOf(3) }))
      await opened.store.appendEvents('a', newEvents(1, 2, { device: randomIdOf(9) }))
      await opened.store.appendEvents('b', newEvents(1, 4))
      expect(await opened.store.eraseDevice('a', DEVICE, NOW)).toBe(10)
      await expect(opened.store.appendEvents('a', newEvents(6, 9))).rejects.toMatchObject({
        code: 'DEVICE_ERASED',
      })
      expect(await everyEvent(opened.store, 'a')).toHaveLength(2)
      expect(await everyEvent(opened.store, 'b')).toHaveLength(4)
      expect(await opened.store.appendEvents('b', newEvents(5, 6))).toMatchObject({ stored: 2 })
    })

    it('may be repeated, and holds for a device that never sent anything', async () => {
      expect(await opened.store.eraseDevice('a', DEVICE, NOW)).toBe(0)
      expect(await opened.store.eraseDevice('a', DEVICE, NOW + 1)).toBe(0)
      await expect(opened.store.appendEvents('a', newEvents(1, 1))).rejects.toMatchObject({
        code: 'DEVICE_ERASED',
      })
    })

    it('leaves nothing of a device that is erased while other replicas append', async () => {
      const [one, two, three] = await Promise.all(numbers(1, 3).map(async () => opened.open()))
      for (const round of numbers(1, 20)) {
        const device = randomIdOf(round)
        const appends = [one!, two!].flatMap((store) =>
          numbers(0, 5).map((i) => store.appendEvents('a', newEvents(1 + i, 9 + i, { device }))),
        )
        await Promise.all([three!.eraseDevice('a', device, NOW), Promise.allSettled(appends)])
      }
      expect(await everyEvent(opened.store)).toEqual([])
      await Promise.all([one!, two!, three!].map((store) => store.close()))
    }, 60_000)

    it('leaves nothing when batches arrive at the same moment', async () => {
      const appends = Array.from({ length: 10 }, (_, i) =>
        opened.store.appendEvents('a', newEvents(1 + i, 5 + i)),
      )
      const erasure = opened.store.eraseDevice('a', DEVICE, NOW)
      appends.push(
        ...Array.from({ length: 10 }, (_, i) => opened.store.appendEvents('a', newEvents(1 + i, 5 + i))),
      )
      const other = opened.store.appendEvents('a', newEvents(1, 3, { device: randomIdOf(9) }))
      await Promise.allSettled(appends)
      await erasure
      await other
      expect((await everyEvent(opened.store)).map(({ device }) => device)).toEqual(
        Array.from({ length: 3 }, () => randomIdOf(9)),
      )
    })
  })
}
