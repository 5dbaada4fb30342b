/** What model updates refuse: the revision in use stays, whatever arrives. */
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { ModelBench, afterItem0 } from '../../test/model-bench.ts'
import { settle } from '../../test/platform.ts'
import { type BuiltRevision, buildRevision } from '../../test/revision.ts'

let bench: ModelBench
let first: BuiltRevision
let second: BuiltRevision

beforeAll(async () => {
  first = await buildRevision(1)
  second = await buildRevision(5)
})

beforeEach(() => {
  bench = new ModelBench()
  bench.endpoint.revision = first
})

afterEach(() => bench.close())

/** Lets one artifact of `revision` arrive otherwise than it is. */
function spoil(
  revision: BuiltRevision,
  role: string,
  change: (bytes: Uint8Array<ArrayBuffer>) => BodyInit,
): void {
  const { sha256 } = revision.manifest.artifacts.find((artifact) => artifact.role === role)!
  bench.endpoint.fault = ({ path }) =>
    path === `/v1/artifacts/${sha256}` ? new Response(change(revision.blobs.get(sha256)!.slice())) : undefined
}

const flipped = (bytes: Uint8Array<ArrayBuffer>) => {
  bytes[bytes.length >> 1]! ^= 1
  return bytes
}

// Each seen to fail with the check taken out: without the hash, a flipped bit went live; without the size check
// while streaming, the whole oversized body was read.
test.each([
  ['one flipped bit', flipped, 'ARTIFACT_CORRUPT'],
  ['a byte too many', (bytes: Uint8Array<ArrayBuffer>) => new Blob([bytes, 'x']), 'ARTIFACT_CORRUPT'],
  ['cut short', (bytes: Uint8Array<ArrayBuffer>) => bytes.slice(0, -1), 'NETWORK_FAILED'],
  ['empty', () => '', 'NETWORK_FAILED'],
])('an artifact with %s is refused, and the revision in use stays', async (_, change, code) => {
  const models = bench.openTab()
  await models.start()
  bench.endpoint.revision = second
  spoil(second, 'graph', change)
  await expect(models.update()).rejects.toMatchObject({ code })
  expect(await afterItem0(models)).toBe('item-1')
  expect(await models.status()).toMatchObject({ revision: 'r-1', previous: null })
  const next = bench.openTab()
  await next.start()
  await settle()
  expect(await afterItem0(next)).toBe('item-1')
})

// Seen to fail with the second try taken out.
test('a damaged copy that a cache would hand out for ever is asked for once more, past the cache', async () => {
  const models = bench.openTab()
  await models.start()
  bench.endpoint.revision = second
  let tries = 0
  spoil(second, 'graph', (bytes) => (tries++ === 0 ? flipped(bytes) : bytes))
  expect(await models.update()).toEqual({ revision: 'r-5', changed: true })
  const { loadedBytes, totalBytes } = bench.progress.at(-1)!
  expect(loadedBytes).toBe(totalBytes)
})

test('an endless artifact is ended at the promised size', async () => {
  const models = bench.openTab()
  await models.start()
  bench.endpoint.revision = second
  let cancelled = false
  spoil(
    second,
    'graph',
    () =>
      new ReadableStream({
        pull: (controller) => controller.enqueue(new Uint8Array(1000)),
        cancel: () => void (cancelled = true),
      }),
  )
  await expect(models.update()).rejects.toMatchObject({ code: 'ARTIFACT_CORRUPT' })
  await settle()
  expect(cancelled).toBe(true)
})

// Seen to fail with the memory of refused revisions taken out: every acknowledgement downloaded it anew.
test('a corrupt revision is not downloaded again at every acknowledgement, but by an explicit update', async () => {
  const models = bench.openTab()
  await models.start()
  bench.endpoint.revision = second
  spoil(second, 'graph', flipped)
  models.noteNewest('r-5')
  await vi.waitFor(() => expect(bench.codes()).toEqual(['ARTIFACT_CORRUPT']))
  const before = bench.endpoint.requests.length
  models.noteNewest('r-5')
  await settle()
  expect(bench.endpoint.requests).toHaveLength(before)
  bench.endpoint.fault = () => undefined
  expect(await models.update()).toEqual({ revision: 'r-5', changed: true })
})

// Seen to fail with the self-test taken out of #update.
test('a revision that computes otherwise than its golden vectors is refused', async () => {
  const models = bench.openTab()
  await models.start()
  const { sha256, bytes } = first.manifest.artifacts.find(({ role }) => role === 'golden')!
  bench.endpoint.revision = {
    manifest: {
      ...second.manifest,
      artifacts: second.manifest.artifacts.map((artifact) =>
        artifact.role === 'golden' ? { ...artifact, sha256, bytes } : artifact,
      ),
    },
    blobs: new Map([...second.blobs, ...first.blobs]),
  }
  await expect(models.update()).rejects.toMatchObject({ code: 'SELF_TEST_FAILED' })
  expect(await afterItem0(models)).toBe('item-1')
})

test.each([
  ['of another model', { id: 'other' }, 'INVALID_MANIFEST'],
  ['that has expired', { expiresAt: '2025-12-31T00:00:00Z' }, 'REVISION_EXPIRED'],
  ['of another schema', { schema: 2 }, 'INVALID_MANIFEST'],
])('a manifest %s is refused', async (_, change, code) => {
  const models = bench.openTab()
  await models.start()
  bench.endpoint.fault = ({ path }) =>
    path.endsWith('/manifest') ? Response.json({ ...second.manifest, ...change }) : undefined
  await expect(models.update()).rejects.toMatchObject({ code })
  expect(await afterItem0(models)).toBe('item-1')
})

test('a manifest of a monster is refused before anything is allocated', async () => {
  const artifacts = second.manifest.artifacts.map((artifact) => ({ ...artifact, bytes: 2 ** 29 }))
  bench.endpoint.fault = ({ path }) =>
    path.endsWith('/manifest') ? Response.json({ ...second.manifest, artifacts }) : undefined
  await expect(bench.openTab().start()).rejects.toMatchObject({ code: 'MODEL_UNSUPPORTED' })
  expect(bench.artifactRequests()).toBe(0)
})

test('an unknown model, a refused key and a busy endpoint have codes of their own', async () => {
  bench.endpoint.revision = undefined
  await expect(bench.openTab().start()).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' })
  bench.endpoint.fault = () => new Response('', { status: 401 })
  await expect(bench.openTab().start()).rejects.toMatchObject({ code: 'ENDPOINT_REFUSED' })
  bench.endpoint.fault = () => new Response('', { status: 503 })
  await expect(bench.openTab().start()).rejects.toMatchObject({ code: 'NETWORK_FAILED' })
})

// Seen to fail with stored artifacts taken as they are: the rotten graph went live or the start failed.
test('an artifact that rotted in storage is noticed and downloaded anew', async () => {
  await bench.openTab().start()
  const { sha256 } = first.manifest.artifacts.find(({ role }) => role === 'graph')!
  const database = await bench.openDatabase()
  await database.transact('readwrite', async (rows) =>
    rows.put(sha256, flipped(((await rows.get(sha256)) as Uint8Array<ArrayBuffer>).slice())),
  )
  const before = bench.artifactRequests()
  const models = bench.openTab()
  await models.start()
  expect(bench.codes()).toContain('ARTIFACT_CORRUPT')
  expect(await afterItem0(models)).toBe('item-1')
  expect(bench.artifactRequests() - before).toBe(1)
})

test('when the active revision rotted and the network is away, the previous one serves', async () => {
  const models = bench.openTab()
  await models.start()
  bench.endpoint.revision = second
  await models.update()
  const { sha256 } = second.manifest.artifacts.find(({ role }) => role === 'graph')!
  const database = await bench.openDatabase()
  await database.transact('readwrite', async (rows) => rows.delete(sha256))
  bench.endpoint.fault = () => {
    throw new TypeError('offline')
  }
  const next = bench.openTab()
  await next.start()
  expect(await afterItem0(next)).toBe('item-1')
})
