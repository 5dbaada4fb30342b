/** What earlier versions of the endpoint wrote, and what the present one must find of it. */
import { isVitrineError } from '@vitrine/contracts'
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

const LOG = { device: DEVICE, epoch: EPOCH, at: NOW, receivedAt: NOW }

/** What {@link readWritten} must find, whatever the schema was. */
export const WRITTEN: object = {
  events: [
    { ...LOG, seq: 1, type: 'view', item: 'item-1', revision: 'r1', value: 0.1 },
    { ...LOG, seq: 2, type: 'search', query: 'tea' },
  ],
  appended: { stored: 2, duplicates: 1, skipped: 0 },
  erased: 'DEVICE_ERASED',
  key: {
    id: 'one',
    hash: 'hash',
    kind: 'publishable',
    tenant: 'a',
    origins: ['https://a.example'],
    needsToken: false,
    createdAt: NOW,
  },
  active: 'r2',
  rolledBack: { active: 'r1', previous: 'r2' },
}

/** Reads all of it, and goes on where it ended. */
export async function readWritten(store: Store): Promise<object> {
  const events = await store.readEvents('a', { limit: 10 })
  const batch = { ...newEvents(2, 4), device: DEVICE, epoch: EPOCH }
  return {
    events,
    appended: await store.appendEvents('a', batch),
    erased: await store
      .appendEvents('a', { ...batch, device: ERASED })
      .catch((error: unknown) => codeOf(error)),
    key: await store.findKey('one'),
    active: activeOf((await store.findRollout('a', 'shop'))!),
    rolledBack: await store.rollBack('a', 'shop', { at: NOW }),
  }
}

function codeOf(error: unknown): string | undefined {
  return isVitrineError(error) ? error.code : undefined
}
