/** What every store must do, whatever database is below it. */
import type { BehaviorEvent } from '@vitrine/contracts'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { KeyRecord, Store, StoredEvent } from '../src/stores/store.ts'
import { eventsOf, numbers, randomIdOf } from './batches.ts'

/** A fresh, empty database: opened as often as a test likes, gone afterwards. */
export interface Fixture {
  open(): Store | Promise<Store>
  remove(): Promise<void>
}

const DEVICE = randomIdOf(1)
const EPOCH = randomIdOf(2)
const NOW = 1_800_000_000_000

function batchOf(first: number, last: number, { device = DEVICE, epoch = EPOCH } = {}) {
  return { device, epoch, firstSeq: first, events: eventsOf(first, last), receivedAt: NOW }
}

async function everyEvent(store: Store, tenant = 'a'): Promise<StoredEvent[]> {
  return store.readEvents(tenant, { limit: 1_000_000 })
}

async function everySeq(store: Store, tenant = 'a'): Promise<number[]> {
  return (await everyEvent(store, tenant)).map(({ seq }) => seq)
}

function keyOf(id: string, fields: Partial<KeyRecord> = {}): KeyRecord {
  return { id, hash: id.repeat(4), kind: 'publishable', tenant: 'a', origins: [], createdAt: NOW, ...fields }
}

function revisionOf(revision: string, manifest = `{"revision":"${revision}"}`, model = 'shop') {
  return { model, revision, manifest, etag: `hash-of-${manifest}` }
}

/** Runs the suite; `createFixture` is called once a test. */
export function describeStore(name: string, createFixture: () => Fixture | Promise<Fixture>): void {
  describe(name, () => {
    let fixture: Fixture
    let store: Store
    beforeEach(async () => {
      fixture = await createFixture()
      store = await fixture.open()
    })
    afterEach(async () => {
      await store.close()
      await fixture.remove()
    })

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
        await store.appendEvents('a', { device: DEVICE, epoch: EPOCH, firstSeq: 1, events, receivedAt: NOW })
        await store.close()
        store = await fixture.open()
        expect(await everyEvent(store)).toEqual(
          events.map((event) => ({ ...event, device: DEVICE, epoch: EPOCH, receivedAt: NOW })),
        )
      })

      it('ignores what it has, stores what it has not, and counts both', async () => {
        expect(await store.appendEvents('a', batchOf(1, 10))).toEqual({
          stored: 10,
          duplicates: 0,
          skipped: 0,
        })
        expect(await store.appendEvents('a', batchOf(1, 10))).toEqual({
          stored: 0,
          duplicates: 10,
          skipped: 0,
        })
        expect(await store.appendEvents('a', batchOf(6, 15))).toEqual({
          stored: 5,
          duplicates: 5,
          skipped: 0,
        })
        expect(await everySeq(store)).toEqual(numbers(1, 15))
      })

      it('takes a gap, counts it, and still takes the older batch that comes late', async () => {
        await store.appendEvents('a', batchOf(1, 5))
        expect(await store.appendEvents('a', batchOf(11, 15))).toMatchObject({ stored: 5, skipped: 5 })
        expect(await store.appendEvents('a', batchOf(6, 10))).toMatchObject({ stored: 5, skipped: 0 })
        expect(await store.appendEvents('a', batchOf(16, 20))).toMatchObject({ stored: 5, skipped: 0 })
        expect(await everySeq(store)).toEqual(numbers(1, 20))
      })

      it('keeps the first version of an event', async () => {
        await store.appendEvents('a', batchOf(1, 1))
        const other = {
          ...batchOf(1, 1),
          events: [{ seq: 1, type: 'click' as const, item: 'forged', at: 9 }],
        }
        expect(await store.appendEvents('a', other)).toMatchObject({ stored: 0, duplicates: 1 })
        expect(await everyEvent(store)).toMatchObject([{ type: 'view', item: 'item-1' }])
      })

      it('tells tenants, devices and epochs apart', async () => {
        for (const [tenant, device, epoch] of [
          ['a', randomIdOf(1), randomIdOf(1)],
          ['a', randomIdOf(1), randomIdOf(2)],
          ['a', randomIdOf(2), randomIdOf(1)],
          ['b', randomIdOf(1), randomIdOf(1)],
        ] as const) {
          const result = await store.appendEvents(tenant, batchOf(1, 3, { device, epoch }))
          expect(result).toEqual({ stored: 3, duplicates: 0, skipped: 0 })
        }
        expect(await everyEvent(store, 'a')).toHaveLength(9)
        expect(await everyEvent(store, 'b')).toHaveLength(3)
        expect(await everyEvent(store, 'c')).toEqual([])
      })

      it('stores each event once when the same batches come at the same time', async () => {
        const results = await Promise.all(
          Array.from({ length: 40 }, (_, i) => store.appendEvents('a', batchOf(1 + (i % 4), 20 + (i % 4)))),
        )
        expect(results.reduce((sum, { stored }) => sum + stored, 0)).toBe(23)
        expect(await everySeq(store)).toEqual(numbers(1, 23))
      })

      it('stores each event once when two connections write', async () => {
        const second = await fixture.open()
        const writers = [store, second].flatMap((writer) =>
          Array.from({ length: 20 }, (_, i) => writer.appendEvents('a', batchOf(1 + i, 10 + i))),
        )
        const results = await Promise.all(writers)
        await second.close()
        expect(results.reduce((sum, { stored }) => sum + stored, 0)).toBe(29)
        expect(await everySeq(store)).toEqual(numbers(1, 29))
      })

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
                  store.appendEvents('p', batchOf(first, first + length - 1, { device })),
            )
            if (together) await Promise.all(work.map((append) => append()))
            else for (const append of work) await append()
            const offered = new Set(sent.flatMap(({ first, length }) => numbers(first, first + length - 1)))
            const stored = (await everyEvent(store, 'p')).filter((event) => event.device === device)
            expect(stored.map(({ seq }) => seq)).toEqual([...offered].toSorted((a, b) => a - b))
            expect(stored.every(({ seq, item }) => item === `item-${seq}`)).toBe(true)
          }),
          { numRuns: 40 },
        )
      })

      it('refuses text that it could not read back, and goes on', async () => {
        const bad = { ...batchOf(1, 1), events: [{ seq: 1, type: 'view' as const, item: 'x\ud83d', at: 1 }] }
        const both = await Promise.allSettled([
          store.appendEvents('a', bad),
          store.appendEvents('a', batchOf(5, 5)),
        ])
        expect(both).toMatchObject([{ reason: { code: 'INVALID_EVENT' } }, { value: { stored: 1 } }])
        expect(await everySeq(store)).toEqual([5])
      })

      it('reads page by page in the order of the key', async () => {
        for (const device of [3, 1, 2]) {
          await store.appendEvents('a', batchOf(1, 7, { device: randomIdOf(device) }))
        }
        const read: StoredEvent[] = []
        for (;;) {
          const page = await store.readEvents('a', { after: read.at(-1), limit: 4 })
          if (page.length === 0) break
          read.push(...page)
        }
        expect(read).toEqual(await everyEvent(store))
        expect(read).toHaveLength(21)
        expect(read[0]).toMatchObject({ device: randomIdOf(1), seq: 1 })
      })
    })

    describe('erasure', () => {
      it('deletes every epoch of the device, nothing of others, and refuses what comes late', async () => {
        await store.appendEvents('a', batchOf(1, 5))
        await store.appendEvents('a', batchOf(1, 5, { epoch: randomIdOf(3) }))
        await store.appendEvents('a', batchOf(1, 2, { device: randomIdOf(9) }))
        await store.appendEvents('b', batchOf(1, 4))
        expect(await store.eraseDevice('a', DEVICE, NOW)).toBe(10)
        await expect(store.appendEvents('a', batchOf(6, 9))).rejects.toMatchObject({ code: 'DEVICE_ERASED' })
        expect(await everyEvent(store, 'a')).toHaveLength(2)
        expect(await everyEvent(store, 'b')).toHaveLength(4)
        expect(await store.appendEvents('b', batchOf(5, 6))).toMatchObject({ stored: 2 })
      })

      it('may be repeated, and holds for a device that never sent anything', async () => {
        expect(await store.eraseDevice('a', DEVICE, NOW)).toBe(0)
        expect(await store.eraseDevice('a', DEVICE, NOW + 1)).toBe(0)
        await expect(store.appendEvents('a', batchOf(1, 1))).rejects.toMatchObject({ code: 'DEVICE_ERASED' })
      })

      it('leaves nothing when batches arrive at the same moment', async () => {
        const appends = Array.from({ length: 10 }, (_, i) => store.appendEvents('a', batchOf(1 + i, 5 + i)))
        const erasure = store.eraseDevice('a', DEVICE, NOW)
        appends.push(...Array.from({ length: 10 }, (_, i) => store.appendEvents('a', batchOf(1 + i, 5 + i))))
        const other = store.appendEvents('a', batchOf(1, 3, { device: randomIdOf(9) }))
        await Promise.allSettled(appends)
        await erasure
        await other
        expect((await everyEvent(store)).map(({ device }) => device)).toEqual(
          Array.from({ length: 3 }, () => randomIdOf(9)),
        )
      })
    })

    describe('keys', () => {
      it('finds, lists and revokes them', async () => {
        const first = keyOf('one', { origins: ['http://localhost:*', 'https://a.example'] })
        const second = keyOf('two', { kind: 'secret', tenant: 'b', createdAt: NOW + 1 })
        await store.addKey(second)
        await store.addKey(first)
        expect(await store.findKey('one')).toEqual(first)
        expect(await store.findKey('three')).toBeUndefined()
        expect(await store.listKeys()).toEqual([first, second])
        expect(await store.listKeys('b')).toEqual([second])
        expect(await store.revokeKey('one', NOW + 5)).toBe(true)
        expect(await store.revokeKey('one', NOW + 6)).toBe(true)
        expect(await store.revokeKey('three', NOW)).toBe(false)
        expect(await store.findKey('one')).toEqual({ ...first, revokedAt: NOW + 5 })
      })

      it('knows the origins of good publishable keys', async () => {
        await store.addKey(keyOf('one', { origins: ['https://a.example', '*'] }))
        expect(await store.hasOrigin(['https://b.example', 'https://a.example'])).toBe(true)
        expect(await store.hasOrigin(['https://b.example'])).toBe(false)
        expect(await store.hasOrigin([])).toBe(false)
        await store.revokeKey('one', NOW)
        expect(await store.hasOrigin(['https://a.example'])).toBe(false)
      })

      it('does not take two keys of one id', async () => {
        await store.addKey(keyOf('one'))
        await expect(store.addKey(keyOf('one', { tenant: 'b' }))).rejects.toMatchObject({
          code: 'UNAVAILABLE',
        })
        expect(await store.findKey('one')).toMatchObject({ tenant: 'a' })
      })
    })

    describe('revisions', () => {
      it('activates what is published, for its own tenant and model alone', async () => {
        expect(await store.activeRevision('a', 'shop')).toBeUndefined()
        expect(await store.publishRevision('a', revisionOf('r1'), NOW)).toEqual({
          created: true,
          active: 'r1',
        })
        expect(await store.publishRevision('a', revisionOf('r2'), NOW)).toEqual({
          created: true,
          active: 'r2',
        })
        await store.publishRevision('a', revisionOf('x1', '{}', 'other'), NOW)
        expect(await store.activeRevision('a', 'shop')).toEqual(revisionOf('r2'))
        expect(await store.activeRevisions('a')).toEqual({ other: 'x1', shop: 'r2' })
        expect(await store.activeRevision('b', 'shop')).toBeUndefined()
        expect(await store.activeRevisions('b')).toEqual({})
      })

      it('takes a repeated publication without undoing a later one', async () => {
        await store.publishRevision('a', revisionOf('r1'), NOW)
        await store.publishRevision('a', revisionOf('r2'), NOW)
        expect(await store.publishRevision('a', revisionOf('r1'), NOW)).toEqual({
          created: false,
          active: 'r2',
        })
      })

      it('never changes a revision', async () => {
        await store.publishRevision('a', revisionOf('r1'), NOW)
        await expect(store.publishRevision('a', revisionOf('r1', '{"other":1}'), NOW)).rejects.toMatchObject({
          code: 'CONFLICT',
        })
        expect(await store.activeRevision('a', 'shop')).toEqual(revisionOf('r1'))
        expect(await store.publishRevision('b', revisionOf('r1', '{"other":1}'), NOW)).toMatchObject({
          created: true,
        })
      })

      it('rolls back step by step, forward by name, and no further than there is', async () => {
        await expect(store.rollBack('a', 'shop', { at: NOW })).rejects.toMatchObject({
          code: 'MODEL_NOT_FOUND',
        })
        for (const name of ['r1', 'r2', 'r3']) await store.publishRevision('a', revisionOf(name), NOW)
        expect(await store.rollBack('a', 'shop', { at: NOW })).toEqual({ active: 'r2', previous: 'r3' })
        expect(await store.rollBack('a', 'shop', { at: NOW })).toEqual({ active: 'r1', previous: 'r2' })
        await expect(store.rollBack('a', 'shop', { at: NOW })).rejects.toMatchObject({ code: 'CONFLICT' })
        expect(await store.rollBack('a', 'shop', { revision: 'r3', at: NOW })).toMatchObject({ active: 'r3' })
        await expect(store.rollBack('a', 'shop', { revision: 'r9', at: NOW })).rejects.toMatchObject({
          code: 'MODEL_NOT_FOUND',
        })
        expect(await store.activeRevision('a', 'shop')).toEqual(revisionOf('r3'))
      })
    })

    it('says that it is closed, to check and to all else', async () => {
      await store.check()
      await store.close()
      await store.close()
      for (const call of [
        () => store.check(),
        () => store.appendEvents('a', batchOf(1, 1)),
        () => store.findKey('one'),
        () => store.eraseDevice('a', DEVICE, NOW),
      ]) {
        await expect(call()).rejects.toMatchObject({ code: 'UNAVAILABLE' })
      }
    })

    it('stores what it was given before it closes', async () => {
      const append = store.appendEvents('a', batchOf(1, 3))
      await store.close()
      expect(await append).toMatchObject({ stored: 3 })
      store = await fixture.open()
      expect(await everySeq(store)).toEqual([1, 2, 3])
    })
  })
}
