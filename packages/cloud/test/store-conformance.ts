/** What every store must do, whatever database is below it. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { KeyRecord, Store } from '../src/stores/store.ts'
import { type Opened, describeEvents, everyEvent, newEvents } from './event-conformance.ts'
import { randomIdOf } from './batches.ts'

/** A fresh, empty database: opened as often as a test likes, gone afterwards. */
export interface Fixture {
  open(): Store | Promise<Store>
  remove(): Promise<void>
}

const NOW = 1_800_000_000_000

function keyOf(id: string, fields: Partial<KeyRecord> = {}): KeyRecord {
  return { id, hash: id.repeat(4), kind: 'publishable', tenant: 'a', origins: [], createdAt: NOW, ...fields }
}

function revisionOf(revision: string, manifest = `{"revision":"${revision}"}`, model = 'shop') {
  return { model, revision, manifest, etag: `hash-of-${manifest}` }
}

/** Runs the suite; `createFixture` is called once a test. */
export function describeStore(name: string, createFixture: () => Fixture | Promise<Fixture>): void {
  describe(`store: ${name}`, () => {
    let fixture: Fixture
    // Filled before each test; the parts of the suite hold on to it.
    const opened = { open: () => fixture.open() } as Opened
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
      const second = keyOf('two', { kind: 'secret', tenant: 'b', createdAt: NOW + 1 })
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

function describeRevisions(opened: Opened): void {
  describe('revisions', () => {
    it('activates what is published, for its own tenant and model alone', async () => {
      expect(await opened.store.activeRevision('a', 'shop')).toBeUndefined()
      expect(await opened.store.publishRevision('a', revisionOf('r1'), NOW)).toEqual({
        created: true,
        active: 'r1',
      })
      expect(await opened.store.publishRevision('a', revisionOf('r2'), NOW)).toEqual({
        created: true,
        active: 'r2',
      })
      await opened.store.publishRevision('a', revisionOf('x1', '{}', 'other'), NOW)
      expect(await opened.store.activeRevision('a', 'shop')).toEqual(revisionOf('r2'))
      expect(await opened.store.activeRevisions('a')).toEqual({ other: 'x1', shop: 'r2' })
      expect(await opened.store.activeRevision('b', 'shop')).toBeUndefined()
      expect(await opened.store.activeRevisions('b')).toEqual({})
    })

    it('takes a repeated publication without undoing a later one', async () => {
      await opened.store.publishRevision('a', revisionOf('r1'), NOW)
      await opened.store.publishRevision('a', revisionOf('r2'), NOW)
      expect(await opened.store.publishRevision('a', revisionOf('r1'), NOW)).toEqual({
        created: false,
        active: 'r2',
      })
    })

    it('never changes a revision', async () => {
      await opened.store.publishRevision('a', revisionOf('r1'), NOW)
      await expect(
        opened.store.publishRevision('a', revisionOf('r1', '{"other":1}'), NOW),
      ).rejects.toMatchObject({
        code: 'CONFLICT',
      })
      expect(await opened.store.activeRevision('a', 'shop')).toEqual(revisionOf('r1'))
      expect(await opened.store.publishRevision('b', revisionOf('r1', '{"other":1}'), NOW)).toMatchObject({
        created: true,
      })
    })

    it('rolls back step by step, forward by name, and no further than there is', async () => {
      await expect(opened.store.rollBack('a', 'shop', { at: NOW })).rejects.toMatchObject({
        code: 'MODEL_NOT_FOUND',
      })
      for (const name of ['r1', 'r2', 'r3']) await opened.store.publishRevision('a', revisionOf(name), NOW)
      expect(await opened.store.rollBack('a', 'shop', { at: NOW })).toEqual({ active: 'r2', previous: 'r3' })
      expect(await opened.store.rollBack('a', 'shop', { at: NOW })).toEqual({ active: 'r1', previous: 'r2' })
      await expect(opened.store.rollBack('a', 'shop', { at: NOW })).rejects.toMatchObject({
        code: 'CONFLICT',
      })
      expect(await opened.store.rollBack('a', 'shop', { revision: 'r3', at: NOW })).toMatchObject({
        active: 'r3',
      })
      await expect(opened.store.rollBack('a', 'shop', { revision: 'r9', at: NOW })).rejects.toMatchObject({
        code: 'MODEL_NOT_FOUND',
      })
      expect(await opened.store.activeRevision('a', 'shop')).toEqual(revisionOf('r3'))
    })
  })
}
