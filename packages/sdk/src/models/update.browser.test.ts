/** Model updates with a real model: what is downloaded, stored and put in use. */
import { recommend } from '@vitrine/recommender'
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { ModelBench, afterItem0 } from '../../test/model-bench.ts'
import { settle } from '../../test/platform.ts'
import { type BuiltRevision, buildRevision } from '../../test/revision.ts'
import { createMemoryDatabase } from '../storage/memory.ts'

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

test('the first start downloads, verifies, stages and activates; bench.progress ends at the whole', async () => {
  const models = bench.openTab()
  await models.start()
  expect(await afterItem0(models)).toBe('item-1')
  const bytes = first.manifest.artifacts.reduce((sum, artifact) => sum + artifact.bytes, 0)
  expect(bench.progress.at(-1)).toEqual({ loadedBytes: bytes, totalBytes: bytes })
  expect(await models.status()).toEqual({
    revision: 'r-1',
    previous: null,
    origin: 'network',
    bytes,
    downloads: { bytes, deltas: 0, deltasRefused: 0, resumed: 0 },
    refused: {},
    rejected: null,
    trust: { version: null, isExpired: false, signer: null, pinned: 0, keySet: 0, floor: 0 },
    storage: { kind: 'indexeddb' },
  })
  expect(bench.changes).toBe(1)
  // Artifacts are asked for without a key: no preflight, and any cache may keep them.
  const artifacts = bench.endpoint.requests.filter(({ path }) => path.startsWith('/v1/artifacts/'))
  expect(artifacts.every(({ authorization }) => authorization === null)).toBe(true)
})

test('the next start is from storage, asks with the ETag, and downloads nothing', async () => {
  await bench.openTab().start()
  bench.endpoint.requests.length = 0
  const models = bench.openTab()
  await models.start()
  await settle()
  expect(await models.status()).toMatchObject({ revision: 'r-1', origin: 'storage', downloads: { bytes: 0 } })
  expect(bench.endpoint.requests.map(({ path }) => path)).toEqual(['/v1/models/tiny/manifest'])
  expect(await afterItem0(models)).toBe('item-1')
})

test('offline, the stored model serves; the failure is recorded and tried again', async () => {
  await bench.openTab().start()
  bench.endpoint.fault = () => {
    throw new TypeError('offline')
  }
  const models = bench.openTab()
  await models.start()
  expect(await afterItem0(models)).toBe('item-1')
  await settle()
  expect(bench.codes()).toEqual(['NETWORK_FAILED'])
  expect(bench.platform.waits()).toHaveLength(1)
})

test('with nothing stored and no network the start rejects, and the model comes when the network does', async () => {
  bench.endpoint.fault = () => {
    throw new TypeError('offline')
  }
  const models = bench.openTab()
  await expect(models.start()).rejects.toMatchObject({ code: 'NETWORK_FAILED' })
  expect(models.live.current).toBeUndefined()
  bench.endpoint.fault = () => undefined
  models.hurry()
  await settle()
  expect(await afterItem0(models)).toBe('item-1')
})

test('an update takes only the artifacts that changed and keeps the revision before', async () => {
  const models = bench.openTab()
  await models.start()
  const stored = new Set(first.manifest.artifacts.map(({ sha256 }) => sha256))
  const changed = second.manifest.artifacts.filter(({ sha256 }) => !stored.has(sha256))
  expect(changed.length).toBeGreaterThan(0)
  expect(changed.length).toBeLessThan(second.manifest.artifacts.length)
  const before = bench.artifactRequests()
  bench.endpoint.revision = second
  expect(await models.update()).toEqual({ revision: 'r-5', changed: true })
  expect(bench.artifactRequests() - before).toBe(changed.length)
  expect(await afterItem0(models)).toBe('item-5')
  expect(await models.status()).toMatchObject({ revision: 'r-5', previous: 'r-1' })
  expect(await models.update()).toEqual({ revision: 'r-5', changed: false })
})

test('two revisions later the artifacts of the oldest are gone from storage', async () => {
  const models = bench.openTab()
  await models.start()
  bench.endpoint.revision = second
  await models.update()
  const third = await buildRevision(9)
  bench.endpoint.revision = third
  await models.update()
  const database = await bench.openDatabase()
  const keys = await database.transact('readonly', (rows) => rows.keys())
  const named = [...second.manifest.artifacts, ...third.manifest.artifacts].map(({ sha256 }) => sha256)
  expect(keys).toEqual(['active', 'previous', ...new Set(named)].toSorted())
})

// Seen to fail with the lock taken out: every artifact was downloaded three times.
test('three tabs that start at once download each artifact once', async () => {
  const tabs = [bench.openTab(), bench.openTab(), bench.openTab()]
  await Promise.all(tabs.map((models) => models.start()))
  expect(bench.artifactRequests()).toBe(first.manifest.artifacts.length)
  for (const models of tabs) expect(await afterItem0(models)).toBe('item-1')
})

// Seen to fail with both served by one update: the one that was asked for failed by what had been mended before it.
test('an update that is asked for is not served by one that began by itself before', async () => {
  await bench.openTab().start()
  bench.endpoint.revision = second
  let isDamaged = true
  let letGo: (() => void) | undefined
  const held = new Promise<void>((resolve) => (letGo = resolve))
  bench.endpoint.fault = ({ path }) => {
    if (!isDamaged || !path.startsWith('/v1/artifacts/')) return undefined
    return held.then(() => new Response('damaged'))
  }
  const models = bench.openTab()
  await models.start() // What is stored is in use; by itself it looks for more.
  await vi.waitUntil(() => bench.artifactRequests() > first.manifest.artifacts.length)
  isDamaged = false
  const asked = models.update()
  const again = models.update()
  letGo?.()
  expect(await asked).toEqual({ revision: 'r-5', changed: true })
  expect(await again).toEqual({ revision: 'r-5', changed: true }) // Two that ask share one.
  expect(bench.codes()).toEqual(['NETWORK_FAILED']) // Of the one that began by itself.
})

test('another tab takes over a revision that one tab activated', async () => {
  const [one, two] = [bench.openTab(), bench.openTab()]
  await Promise.all([one.start(), two.start()])
  bench.endpoint.revision = second
  await one.update()
  await settle()
  expect(await afterItem0(two)).toBe('item-5')
})

test('a list under way is finished by the model it began with, which is freed afterwards', async () => {
  const models = bench.openTab()
  await models.start()
  const old = models.live.current!
  let finish: (() => void) | undefined
  const slow = models.live.use(async (model) => {
    await new Promise<void>((resolve) => (finish = resolve))
    return recommend(model, { placement: 'home', k: 1 }, [])
  })
  bench.endpoint.revision = second
  await models.update()
  expect(await afterItem0(models)).toBe('item-5')
  finish?.()
  expect((await slow)?.revision).toBe('r-1')
  await expect(recommend(old, { placement: 'home', k: 1 }, [])).rejects.toMatchObject({ code: 'DISPOSED' })
})

test('disposing ends a download under way', async () => {
  const models = bench.openTab()
  bench.endpoint.fault = ({ path }) =>
    path.startsWith('/v1/artifacts/') ? new Response(new ReadableStream({})) : undefined
  const started = models.start()
  await settle()
  const reason = new Error('enough')
  models.dispose(reason)
  await expect(started).rejects.toBe(reason)
})

test('a download that brings nothing for half a minute is given up', async () => {
  const models = bench.openTab()
  bench.endpoint.fault = ({ path }) =>
    path.startsWith('/v1/artifacts/') ? new Response(new ReadableStream({})) : undefined
  const started = models.start()
  started.catch(() => {})
  await settle()
  await bench.platform.advance(31_000)
  await expect(started).rejects.toMatchObject({ code: 'NETWORK_FAILED' })
})

test('without storage everything works in memory; given consent, the revisions move to disk', async () => {
  const models = bench.openTab(Promise.resolve(createMemoryDatabase('no consent to store')))
  await models.start()
  expect(await afterItem0(models)).toBe('item-1')
  expect((await models.status()).storage.kind).toBe('memory')
  await models.moveTo(bench.openDatabase())
  expect((await models.status()).storage.kind).toBe('indexeddb')
  const before = bench.artifactRequests()
  const next = bench.openTab()
  await next.start()
  expect(await afterItem0(next)).toBe('item-1')
  expect(bench.artifactRequests()).toBe(before)
})
