/** The start of a first visit: lists from the starter while the rest is on its way. */
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { ModelBench, afterItem0 } from '../../test/model-bench.ts'
import { settle } from '../../test/platform.ts'
import { type BuiltRevision, buildRevision } from '../../test/revision.ts'

let bench: ModelBench
let first: BuiltRevision
let second: BuiltRevision

beforeAll(async () => {
  first = await buildRevision(1, { withStarter: true })
  second = await buildRevision(5, { withStarter: true })
})

beforeEach(() => {
  bench = new ModelBench()
  bench.endpoint.revision = first
})

afterEach(() => bench.close())

const starterPath = ({ manifest }: BuiltRevision): string => `/v1/artifacts/${manifest.artifacts[0]!.sha256}`
const asked = (): string[] => bench.endpoint.requests.map(({ path }) => path)

/** Keeps everything but the starter from arriving until the returned function is called. */
function holdBackTheRest(): () => void {
  let release!: () => void
  const released = new Promise<void>((resolve) => (release = resolve))
  bench.endpoint.fault = (request) =>
    request.path.startsWith('/v1/artifacts/') && request.path !== starterPath(first)
      ? released.then(() => bench.endpoint.answer(request))
      : undefined
  return release
}

// Seen to fail with the rest asked for together with the starter.
test('nothing else is asked for before half of the starter is here', async () => {
  let arrive!: () => void
  const arrived = new Promise<void>((resolve) => (arrive = resolve))
  bench.endpoint.fault = (request) =>
    request.path === starterPath(first) ? arrived.then(() => bench.endpoint.answer(request)) : undefined
  const models = bench.openTab()
  const started = models.start()
  await vi.waitFor(() => expect(bench.artifactRequests()).toBe(1))
  await settle()
  expect(asked()).toEqual(['/v1/models/tiny/manifest', starterPath(first)])
  arrive()
  await started
  expect(await afterItem0(models)).toBe('item-1')
})

// Seen to fail with the rest waiting for the whole starter.
test('the rest is asked for while the starter is coming, and may be there before it', async () => {
  const { blobs, manifest } = first
  const bytes = blobs.get(manifest.artifacts[0]!.sha256)!
  let finish!: () => void
  const finished = new Promise<void>((resolve) => (finish = resolve))
  const slow = new ReadableStream<Uint8Array>({
    async start(body) {
      const half = Math.ceil(bytes.length / 2)
      body.enqueue(bytes.subarray(0, half))
      await finished
      body.enqueue(bytes.subarray(half))
      body.close()
    },
  })
  bench.endpoint.fault = ({ path }) => (path === starterPath(first) ? new Response(slow) : undefined)
  const models = bench.openTab()
  const started = models.start()
  await vi.waitFor(() => expect(bench.artifactRequests()).toBe(manifest.artifacts.length))
  await settle()
  expect(models.live.current).toBeUndefined()
  finish()
  await started
  expect(await afterItem0(models)).toBe('item-1')
  expect(models.isStarter(models.live.current)).toBe(false)
})

test('the starter serves, and gives way to the model', async () => {
  const release = holdBackTheRest()
  const models = bench.openTab()
  const started = models.start()
  await vi.waitFor(() => expect(models.isStarter(models.live.current)).toBe(true))
  expect(await afterItem0(models)).toBe('item-11')
  expect(bench.changes).toBe(1)
  expect((await models.status()).revision).toBeNull()
  release()
  await started
  expect(await afterItem0(models)).toBe('item-1')
  expect(models.isStarter(models.live.current)).toBe(false)
  expect(bench.changes).toBe(2)
})

// Seen to fail without the wait for what is handed over: the starter took the place of the model.
test('a starter that takes longer to load than the model to arrive does not take its place', async () => {
  let load!: () => void
  bench.beforeStarter = new Promise((resolve) => (load = resolve))
  const models = bench.openTab()
  const started = models.start()
  const { length } = first.manifest.artifacts
  await vi.waitFor(() => expect(bench.artifactRequests()).toBe(length))
  await settle()
  load()
  await started
  await settle()
  expect(await afterItem0(models)).toBe('item-1')
  expect(models.isStarter(models.live.current)).toBe(false)
})

test('a list under way when the model arrives is finished by the starter', async () => {
  const release = holdBackTheRest()
  const models = bench.openTab()
  const started = models.start()
  await vi.waitFor(() => expect(models.isStarter(models.live.current)).toBe(true))
  let finish!: () => void
  const slow = models.live.use(async (model) => {
    await new Promise<void>((resolve) => (finish = resolve))
    return models.isStarter(model) || model.search({ vector: new Float32Array(16), k: 1 })
  })
  release()
  await started
  finish()
  expect(await slow).toMatchObject({ indices: Uint32Array.of(0) })
})

// Seen to fail with the starter among what the store keeps.
test('the next start reads no starter, and does not miss it', async () => {
  await bench.openTab().start()
  const bytes = first.manifest.artifacts.reduce((sum, { role, bytes: each }) => sum + (role === 'starter' ? 0 : each), 0)
  bench.endpoint.requests.length = 0
  const models = bench.openTab()
  await models.start()
  await settle()
  expect(await models.status()).toMatchObject({ revision: 'r-1', origin: 'storage', bytes })
  expect(asked()).toEqual(['/v1/models/tiny/manifest'])
  const database = await bench.openDatabase()
  const kept = await database.transact('readonly', (rows) => rows.get(first.manifest.artifacts[0]!.sha256))
  expect(kept).toBeUndefined()
})

test('a device with a model asks for no starter', async () => {
  const models = bench.openTab()
  await models.start()
  bench.endpoint.revision = second
  await models.update()
  expect(await afterItem0(models)).toBe('item-5')
  expect(asked()).not.toContain(starterPath(second))
})

/** One letter is another: whatever reads it finds nothing wrong. */
function retitled(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const changed = bytes.slice()
  const at = changed.findIndex((_, i) => String.fromCharCode(...changed.subarray(i, i + 6)) === 'Item 3')
  changed[at] = 'X'.charCodeAt(0)
  return changed
}

// The first one seen to fail with the check of the hash taken out: that starter served.
test.each([
  ['of another title', (bytes: Uint8Array<ArrayBuffer>) => new Response(retitled(bytes))],
  ['longer than promised', (bytes: Uint8Array<ArrayBuffer>) => new Response(new Blob([bytes, 'x']))],
  ['not there', () => Response.json({ error: { code: 'NOT_FOUND', message: 'gone' } }, { status: 404 })],
])('a starter that is %s costs first lists, not the model', async (_, answer) => {
  const blob = first.blobs.get(first.manifest.artifacts[0]!.sha256)!
  bench.endpoint.fault = ({ path }) => (path === starterPath(first) ? answer(blob) : undefined)
  const models = bench.openTab()
  await models.start()
  expect(await afterItem0(models)).toBe('item-1')
  expect(bench.changes).toBe(1)
  expect(bench.codes()).toHaveLength(1)
})

test('with the model refused, the starter goes on serving', async () => {
  const graph = first.manifest.artifacts.find(({ role }) => role === 'graph')!
  bench.endpoint.fault = ({ path }) =>
    path.endsWith(graph.sha256) ? new Response(new Uint8Array(graph.bytes)) : undefined
  const models = bench.openTab()
  await expect(models.start()).rejects.toMatchObject({ code: 'ARTIFACT_CORRUPT' })
  expect(await afterItem0(models)).toBe('item-11')
  bench.endpoint.fault = () => undefined
  await models.update()
  expect(await afterItem0(models)).toBe('item-1')
})
