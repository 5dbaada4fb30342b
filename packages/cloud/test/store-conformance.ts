/** What every store must do, whatever database is below it. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { KeyRecord, Store } from '../src/stores/store.ts'
import { describeDevices } from './device-conformance.ts'
import { type Opened, describeEvents, everyEvent, newEvents } from './event-conformance.ts'
import { randomIdOf } from './batches.ts'
import { describeRevisions } from './revision-conformance.ts'

/** A fresh, empty database: opened as often as a test likes, gone afterwards. */
export interface Fixture {
  open(): Store | Promise<Store>
  /** How many the database broke up. Missing where it knows none. */
  deadlocks?(): Promise<number>
  remove(): Promise<void>
}

const NOW = 1_800_000_000_000

function keyOf(id: string, fields: Partial<KeyRecord> = {}): KeyRecord {
  return {
    id,
    hash: id.repeat(4),
    kind: 'publishable',
    tenant: 'a',
    origins: [],
    needsToken: false,
    createdAt: NOW,
    ...fields,
  }
}

/** Runs the suite; `createFixture` is called once a test. */
export function describeStore(name: string, createFixture: () => Fixture | Promise<Fixture>): void {
  describe(`store: ${name}`, () => {
    let fixture: Fixture
    // Filled before each test; the parts of the suite hold on to it.
    const opened = {
      open: () => fixture.open(),
      deadlocks: async () => (await fixture.deadlocks?.()) ?? 0,
    } as Opened
    beforeEach(async () => {
      fixture = await createFixture()
      opened.store = await fixture.open()
    })
    afterEach(async () => {
      await opened.store.close()
      await fixture.remove()
    })

    describeEvents(opened)
    describeKeys(opened)
    describeRevisions(opened)
    describeDevices(opened)

    it('says that it is closed, to check and to all else', async () => {
      await opened.store.check()
      await opened.store.close()
      await opened.store.close()
      for (const call of [
        () => opened.store.check(),
        () => opened.store.appendEvents('a', newEvents(1, 1)),
        () => opened.store.findKey('one'),
        () => opened.store.eraseDevice('a', randomIdOf(1), NOW),
      ]) {
        await expect(call()).rejects.toMatchObject({ code: 'UNAVAILABLE' })
      }
    })

    it('stores what it was given before it closes', async () => {
      const append = opened.store.appendEvents('a', newEvents(1, 3))
      await opened.store.close()
      expect(await append).toMatchObject({ stored: 3 })
      opened.store = await opened.open()
      expect(await everyEvent(opened.store)).toHaveLength(3)
    })
  })
}

function describeKeys(opened: Opened): void {
  describe('keys', () => {
    it('finds, lists and revokes them', async () => {
      const first = keyOf('one', { origins: ['http://localhost:*', 'https://a.example'] })
      const second = keyOf('two', { kind: 'secret', tenant: 'b', needsToken: true, createdAt: NOW + 1 })
      await opened.store.addKey(second)
      await opened.store.addKey(first)
      expect(await opened.store.findKey('one')).toEqual(first)
      expect(await opened.store.findKey('three')).toBeUndefined()
      expect(await opened.store.listKeys()).toEqual([first, second])
      expect(await opened.store.listKeys('b')).toEqual([second])
      expect(await opened.store.revokeKey('one', NOW + 5)).toBe(true)
      expect(await opened.store.revokeKey('one', NOW + 6)).toBe(true)
      expect(await opened.store.revokeKey('three', NOW)).toBe(false)
      expect(await opened.store.findKey('one')).toEqual({ ...first, revokedAt: NOW + 5 })
    })

    it('knows the origins of good publishable keys', async () => {
      await opened.store.addKey(keyOf('one', { origins: ['https://a.example', '*'] }))
      expect(await opened.store.hasOrigin(['https://b.example', 'https://a.example'])).toBe(true)
      expect(await opened.store.hasOrigin(['https://b.example'])).toBe(false)
      expect(await opened.store.hasOrigin([])).toBe(false)
      await opened.store.revokeKey('one', NOW)
      expect(await opened.store.hasOrigin(['https://a.example'])).toBe(false)
    })

    it('does not take two keys of one id', async () => {
      await opened.store.addKey(keyOf('one'))
      await expect(opened.store.addKey(keyOf('one', { tenant: 'b' }))).rejects.toMatchObject({
        code: 'UNAVAILABLE',
      })
      expect(await opened.store.findKey('one')).toMatchObject({ tenant: 'a' })
    })
  })
}
