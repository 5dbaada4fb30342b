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
    replace: `resolve({ stored: 1, duplicates: 0, skipped: 0 })
      if (this.#waiting.length === 1) setTimeout(() => this.#commitWaiting(), 50)`,
    test: 'packages/cloud/test/kill.test.ts',
    only: 'none doubled in the first',
  },
  {
    name: 'postgres-commits-to-disk',
    promise: 4,
    file: 'packages/cloud/src/stores/postgres/connection.ts',
    find: 'SET LOCAL synchronous_commit = on',
    replace: 'SET LOCAL synchronous_commit = off',
    test: 'packages/cloud/test/kill-postgres.test.ts',
    only: 'none doubled in the first',
  },
  {
    name: 'replicas-take-a-device-in-turn',
    promise: 10,
    file: 'packages/cloud/src/stores/postgres/events.ts',
    find: `appends.map(({ tenant, batch }) => nameOfDevice(tenant, batch.device)),`,
    replace: '[],',
    test: 'packages/cloud/src/stores/postgres.test.ts',
    only: 'leaves nothing of a device that is erased while other replicas append',
  },
  {
    name: 'a-proof-is-used-once',
    promise: 11,
    file: 'packages/cloud/src/auth/tokens.ts',
    find: 'if (await store.useProof(id, { expiresAt: now + 2 * PROOF_WINDOW_MS, now })) return',
    replace: 'if (now > 0) return',
    test: 'packages/cloud/src/auth/refusals.test.ts',
    only: 'a request that is sent again as it was',
  },
  {
    name: 'a-token-belongs-to-its-key',
    promise: 11,
    file: 'packages/cloud/src/auth/tokens.ts',
    find: 'if (proof.thumbprint !== thumbprint)',
    replace: 'if (proof.thumbprint === "")',
    test: 'packages/cloud/src/auth/refusals.test.ts',
    only: 'a stolen token, proven by another key',
  },
  {
    name: 'a-token-is-of-one-device',
    promise: 11,
    file: 'packages/cloud/src/auth/authenticate.ts',
    find: 'if (proven !== undefined && proven !== device) {',
    replace: 'if (proven === "") {',
    test: 'packages/cloud/src/auth/refusals.test.ts',
    only: 'events in the name of another device',
  },
  {
    name: 'a-gzip-bomb-inflates-no-further',
    promise: 11,
    file: 'packages/cloud/src/body.ts',
    find: 'if (length > limit) throw tooLarge(limit)',
    test: 'packages/cloud/src/auth/refusals.test.ts',
    only: 'a gzip bomb',
  },
  {
    name: 'rollouts-halt-by-themselves',
    promise: 9,
    file: 'packages/cloud/src/stores/sqlite/revisions.ts',
    find: 'isHalted: halt.run(tenant, model, revision, thresholds, at).changes > 0',
    replace: 'isHalted: thresholds === ""',
    test: 'packages/cloud/src/routes/rollouts.test.ts',
    only: 'halts when enough devices cannot use the candidate',
  },
  {
    name: 'made-up-devices-halt-no-rollout',
    promise: 11,
    file: 'packages/cloud/src/stores/sqlite/revisions.ts',
    find: 'if (!offer) throw neverOffered(model, revision)',
    // A report as good as an offer.
    replace: `if (!offer) {
      insertOffer.run(tenant, model, revision, device, at)
      return fail(tenant, { model, revision, device, code, at }, rule)
    }`,
    test: 'packages/cloud/src/routes/rollouts.test.ts',
    only: 'counts no report of a device that was never handed the revision',
  },
  {
    name: 'a-device-key-cannot-be-taken-away',
    promise: 11,
    file: 'packages/sdk/src/identity/keys.ts',
    find: "subtle.generateKey(ALGORITHM, false, ['sign', 'verify'])",
    replace: "subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])",
    test: 'packages/sdk/test/device-tokens.test.ts',
    only: 'keeps a key that cannot be taken away',
  },
]
