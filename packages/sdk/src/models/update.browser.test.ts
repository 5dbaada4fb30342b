/** Model updates with a real model: what is downloaded, refused, kept and put in use. */
import type { RecommendResult } from '@vitrine/contracts'
import { type Model, loadModel, recommend, selfTest } from '@vitrine/recommender'
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { PageEndpoint } from '../../test/endpoint.ts'
import { type TestPlatform, createTestPlatform, freshName, settle } from '../../test/platform.ts'
import { type BuiltRevision, buildRevision } from '../../test/revision.ts'
import { createEndpoint } from '../endpoint.ts'
import { openDatabase } from '../storage/indexeddb.ts'
import { createMemoryDatabase } from '../storage/memory.ts'
import { ModelUpdates, type Progress } from './update.ts'

let first: BuiltRevision
let second: BuiltRevision
let endpoint: PageEndpoint
let platform: TestPlatform
let errors: unknown[]
let changes: number
let progress: Progress[]
let name: string
const opened: ModelUpdates<Model>[] = []

beforeAll(async () => {
  first = await buildRevision(1)
  second = await buildRevision(5)
})

beforeEach(() => {
  endpoint = new PageEndpoint()
  endpoint.revision = first
  platform = createTestPlatform({ fetch: endpoint.fetch })
  errors = []
  changes = 0
  progress = []
  name = freshName()
})

afterEach(() => {
  for (const models of opened.splice(0)) models.dispose(new Error('the test ended'))
})

function openTab(database = openDatabase(name, { indexedDB })): ModelUpdates<Model> {
  const models = new ModelUpdates<Model>(database, {
    id: 'tiny',
    endpoint: createEndpoint({ url: `https://${name}.example`, key: 'pk_test' }, platform),
    platform,
    load: (manifest, artifacts, signal) => loadModel(manifest, artifacts, { signal }),
    selfTest,
    onChange: () => changes++,
    onProgress: (report) => progress.push(report),
    onError: (error) => errors.push(error),
  })
  opened.push(models)
  return models
}

async function afterItem0(models: ModelUpdates<Model>): Promise<string | undefined> {
  const result: RecommendResult | undefined = await models.live.use((model) =>
    recommend(model, { placement: 'home', k: 3 }, [{ item: 'item-0', type: 'view' }]),
  )
  return result?.items[0]?.item
}

const codes = () => errors.map((error) => (error as { code?: string }).code)
const artifactRequests = () => endpoint.count('/v1/artifacts/')

test('the first start downloads, verifies, stages and activates; progress ends at the whole', async () => {
  const models = openTab()
  await models.start()
  expect(await afterItem0(models)).toBe('item-1')
  const bytes = first.manifest.artifacts.reduce((sum, artifact) => sum + artifact.bytes, 0)
  expect(progress.at(-1)).toEqual({ loadedBytes: bytes, totalBytes: bytes })
  expect(await models.status()).toEqual({
    revision: 'r-1',
    previous: null,
    origin: 'network',
    bytes,
    bytesDownloaded: bytes,
    storage: { kind: 'indexeddb' },
  })
  expect(changes).toBe(1)
  // Artifacts are asked for without a key: no preflight, and any cache may keep them.
  const artifacts = endpoint.requests.filter(({ path }) => path.startsWith('/v1/artifacts/'))
  expect(artifacts.every(({ authorization }) => authorization === null)).toBe(true)
})

test('the next start is from storage, asks with the ETag, and downloads nothing', async () => {
  await openTab().start()
  endpoint.requests.length = 0
  const models = openTab()
  await models.start()
  await settle()
  expect(await models.status()).toMatchObject({ revision: 'r-1', origin: 'storage', bytesDownloaded: 0 })
  expect(endpoint.requests.map(({ path }) => path)).toEqual(['/v1/models/tiny/manifest'])
  expect(await afterItem0(models)).toBe('item-1')
})

test('offline, the stored model serves; the failure is recorded and tried again', async () => {
  await openTab().start()
  endpoint.fault = () => {
    throw new TypeError('offline')
  }
  const models = openTab()
  await models.start()
  expect(await afterItem0(models)).toBe('item-1')
  await settle()
  expect(codes()).toEqual(['NETWORK_FAILED'])
  expect(platform.waits()).toHaveLength(1)
})

test('with nothing stored and no network the start rejects, and the model comes when the network does', async () => {
  endpoint.fault = () => {
    throw new TypeError('offline')
  }
  const models = openTab()
  await expect(models.start()).rejects.toMatchObject({ code: 'NETWORK_FAILED' })
  expect(models.live.current).toBeUndefined()
  endpoint.fault = () => undefined
  models.hurry()
  await settle()
  expect(await afterItem0(models)).toBe('item-1')
})

test('an update takes only the artifacts that changed and keeps the revision before', async () => {
  const models = openTab()
  await models.start()
  const stored = new Set(first.manifest.artifacts.map(({ sha256 }) => sha256))
  const changed = second.manifest.artifacts.filter(({ sha256 }) => !stored.has(sha256))
  expect(changed.length).toBeGreaterThan(0)
  expect(changed.length).toBeLessThan(second.manifest.artifacts.length)
  const before = artifactRequests()
  endpoint.revision = second
  expect(await models.update()).toEqual({ revision: 'r-5', changed: true })
  expect(artifactRequests() - before).toBe(changed.length)
  expect(await afterItem0(models)).toBe('item-5')
  expect(await models.status()).toMatchObject({ revision: 'r-5', previous: 'r-1' })
  expect(await models.update()).toEqual({ revision: 'r-5', changed: false })
})

test('two revisions later the artifacts of the oldest are gone from storage', async () => {
  const models = openTab()
  await models.start()
  endpoint.revision = second
  await models.update()
  const third = await buildRevision(9)
  endpoint.revision = third
  await models.update()
  const database = await openDatabase(name, { indexedDB })
  const keys = await database.transact('readonly', (rows) => rows.keys())
  const named = [...second.manifest.artifacts, ...third.manifest.artifacts].map(({ sha256 }) => sha256)
  expect(keys).toEqual(['active', 'previous', ...new Set(named)].sort())
})

/** Lets one artifact of `revision` arrive otherwise than it is. */
function spoil(revision: BuiltRevision, role: string, change: (bytes: Uint8Array<ArrayBuffer>) => BodyInit): void {
  const { sha256 } = revision.manifest.artifacts.find((artifact) => artifact.role === role)!
  endpoint.fault = ({ path }) =>
    path.endsWith(sha256) ? new Response(change(revision.blobs.get(sha256)!.slice())) : undefined
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
  const models = openTab()
  await models.start()
  endpoint.revision = second
  spoil(second, 'graph', change)
  await expect(models.update()).rejects.toMatchObject({ code })
  expect(await afterItem0(models)).toBe('item-1')
  expect(await models.status()).toMatchObject({ revision: 'r-1', previous: null })
  const next = openTab()
  await next.start()
  await settle()
  expect(await afterItem0(next)).toBe('item-1')
})

test('an endless artifact is ended at the promised size', async () => {
  const models = openTab()
  await models.start()
  endpoint.revision = second
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
  const models = openTab()
  await models.start()
  endpoint.revision = second
  spoil(second, 'graph', flipped)
  models.noteNewest('r-5')
  await settle()
  expect(codes()).toEqual(['ARTIFACT_CORRUPT'])
  const before = endpoint.requests.length
  models.noteNewest('r-5')
  await settle()
  expect(endpoint.requests).toHaveLength(before)
  endpoint.fault = () => undefined
  expect(await models.update()).toEqual({ revision: 'r-5', changed: true })
})

// Seen to fail with the self-test taken out of #update.
test('a revision that computes otherwise than its golden vectors is refused', async () => {
  const models = openTab()
  await models.start()
  const golden = (revision: BuiltRevision) => revision.manifest.artifacts.find(({ role }) => role === 'golden')!
  const { sha256, bytes } = golden(first)
  endpoint.revision = {
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
  ['that has expired', { expiresAt: '2025-12-31T00:00:00Z' }, 'INVALID_MANIFEST'],
  ['of another schema', { schema: 2 }, 'INVALID_MANIFEST'],
])('a manifest %s is refused', async (_, change, code) => {
  const models = openTab()
  await models.start()
  endpoint.fault = ({ path }) =>
    path.endsWith('/manifest') ? Response.json({ ...second.manifest, ...change }) : undefined
  await expect(models.update()).rejects.toMatchObject({ code })
  expect(await afterItem0(models)).toBe('item-1')
})

test('a manifest of a monster is refused before anything is allocated', async () => {
  const artifacts = second.manifest.artifacts.map((artifact) => ({ ...artifact, bytes: 2 ** 29 }))
  endpoint.fault = ({ path }) =>
    path.endsWith('/manifest') ? Response.json({ ...second.manifest, artifacts }) : undefined
  await expect(openTab().start()).rejects.toMatchObject({ code: 'MODEL_UNSUPPORTED' })
  expect(artifactRequests()).toBe(0)
})

test('an unknown model, a refused key and a busy endpoint have codes of their own', async () => {
  endpoint.revision = undefined
  await expect(openTab().start()).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' })
  endpoint.fault = () => new Response('', { status: 401 })
  await expect(openTab().start()).rejects.toMatchObject({ code: 'ENDPOINT_REFUSED' })
  endpoint.fault = () => new Response('', { status: 503 })
  await expect(openTab().start()).rejects.toMatchObject({ code: 'NETWORK_FAILED' })
})

// Seen to fail with stored artifacts taken as they are: the rotten graph went live or the start failed.
test('an artifact that rotted in storage is noticed and downloaded anew', async () => {
  await openTab().start()
  const { sha256 } = first.manifest.artifacts.find(({ role }) => role === 'graph')!
  const database = await openDatabase(name, { indexedDB })
  await database.transact('readwrite', async (rows) =>
    rows.put(sha256, flipped(((await rows.get(sha256)) as Uint8Array<ArrayBuffer>).slice())),
  )
  const before = artifactRequests()
  const models = openTab()
  await models.start()
  expect(codes()).toContain('ARTIFACT_CORRUPT')
  expect(await afterItem0(models)).toBe('item-1')
  expect(artifactRequests() - before).toBe(1)
})

test('when the active revision rotted and the network is away, the previous one serves', async () => {
  const models = openTab()
  await models.start()
  endpoint.revision = second
  await models.update()
  const { sha256 } = second.manifest.artifacts.find(({ role }) => role === 'graph')!
  const database = await openDatabase(name, { indexedDB })
  await database.transact('readwrite', async (rows) => rows.delete(sha256))
  endpoint.fault = () => {
    throw new TypeError('offline')
  }
  const next = openTab()
  await next.start()
  expect(await afterItem0(next)).toBe('item-1')
})

// Seen to fail with the lock taken out: every artifact was downloaded three times.
test('three tabs that start at once download each artifact once', async () => {
  const tabs = [openTab(), openTab(), openTab()]
  await Promise.all(tabs.map((models) => models.start()))
  expect(artifactRequests()).toBe(first.manifest.artifacts.length)
  for (const models of tabs) expect(await afterItem0(models)).toBe('item-1')
})

test('another tab takes over a revision that one tab activated', async () => {
  const [one, two] = [openTab(), openTab()]
  await Promise.all([one.start(), two.start()])
  endpoint.revision = second
  await one.update()
  await settle()
  expect(await afterItem0(two)).toBe('item-5')
})

test('a list under way is finished by the model it began with, which is freed afterwards', async () => {
  const models = openTab()
  await models.start()
  const old = models.live.current!
  let finish = (): void => {}
  const slow = models.live.use(async (model) => {
    await new Promise<void>((resolve) => (finish = resolve))
    return recommend(model, { placement: 'home', k: 1 }, [])
  })
  endpoint.revision = second
  await models.update()
  expect(await afterItem0(models)).toBe('item-5')
  finish()
  expect((await slow)?.revision).toBe('r-1')
  await expect(recommend(old, { placement: 'home', k: 1 }, [])).rejects.toMatchObject({ code: 'DISPOSED' })
})

test('disposing ends a download under way', async () => {
  const models = openTab()
  endpoint.fault = ({ path }) =>
    path.startsWith('/v1/artifacts/') ? new Response(new ReadableStream({})) : undefined
  const started = models.start()
  await settle()
  const reason = new Error('enough')
  models.dispose(reason)
  await expect(started).rejects.toBe(reason)
})

test('a download that brings nothing for half a minute is given up', async () => {
  const models = openTab()
  endpoint.fault = ({ path }) =>
    path.startsWith('/v1/artifacts/') ? new Response(new ReadableStream({})) : undefined
  const started = models.start()
  started.catch(() => {})
  await settle()
  await platform.advance(31_000)
  await expect(started).rejects.toMatchObject({ code: 'NETWORK_FAILED' })
})

test('without storage everything works in memory; given consent, the revisions move to disk', async () => {
  const models = openTab(Promise.resolve(createMemoryDatabase('no consent to store')))
  await models.start()
  expect(await afterItem0(models)).toBe('item-1')
  expect((await models.status()).storage.kind).toBe('memory')
  await models.moveTo(openDatabase(name, { indexedDB }))
  expect((await models.status()).storage.kind).toBe('indexeddb')
  const before = artifactRequests()
  const next = openTab()
  await next.start()
  expect(await afterItem0(next)).toBe('item-1')
  expect(artifactRequests()).toBe(before)
})
