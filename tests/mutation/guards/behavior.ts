/** Guards of the behaviour log and of its sending. */
import type { Guard } from '../guard.ts'

const LOG = 'packages/sdk/src/behavior/log.ts'
const SYNC = 'packages/sdk/src/behavior/sync.ts'
const CONSENT = 'packages/sdk/src/behavior/consent.ts'
const CONNECTION = 'packages/sdk/src/storage/connection.ts'
const DATABASE = 'packages/sdk/src/storage/indexeddb.ts'

const LOG_TEST = 'packages/sdk/src/behavior/log.browser.test.ts'
const SYNC_TEST = 'packages/sdk/src/behavior/sync.browser.test.ts'
const CONSENT_TEST = 'packages/sdk/src/behavior/consent.browser.test.ts'
const DATABASE_TEST = 'packages/sdk/src/storage/database.browser.test.ts'
const HOSTILE_TEST = 'packages/sdk/src/worker/hostile-browser.browser.test.ts'
const CRASH_TEST = 'packages/sdk/test/crash-points.test.ts'
const MODEL_TEST = 'packages/sdk/test/model.test.ts'
const OUTAGE_TEST = 'packages/sdk/test/outage.test.ts'

export const behavior: readonly Guard[] = [
  {
    name: 'resolve-after-the-commit',
    promise: 1,
    file: CONNECTION,
    find: "mode === 'readonly' ? resolve : undefined",
    replace: 'resolve',
    test: CRASH_TEST,
    only: 'a tab that dies at any turn of its event loop',
  },
  {
    name: 'delete-after-the-answer',
    promise: 2,
    file: SYNC,
    find: "const response = await endpoint.request('/v1/events', {",
    replace:
      "await log.acknowledge(batch, batch.events.at(-1)!.seq); const response = await endpoint.request('/v1/events', {",
    test: CRASH_TEST,
    only: 'a tab that dies after a batch is sent, before the endpoint stores it',
  },
  {
    name: 'delete-after-the-answer-of-a-bad-network',
    promise: 2,
    file: SYNC,
    find: "const response = await endpoint.request('/v1/events', {",
    replace:
      "await log.acknowledge(batch, batch.events.at(-1)!.seq); const response = await endpoint.request('/v1/events', {",
    test: 'packages/sdk/test/retries.test.ts',
    only: 'events from 3 tabs',
    says: 'lost: ',
  },
  {
    name: 'acknowledgements-belong-to-an-epoch',
    promise: 2,
    file: LOG,
    find: 'if (meta?.epoch !== epoch || through < meta.oldest) return',
    replace: 'if (!meta || through < meta.oldest) return',
    test: LOG_TEST,
    only: 'an acknowledgement of an erased epoch changes nothing',
    // The batch that must still wait is gone.
    says: "undefined (reading 'events')",
  },
  {
    name: 'a-400-is-believed-when-repeated',
    promise: 2,
    file: SYNC,
    find: 'isOfEvents && this.#doubted !== last',
    replace: 'false',
    test: SYNC_TEST,
    only: 'a body that arrives broken is sent again',
  },
  {
    name: 'an-endpoint-that-refuses-everything-is-left-alone',
    promise: 2,
    file: SYNC,
    find: 'isOfEvents && this.#refusedInARow < MAX_REFUSED_IN_A_ROW',
    replace: 'isOfEvents',
    test: SYNC_TEST,
    only: 'an endpoint that refuses every event is wrong itself',
  },
  {
    name: 'a-late-answer-erases-its-own-device-alone',
    promise: 3,
    file: LOG,
    find: 'if (of !== undefined && meta?.device !== of) return',
    test: LOG_TEST,
    only: 'a late answer to an erased device erases nothing of the next',
  },
  {
    name: 'acknowledged-events-leave-the-log',
    promise: 3,
    file: LOG,
    find: 'meta.oldest = through + 1',
    test: MODEL_TEST,
    only: 'whatever happens in whatever order',
    says: 'Property failed',
  },
  {
    name: 'back-off-with-jitter',
    promise: 5,
    file: 'packages/sdk/src/backoff.ts',
    find: 'return random() * Math.min(',
    replace: 'return Math.min(',
    test: OUTAGE_TEST,
    only: 'for five seconds come back',
  },
  {
    name: 'retries-keep-to-the-pace-of-the-device',
    promise: 5,
    file: SYNC,
    find: 'backoffMs(attempt, this.#options.platform.random, this.#paceMs)',
    replace: 'backoffMs(attempt, this.#options.platform.random)',
    test: OUTAGE_TEST,
    only: 'for five seconds come back',
  },
  {
    name: 'jitter-on-top-of-retry-after',
    promise: 5,
    file: SYNC,
    find: 'asked + this.#backoffMs(this.#failures + 1)',
    replace: 'asked',
    test: OUTAGE_TEST,
    only: 'told to come back in a minute come back',
  },
  {
    name: 'honour-retry-after',
    promise: 5,
    file: SYNC,
    find: 'const asked = retryAfterMs(headers, at)',
    replace: 'const asked = 0 * retryAfterMs(headers, at)',
    test: SYNC_TEST,
    only: 'Retry-After is honoured on 503',
  },
  {
    name: 'go-on-in-memory',
    promise: 6,
    file: DATABASE,
    find: 'this.#fallBack(error)',
    replace: 'throw error',
    test: HOSTILE_TEST,
    only: 'a disk that is full from one moment on',
    // What the disk of the test says reaches the page.
    says: 'full',
  },
  {
    name: 'a-transaction-that-hangs-is-given-up',
    promise: 6,
    file: CONNECTION,
    find: 'return withTimeout(ended, timeoutMs, () => abort(transaction))',
    replace: 'return ended',
    test: DATABASE_TEST,
    only: 'a transaction that waits for one which never ends',
  },
  {
    name: 'what-is-given-up-is-taken-back',
    promise: 2,
    file: CONNECTION,
    find: 'return withTimeout(ended, timeoutMs, () => abort(transaction))',
    replace: 'return withTimeout(ended, timeoutMs, () => true)',
    test: DATABASE_TEST,
    only: 'a transaction that waits for one which never ends',
  },
  {
    name: 'make-way-for-a-newer-release',
    promise: 6,
    file: CONNECTION,
    find: "database.addEventListener('versionchange', () => {",
    replace: "database.addEventListener('nothing', () => {",
    test: DATABASE_TEST,
    only: 'an open tab of the older release makes way',
  },
  {
    name: 'erase-what-consent-no-longer-covers',
    promise: 10,
    file: CONSENT,
    find: '    await this.#erase(ledger)',
    test: CONSENT_TEST,
    only: 'withdrawn consent erases everything here and there',
  },
  {
    name: 'a-tab-in-memory-forgets-too',
    promise: 10,
    file: CONSENT,
    find: '      await log.erase()\n      this.#inBackground(this.#tellErased(log))',
    test: CONSENT_TEST,
    only: 'another tab that keeps events in memory',
  },
  {
    name: 'no-note-forgets-another',
    promise: 10,
    file: CONSENT,
    find: '    this.#noted.add(log)\n',
    replace: '    this.#noted.clear()\n    this.#noted.add(log)\n',
    test: 'packages/sdk/test/withdrawals.test.ts',
    only: 'whom to erase is remembered',
  },
  {
    name: 'tell-the-endpoint-at-the-next-start',
    promise: 10,
    file: LOG,
    find: 'if (erased.size > 0) transaction.put(ERASED, [...erased])',
    test: CRASH_TEST,
    only: 'consent that is withdrawn from a tab that dies before the endpoint is told',
  },
  {
    name: 'store-nothing-without-consent',
    promise: 10,
    file: CONSENT,
    find: "consent === 'granted' ? this.#openDurable() : this.#openTransient()",
    replace: 'this.#openDurable()',
    test: CONSENT_TEST,
    only: 'without consent no database is created',
  },
  {
    name: 'count-what-overflows',
    promise: 12,
    file: LOG,
    find: 'meta.overflowed++',
    test: LOG_TEST,
    only: 'a full log drops its oldest events',
  },
  {
    name: 'count-what-is-acknowledged',
    promise: 12,
    file: LOG,
    find: 'meta.acknowledged += through + 1 - meta.oldest',
    test: MODEL_TEST,
    only: 'whatever happens in whatever order',
    says: 'is not the sum of its parts',
  },
]
