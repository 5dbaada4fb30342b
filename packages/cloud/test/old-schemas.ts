/** What earlier versions of the endpoint wrote, and what the present one must find of it. */
import { expect } from 'vitest'
import { activeOf } from '../src/rollout/change.ts'
import type { Store } from '../src/stores/store.ts'
import { newEvents } from './event-conformance.ts'
import { randomIdOf } from './batches.ts'

const NOW = 1_800_000_000_000
const [DEVICE, EPOCH, ERASED] = [randomIdOf(1), randomIdOf(2), randomIdOf(3)]

const EVENTS = `
  INSERT INTO events (tenant, device, epoch, seq, type, item, query, at, placement, revision, value, received_at)
    VALUES ('a', '${DEVICE}', '${EPOCH}', 1, 'view', 'item-1', NULL, ${NOW}, NULL, 'r1', 0.1, ${NOW}),
      ('a', '${DEVICE}', '${EPOCH}', 2, 'search', NULL, 'tea', ${NOW}, NULL, NULL, NULL, ${NOW});
  INSERT INTO high_water_marks VALUES ('a', '${DEVICE}', '${EPOCH}', 2);
  INSERT INTO erased_devices VALUES ('a', '${ERASED}', ${NOW});
  INSERT INTO revisions VALUES ('a', 'shop', 'r1', 1, '{}', 'e1', ${NOW}), ('a', 'shop', 'r2', 2, '{}', 'e2', ${NOW});
  INSERT INTO key_origins VALUES ('https://a.example', 'one');`

/** One text a schema, oldest first; all of them mean the same. */
export const WRITTEN_BY: readonly string[] = [
  `INSERT INTO keys VALUES ('one', 'hash', 'publishable', 'a', ${NOW}, NULL);
  ${EVENTS}
  INSERT INTO active_revisions VALUES ('a', 'shop', 'r2', ${NOW});`,
  `INSERT INTO keys (id, hash, kind, tenant, created_at) VALUES ('one', 'hash', 'publishable', 'a', ${NOW});
  ${EVENTS}
  INSERT INTO rollouts VALUES ('a', 'shop', 'r2', NULL, 1, ${NOW}, NULL);`,
]

/** Looks for all of it. */
export async function expectWritten(store: Store): Promise<void> {
  const where = { device: DEVICE, epoch: EPOCH, at: NOW, receivedAt: NOW }
  expect(await store.readEvents('a', { limit: 10 })).toEqual([
    { ...where, seq: 1, type: 'view', item: 'item-1', revision: 'r1', value: 0.1 },
    { ...where, seq: 2, type: 'search', query: 'tea' },
  ])
  const batch = { ...newEvents(2, 4), device: DEVICE, epoch: EPOCH }
  expect(await store.appendEvents('a', batch)).toEqual({ stored: 2, duplicates: 1, skipped: 0 })
  await expect(store.appendEvents('a', { ...batch, device: ERASED })).rejects.toMatchObject({
    code: 'DEVICE_ERASED',
  })
  expect(await store.findKey('one')).toMatchObject({ needsToken: false, origins: ['https://a.example'] })
  expect(activeOf((await store.findRollout('a', 'shop'))!)).toBe('r2')
  expect(await store.rollBack('a', 'shop', { at: NOW })).toEqual({ active: 'r1', previous: 'r2' })
}
