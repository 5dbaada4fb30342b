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
]
