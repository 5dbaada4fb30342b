/** Guards that are shown to be needed in a whole browser: the SDK is built without them, and killed or cut off. */
import type { Guard } from '../guard.ts'

export const browsers: readonly Guard[] = [
  {
    name: 'a-killed-browser-has-what-was-committed',
    promise: 1,
    file: 'packages/sdk/src/storage/connection.ts',
    find: "result.then(mode === 'readonly' ? resolve : undefined, () => {",
    // On a quick disk it takes luck to kill a browser between request and commit: here a commit takes its time.
    replace: `const until = performance.now() + (mode === 'readonly' ? 0 : 200)
    const hold = (): void => {
      if (performance.now() < until) transaction.objectStore(STORE).get('').onsuccess = hold
    }
    hold()
    result.then(resolve, () => {`,
    test: 'tests/e2e/kills.spec.ts',
    only: 'no kill of the whole browser costs an event that was durable',
    says: '+   "lost":',
  },
  {
    name: 'a-broken-record-is-left-behind',
    promise: 1,
    file: 'packages/sdk/src/renew-journal.ts',
    find: '  factory.deleteDatabase(SCRATCH)\n',
    replace: '',
    test: 'tests/e2e/kills.spec.ts',
    only: 'a record that a kill broke off costs Chromium’s databases nothing',
    says: '+   "discards":',
  },
  {
    name: 'a-cut-request-costs-nothing',
    promise: 2,
    file: 'packages/sdk/src/behavior/sync.ts',
    find: "const response = await endpoint.request('/v1/events', {",
    replace:
      "await log.acknowledge(batch, batch.events.at(-1)!.seq); const response = await endpoint.request('/v1/events', {",
    test: 'tests/e2e/faults.spec.ts',
    only: 'arrive once each through lost, late, cut and refused requests',
    says: '+   "lost":',
  },
  {
    name: 'a-full-disk-is-survived',
    promise: 6,
    file: 'packages/sdk/src/storage/indexeddb.ts',
    find: 'this.#fallBack(error)',
    replace: 'throw error',
    test: 'tests/e2e/quota.spec.ts',
    only: 'a browser without room on disk goes on in memory',
    says: 'QuotaExceededError',
  },
  {
    name: 'activation-comes-last',
    promise: 8,
    file: 'packages/sdk/src/models/update.ts',
    find: '  const artifacts = await downloadRevision(manifest, {',
    replace:
      '  await store.activate({ manifest, artifacts: new Map() }, { etag: served.etag, ...admitted })\n  const artifacts = await downloadRevision(manifest, {',
    test: 'tests/e2e/updates.spec.ts',
    only: 'a page that dies in the middle of an update leaves the old revision or the new one',
    says: 'is missing',
  },
]
