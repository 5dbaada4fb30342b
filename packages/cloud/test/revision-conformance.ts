/** What every store must do with revisions, rollouts and deltas. */
import { describe, expect, it } from 'vitest'
import { activeOf } from '../src/rollout/change.ts'
import type { Store } from '../src/stores/store.ts'
import { numbers, randomIdOf } from './batches.ts'
import type { Opened } from './event-conformance.ts'

const NOW = 1_800_000_000_000
const RULE = { devices: 3, share: 0.1 }

function revisionOf(revision: string, manifest = `{"revision":"${revision}"}`, model = 'shop') {
  return { model, revision, manifest, etag: `hash-of-${manifest}` }
}

async function activeIn(store: Store, tenant = 'a', model = 'shop'): Promise<string | undefined> {
  const rollout = await store.findRollout(tenant, model)
  return rollout && activeOf(rollout)
}

/** Declares the tests on what `opened` holds when they run. */
export function describeRevisions(opened: Opened): void {
  const publish = async (...names: string[]) => {
    for (const name of names) await opened.store.publishRevision('a', revisionOf(name), NOW)
  }
  const offer = (revision: string, device: number) =>
    opened.store.recordOffer('a', { model: 'shop', revision, device: randomIdOf(device), at: NOW })
  const report = (revision: string, device: number) =>
    opened.store.reportFailure(
      'a',
      { model: 'shop', revision, device: randomIdOf(device), code: 'SELF_TEST_FAILED', at: NOW },
      RULE,
    )
  const fail = async (revision: string, device: number) => {
    await offer(revision, device)
    return report(revision, device)
  }

  describe('revisions', () => {
    it('activates what is published, for its own tenant and model alone', async () => {
      const { store } = opened
      expect(await store.findRollout('a', 'shop')).toBeUndefined()
      expect(await store.publishRevision('a', revisionOf('r1'), NOW)).toEqual({
        created: true,
        rollout: { model: 'shop', stable: 'r1', share: 1, changedAt: NOW },
      })
      const second = { model: 'shop', stable: 'r1', candidate: 'r2', share: 1, changedAt: NOW + 1 }
      expect(await store.publishRevision('a', revisionOf('r2'), NOW + 1)).toEqual({
        created: true,
        rollout: second,
      })
      await store.publishRevision('a', revisionOf('x1', '{}', 'other'), NOW)
      expect(await store.findRollout('a', 'shop')).toEqual(second)
      expect(await store.findRevision('a', 'shop', 'r2')).toEqual(revisionOf('r2'))
      expect((await store.listRollouts('a')).map((rollout) => [rollout.model, activeOf(rollout)])).toEqual([
        ['other', 'x1'],
        ['shop', 'r2'],
      ])
      expect(await store.findRevision('b', 'shop', 'r1')).toBeUndefined()
      expect(await store.findRollout('b', 'shop')).toBeUndefined()
      expect(await store.listRollouts('b')).toEqual([])
    })

    it('takes a repeated publication without undoing a later one', async () => {
      await publish('r1', 'r2')
      expect(await opened.store.publishRevision('a', revisionOf('r1'), NOW)).toMatchObject({
        created: false,
        rollout: { candidate: 'r2', share: 1 },
      })
    })

    it('never changes a revision', async () => {
      await publish('r1')
      const other = revisionOf('r1', '{"other":1}')
      await expect(opened.store.publishRevision('a', other, NOW)).rejects.toMatchObject({ code: 'CONFLICT' })
      expect(await opened.store.findRevision('a', 'shop', 'r1')).toEqual(revisionOf('r1'))
      expect(await opened.store.publishRevision('b', other, NOW)).toMatchObject({ created: true })
    })

    it('rolls back step by step, forward by name, and no further than there is', async () => {
      const { store } = opened
      await expect(store.rollBack('a', 'shop', { at: NOW })).rejects.toMatchObject({
        code: 'MODEL_NOT_FOUND',
      })
      await publish('r1', 'r2', 'r3')
      expect(await store.rollBack('a', 'shop', { at: NOW })).toEqual({ active: 'r2', previous: 'r3' })
      expect(await store.rollBack('a', 'shop', { at: NOW })).toEqual({ active: 'r1', previous: 'r2' })
      await expect(store.rollBack('a', 'shop', { at: NOW })).rejects.toMatchObject({ code: 'CONFLICT' })
      expect(await store.rollBack('a', 'shop', { revision: 'r3', at: NOW })).toMatchObject({ active: 'r3' })
      await expect(store.rollBack('a', 'shop', { revision: 'r9', at: NOW })).rejects.toMatchObject({
        code: 'MODEL_NOT_FOUND',
      })
      expect(await activeIn(store)).toBe('r3')
    })

    it('lists them newest first, with the devices that got and that refused each', async () => {
      await publish('r1', 'r2', 'r3')
      const offer = { model: 'shop', revision: 'r3', at: NOW }
      for (const device of [1, 2, 2, 3]) {
        await opened.store.recordOffer('a', { ...offer, device: randomIdOf(device) })
      }
      await fail('r3', 3)
      await fail('r3', 4)
      expect(await opened.store.listRevisions('a', 'shop', { limit: 2 })).toEqual([
        { revision: 'r3', publishedAt: NOW, offered: 4, failed: 2 },
        { revision: 'r2', publishedAt: NOW, offered: 0, failed: 0 },
      ])
      expect(await opened.store.listRevisions('b', 'shop', { limit: 2 })).toEqual([])
    })

    it('keeps each of many that are published at once', async () => {
      const names = numbers(1, 12).map((n) => `r${n}`)
      await Promise.all(names.map((name) => opened.store.publishRevision('a', revisionOf(name), NOW)))
      const listed = await opened.store.listRevisions('a', 'shop', { limit: 100 })
      expect(listed.map(({ revision }) => revision).toSorted()).toEqual(names.toSorted())
      expect(await activeIn(opened.store)).toBe(listed[0]?.revision)
    })
  })

  describe('rollouts', () => {
    it('gives a candidate to a share, then to more, and keeps what was stable', async () => {
      const { store } = opened
      await publish('r1')
      const published = await store.publishRevision('a', revisionOf('r2'), NOW, { share: 0.1 })
      expect(published.rollout).toMatchObject({ stable: 'r1', candidate: 'r2', share: 0.1 })
      const more = { model: 'shop', stable: 'r1', candidate: 'r2', share: 0.5, changedAt: NOW + 9 }
      const options = { revision: 'r2', share: 0.5, at: NOW + 9 }
      expect(await store.setRollout('a', 'shop', options)).toEqual(more)
      expect(await store.findRollout('a', 'shop')).toEqual(more)
      // Left unfinished, it makes way.
      await publish('r3')
      expect(await store.findRollout('a', 'shop')).toMatchObject({ stable: 'r1', candidate: 'r3', share: 1 })
      // Finished, it becomes what the next one falls back to.
      await publish('r4')
      expect(await store.findRollout('a', 'shop')).toMatchObject({ stable: 'r3', candidate: 'r4', share: 1 })
    })

    it('gives the first revision to all, whatever the share', async () => {
      const { rollout } = await opened.store.publishRevision('a', revisionOf('r1'), NOW, { share: 0.1 })
      expect(rollout).toEqual({ model: 'shop', stable: 'r1', share: 1, changedAt: NOW })
    })

    it('refuses what was never published, and the stable revision as its own candidate', async () => {
      const set = (revision: string) =>
        opened.store.setRollout('a', 'shop', { revision, share: 0.5, at: NOW })
      await expect(set('r1')).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' })
      await publish('r1')
      await expect(set('r9')).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' })
      await expect(set('r1')).rejects.toMatchObject({ code: 'CONFLICT' })
      expect(await opened.store.findRollout('b', 'shop')).toBeUndefined()
    })

    it('ends a rollout by a rollback', async () => {
      await publish('r1')
      await opened.store.publishRevision('a', revisionOf('r2'), NOW, { share: 0.1 })
      expect(await opened.store.rollBack('a', 'shop', { at: NOW })).toEqual({ active: 'r1', previous: 'r2' })
      expect(await opened.store.findRollout('a', 'shop')).toEqual({
        model: 'shop',
        stable: 'r1',
        share: 1,
        changedAt: NOW,
      })
    })

    it('halts by itself once enough devices failed, each counted once, and goes on when told to', async () => {
      await publish('r1', 'r2')
      expect(await fail('r2', 1)).toEqual({ isNew: true, isHalted: false })
      expect(await fail('r2', 1)).toEqual({ isNew: false, isHalted: false })
      expect(await fail('r2', 2)).toEqual({ isNew: true, isHalted: false })
      expect(await activeIn(opened.store)).toBe('r2')
      expect(await fail('r2', 3)).toEqual({ isNew: true, isHalted: true })
      expect(await fail('r2', 4)).toEqual({ isNew: true, isHalted: false })
      expect(await opened.store.findRollout('a', 'shop')).toMatchObject({ candidate: 'r2', haltedAt: NOW })
      expect(await activeIn(opened.store)).toBe('r1')
      await opened.store.setRollout('a', 'shop', { revision: 'r2', share: 0.2, at: NOW })
      expect(await opened.store.findRollout('a', 'shop')).not.toHaveProperty('haltedAt')
      await expect(report('r9', 1)).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' })
    })

    it('counts no report of a device that was never handed the revision, nor of one that was erased', async () => {
      await publish('r1', 'r2')
      for (const device of numbers(1, 9)) {
        await expect(report('r2', device)).rejects.toMatchObject({ code: 'NOT_OFFERED' })
      }
      await offer('r1', 1)
      await expect(report('r2', 1)).rejects.toMatchObject({ code: 'NOT_OFFERED' })
      await offer('r2', 2)
      await opened.store.eraseDevice('a', randomIdOf(2), NOW)
      await offer('r2', 2)
      await expect(report('r2', 2)).rejects.toMatchObject({ code: 'NOT_OFFERED' })
      expect(await activeIn(opened.store)).toBe('r2')
      expect(await opened.store.listRevisions('a', 'shop', { limit: 1 })).toMatchObject([
        { revision: 'r2', offered: 0, failed: 0 },
      ])
    })

    it('does not halt while the failures are a small share of those that got it', async () => {
      await publish('r1', 'r2')
      for (const device of numbers(1, 41)) await offer('r2', device)
      // A tenth of 41, failures among them, is more than four.
      const reports = await Promise.all(numbers(1, 4).map((device) => fail('r2', device)))
      expect(reports.every(({ isNew, isHalted }) => isNew && !isHalted)).toBe(true)
      expect(await fail('r2', 5)).toEqual({ isNew: true, isHalted: true })
    })

    it('halts once when the last reports come at once', async () => {
      await publish('r1', 'r2')
      const reports = await Promise.all(numbers(1, 8).map((device) => fail('r2', device)))
      expect(reports.filter(({ isHalted }) => isHalted)).toHaveLength(1)
    })

    it('leaves a rollout alone when a revision fails that is not its candidate', async () => {
      await publish('r1', 'r2')
      for (const device of numbers(1, 5)) await fail('r1', device)
      expect(await activeIn(opened.store)).toBe('r2')
    })
  })

  describe('deltas', () => {
    it('keeps the first of two', async () => {
      const [from, to] = ['0'.repeat(64), '1'.repeat(64)]
      expect(await opened.store.findDelta(from, to)).toBeUndefined()
      expect(await opened.store.addDelta({ from, to, sha256: '2'.repeat(64) })).toEqual({ created: true })
      expect(await opened.store.addDelta({ from, to, sha256: '3'.repeat(64) })).toEqual({ created: false })
      expect(await opened.store.findDelta(from, to)).toEqual({ from, to, sha256: '2'.repeat(64) })
      expect(await opened.store.findDelta(to, from)).toBeUndefined()
    })
  })
}
