/** Guards of the endpoint: durable and idempotent storage, access. */
import type { Guard } from '../guard.ts'

export const endpoint: readonly Guard[] = [
  {
    name: 'an-event-is-stored-once',
    promise: 2,
    file: 'packages/cloud/src/stores/sqlite/events.ts',
    find: 'FROM json_each(?) WHERE true ON CONFLICT DO NOTHING',
    replace: 'FROM json_each(?) WHERE true ON CONFLICT DO UPDATE SET item = excluded.item',
    test: 'packages/cloud/src/stores/sqlite.test.ts',
    only: 'keeps the first version of an event',
  },
  {
    name: 'sqlite-commits-before-it-acknowledges',
    promise: 4,
    file: 'packages/cloud/src/stores/sqlite.ts',
    find: 'if (this.#waiting.length === 1) setImmediate(() => this.#commitWaiting())',
    // A write-behind buffer: answered at once, committed soon.
    replace: `resolve({ stored: batch.events.length, duplicates: 0, skipped: 0 })
      if (this.#waiting.length === 1) setTimeout(() => this.#commitWaiting(), 50)`,
    test: 'packages/cloud/test/kill.test.ts',
    only: 'in the first 5 kills',
  },
  {
    name: 'postgres-commits-to-disk',
    promise: 4,
    file: 'packages/cloud/src/stores/postgres/connection.ts',
    find: 'SET LOCAL synchronous_commit = on',
    replace: 'SET LOCAL synchronous_commit = off',
    test: 'packages/cloud/test/kill-postgres.test.ts',
    only: 'in the first 5 kills',
  },
  {
    name: 'replicas-take-a-device-in-turn',
    promise: 10,
    file: 'packages/cloud/src/stores/postgres/connection.ts',
    find: 'SELECT pg_advisory_xact_lock(key) FROM (',
    replace: 'SELECT key FROM (',
    test: 'packages/cloud/src/stores/postgres.test.ts',
    only: 'leaves nothing of a device that is erased while other replicas append',
  },
]
