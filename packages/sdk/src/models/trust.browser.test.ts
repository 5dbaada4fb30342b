/** Whom a device believes: signatures, key sets, versions, with a real model in a real store. */
import type { Manifest } from '@vitrine/contracts'
import { seeded } from '@vitrine/trials'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { flip } from '../../test/bytes.ts'
import { ModelBench, afterItem0 } from '../../test/model-bench.ts'
import { settle } from '../../test/platform.ts'
import { type BuiltRevision, buildRevision } from '../../test/revision.ts'
import { NOW_S, type TestKey, createTestKey, signKeySet, signRevision } from '../../test/signing.ts'
import { verifyEd25519 } from '../ed25519.ts'
import type { ActiveModel } from './active.ts'
import { createFindSigner } from './signature.ts'

const DAY_S = 86_400

let bench: ModelBench
let plain: { first: BuiltRevision; second: BuiltRevision }
let [one, two, three]: TestKey[] = []

beforeAll(async () => {
  plain = { first: await buildRevision(1), second: await buildRevision(5) }
})

beforeEach(async () => {
  ;[one, two, three] = [await createTestKey(), await createTestKey(), await createTestKey()]
  bench = new ModelBench()
  bench.pins = { trustedKeys: [one.key], floor: 0 }
  bench.endpoint.revision = await signRevision(plain.first, one, { version: NOW_S, floor: NOW_S })
})

afterEach(() => bench.close())

/** A page that runs the first revision, and an endpoint that serves `second` from now on. */
async function offered(second: BuiltRevision): Promise<ActiveModel<never>> {
  const models = bench.openTab()
  await models.start()
  bench.endpoint.revision = second
  return models as unknown as ActiveModel<never>
}

const second = (by: TestKey, change: Partial<Manifest> = {}): Promise<BuiltRevision> =>
  signRevision(plain.second, by, { version: NOW_S + DAY_S, floor: NOW_S, ...change })

test('a revision of the pinned key runs, and diagnostics say who signed it', async () => {
  const models = await offered(await second(one!))
  expect(await models.update()).toEqual({ revision: 'r-5', changed: true })
  expect((await models.status()).trust).toEqual({
    version: NOW_S + DAY_S,
    isExpired: false,
    signer: one!.key,
    pinned: 1,
    keySet: 0,
    floor: NOW_S,
  })
})

describe('refused, and the revision in use stays:', () => {
  // Each was seen to fail with its guard taken out (pnpm run mutation).
  test.each<[string, (key: TestKey, stranger: TestKey) => Promise<BuiltRevision>, string]>([
    ['a signature by a key that is not pinned', (_, stranger) => second(stranger), 'SIGNATURE_INVALID'],
    [
      'a signature that names the pinned key and is by another',
      async (key, stranger) => {
        const { manifest, blobs } = await second(stranger)
        const { signature } = manifest.signatures![0]!
        return { manifest: { ...manifest, signatures: [{ key: key.key, signature }] }, blobs }
      },
      'SIGNATURE_INVALID',
    ],
    ['no signature', async () => plain.second, 'SIGNATURE_INVALID'],
    [
      'a field changed after signing',
      async (key) => {
        const { manifest, blobs } = await second(key)
        return { manifest: { ...manifest, metrics: { 'hit_rate@20': 1 } }, blobs }
      },
      'SIGNATURE_INVALID',
    ],
    [
      'artifacts of another revision under a good signature',
      async (key) => {
        const { manifest } = await second(key)
        const { artifacts } = plain.first.manifest
        return { manifest: { ...manifest, artifacts }, blobs: plain.first.blobs }
      },
      'SIGNATURE_INVALID',
    ],
    [
      'a version below the floor of the one in use',
      (key) => second(key, { version: NOW_S - 1, floor: 0 }),
      'REVISION_TOO_OLD',
    ],
    [
      'a version years ahead, which would shut out all that come after it',
      (key) => second(key, { version: NOW_S + 400 * DAY_S, floor: NOW_S + 400 * DAY_S }),
      'REVISION_TOO_NEW',
    ],
    ['one that has expired', (key) => second(key, { expiresAt: '2025-12-31T00:00:00Z' }), 'REVISION_EXPIRED'],
    ['one of another model', (key) => second(key, { id: 'other' }), 'INVALID_MANIFEST'],
  ])('%s', async (_, build, code) => {
    const models = await offered(await build(one!, two!))
    await expect(models.update()).rejects.toMatchObject({ code })
    expect(await afterItem0(models as never)).toBe('item-1')
    const status = await models.status()
    expect(status).toMatchObject({ revision: 'r-1', previous: null, refused: { [code]: 1 } })
    expect(bench.endpoint.count('/v1/artifacts/')).toBe(plain.first.manifest.artifacts.length)
  })
})

// Node tries ten thousand kinds of mutants (test/mutants.test.ts); here the engine's own cryptography is on trial.
test('300 manifests with one bit flipped are refused in this engine, too', async () => {
  const { manifest, blobs } = await second(one!)
  const models = await offered({ manifest, blobs })
  const text = new TextEncoder().encode(JSON.stringify(manifest))
  const random = seeded(7)
  for (let mutant = 0; mutant < 300; mutant++) {
    const body = flip(random, text)
    bench.endpoint.fault = ({ path }) => (path.endsWith('/manifest') ? new Response(body) : undefined)
    const outcome = await models.update().catch((error: unknown) => error)
    expect(outcome).not.toMatchObject({ changed: true })
  }
  expect(await afterItem0(models as never)).toBe('item-1')
})

test('the page’s own floor holds for what is stored, too', async () => {
  await bench.openTab().start()
  bench.pins = { trustedKeys: [one!.key], floor: NOW_S + 1 }
  const models = bench.openTab()
  await expect(models.start()).rejects.toMatchObject({ code: 'REVISION_TOO_OLD' })
  expect(models.live.current).toBeUndefined()
})

test('a rollback within the floor is followed, and one below it is not', async () => {
  const models = await offered(await second(one!))
  await models.update()
  bench.endpoint.revision = await signRevision(plain.first, one!, { version: NOW_S, floor: NOW_S })
  expect(await models.update()).toEqual({ revision: 'r-1', changed: true })
  bench.endpoint.revision = await second(one!, { version: NOW_S + 2 * DAY_S, floor: NOW_S + 2 * DAY_S })
  await models.update()
  bench.endpoint.revision = await signRevision(plain.first, one!, { version: NOW_S, floor: NOW_S })
  await expect(models.update()).rejects.toMatchObject({ code: 'REVISION_TOO_OLD' })
})

test('when the time of the revision in use has passed it goes on, and says so', async () => {
  bench.endpoint.revision = await signRevision(plain.first, one!, { expiresAt: '2026-01-02T00:00:00Z' })
  const models = bench.openTab()
  await models.start()
  await bench.platform.advance(2 * DAY_S * 1000)
  const next = bench.openTab()
  await next.start()
  expect(await afterItem0(next)).toBe('item-1')
  expect((await next.status()).trust.isExpired).toBe(true)
})

test('what was stored before keys were pinned does not run once they are', async () => {
  bench.pins = undefined
  bench.endpoint.revision = plain.first
  await bench.openTab().start()
  bench.pins = { trustedKeys: [one!.key], floor: 0 }
  await expect(bench.openTab().start()).rejects.toMatchObject({ code: 'SIGNATURE_INVALID' })
  bench.endpoint.revision = await signRevision(plain.first, one!)
  const models = bench.openTab()
  await models.start()
  expect((await models.status()).downloads.bytes).toBe(0) // The artifacts are there, their hashes are signed.
})

describe('keys follow one another', () => {
  test('a key that the pinned one vouches for signs, also after the pinned one was taken back', async () => {
    const follow = await signKeySet(1, [two!], one!)
    const models = await offered(await second(two!, { keySets: [follow] }))
    expect(await models.update()).toEqual({ revision: 'r-5', changed: true })
    expect((await models.status()).trust).toMatchObject({ signer: two!.key, keySet: 1 })
    // The old key's manifests are refused from now on, without any statement beside them.
    bench.endpoint.revision = await signRevision(plain.first, one!, { version: NOW_S + 9 })
    await expect(models.update()).rejects.toMatchObject({ code: 'SIGNATURE_INVALID' })
    const next = bench.openTab()
    await next.start()
    expect(await afterItem0(next)).toBe('item-5')
  })

  test('a chain of statements is followed in order, from any point of it', async () => {
    const chain = [await signKeySet(1, [two!], one!), await signKeySet(2, [three!], two!)]
    bench.endpoint.revision = await second(three!, { keySets: chain })
    for (const pinned of [one!, two!, three!]) {
      bench.pins = { trustedKeys: [pinned.key], floor: 0 }
      const models = bench.openTab()
      await models.update()
      expect((await models.status()).trust.signer).toBe(three!.key)
    }
  })

  test('a statement that no trusted key signed leads nowhere', async () => {
    const forged = await signKeySet(1, [two!], two!)
    const models = await offered(await second(two!, { keySets: [forged] }))
    await expect(models.update()).rejects.toMatchObject({ code: 'SIGNATURE_INVALID' })
  })

  test('a statement of a key that was taken back does not lead back', async () => {
    const follow = await signKeySet(1, [two!], one!)
    const models = await offered(await second(two!, { keySets: [follow] }))
    await models.update()
    const back = [await signKeySet(1, [one!], one!), await signKeySet(2, [one!], one!)]
    bench.endpoint.revision = await signRevision(plain.first, one!, { version: NOW_S + 9, keySets: back })
    await expect(models.update()).rejects.toMatchObject({ code: 'SIGNATURE_INVALID' })
  })

  test('a thief’s revision from next month ends with the thief’s key', async () => {
    const ahead = NOW_S + 30 * DAY_S
    const models = await offered(await second(one!, { version: ahead, floor: ahead }))
    await models.update()
    const follow = await signKeySet(1, [two!], one!)
    const honest = { version: NOW_S + DAY_S, floor: NOW_S, revision: 'honest', keySets: [follow] }
    bench.endpoint.revision = await signRevision(plain.first, two!, honest)
    expect(await models.update()).toEqual({ revision: 'honest', changed: true })
    expect((await models.status()).trust.floor).toBe(NOW_S)
  })

  test('a page that pins other keys begins anew', async () => {
    const follow = await signKeySet(7, [two!], one!)
    await (await offered(await second(two!, { keySets: [follow] }))).update()
    bench.pins = { trustedKeys: [three!.key], floor: 0 }
    bench.endpoint.revision = await second(three!, { revision: 'of-three' })
    const models = bench.openTab()
    await models.start()
    expect((await models.status()).trust).toMatchObject({ signer: three!.key, keySet: 0 })
  })
})

/** Signed as it should be, with golden vectors of another model. */
async function broken(change: Partial<Manifest> = {}): Promise<BuiltRevision> {
  const golden = plain.first.manifest.artifacts.find(({ role }) => role === 'golden')!
  const artifacts = plain.second.manifest.artifacts.map((each) => (each.role === 'golden' ? golden : each))
  const blobs = new Map([...plain.first.blobs, ...plain.second.blobs])
  const built = { manifest: { ...plain.second.manifest, artifacts }, blobs }
  return signRevision(built, one!, { version: NOW_S + DAY_S, ...change })
}

describe('a revision that does not work here', () => {
  // Seen to fail with the memory of rejected revisions taken out of update.ts.
  test('is not tried again by itself, not by a later page either, but when asked', async () => {
    const models = await offered(await broken())
    await expect(models.update()).rejects.toMatchObject({ code: 'SELF_TEST_FAILED' })
    expect((await models.status()).rejected).toMatchObject({ revision: 'r-5', code: 'SELF_TEST_FAILED' })
    const before = bench.artifactRequests()
    const next = bench.openTab()
    await next.start()
    await settle()
    next.noteNewest('r-5')
    await settle()
    expect(await afterItem0(next)).toBe('item-1')
    expect(bench.artifactRequests()).toBe(before)
    expect(bench.codes()).toEqual([]) // It was not even loaded.
    await expect(next.update()).rejects.toMatchObject({ code: 'SELF_TEST_FAILED' })
  })

  test('does not stand in the way of the next one', async () => {
    const models = await offered(await broken())
    await expect(models.update()).rejects.toMatchObject({ code: 'SELF_TEST_FAILED' })
    bench.endpoint.revision = await second(one!, { revision: 'mended' })
    expect(await models.update({ isAsked: false })).toEqual({ revision: 'mended', changed: true })
  })
})

describe('where the browser knows no Ed25519', () => {
  /** Everything but Ed25519, as Chromium had it before 137. */
  const old = new Proxy(crypto.subtle, {
    get: (subtle, name) =>
      name === 'importKey'
        ? () => Promise.reject(new DOMException('Unrecognized name.', 'NotSupportedError'))
        : (Reflect.get(subtle, name) as () => unknown).bind(subtle),
  })

  test('the file that is loaded there checks as the browser would', async () => {
    const { manifest } = await second(one!)
    const find = createFindSigner({ subtle: old, loadEd25519: async () => verifyEd25519 })
    expect(await find(manifest, [one!.key])).toBe(one!.key)
    expect(await find(manifest, [two!.key])).toBeUndefined()
    expect(await find({ ...manifest, items: 25 } as Manifest, [one!.key])).toBeUndefined()
    const { signature } = manifest.signatures![0]!
    const bent = { key: one!.key, signature: signature.slice(0, -1) + (signature.endsWith('0') ? '1' : '0') }
    expect(await find({ ...manifest, signatures: [bent] }, [one!.key])).toBeUndefined()
  })

  test('and without that file no model runs, and it says why', async () => {
    const { manifest } = await second(one!)
    const find = createFindSigner({
      subtle: old,
      loadEd25519: async () => {
        throw new Error('not there')
      },
    })
    await expect(find(manifest, [one!.key])).rejects.toMatchObject({ code: 'MODEL_UNSUPPORTED' })
  })
})
