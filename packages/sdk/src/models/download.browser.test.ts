/** How artifacts come: as deltas, in parts, and never in other bytes than the manifest names. */
import { type ArtifactRole, writeDelta } from '@vitrine/contracts'
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { gzip } from '../../test/bytes.ts'
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

function artifactOf({ manifest, blobs }: BuiltRevision, role: ArtifactRole) {
  const { sha256 } = manifest.artifacts.find((artifact) => artifact.role === role)!
  return { sha256, bytes: blobs.get(sha256)! }
}

/** The plain delta between two artifacts of the same place in two revisions. */
function deltaBetween(from: Uint8Array, to: Uint8Array): Uint8Array<ArrayBuffer> {
  const add = Math.min(from.length, to.length)
  const differences = to.slice(0, add).map((byte, at) => byte - from[at]!)
  const steps = [{ add, insert: to.length - add, skip: 0 }]
  return writeDelta({ from: from.length, to: to.length }, steps, differences, to.slice(add))
}

describe('deltas', () => {
  const role = 'graph'
  let path = ''
  let delta: Uint8Array<ArrayBuffer>

  beforeEach(async () => {
    const [from, to] = [artifactOf(first, role), artifactOf(second, role)]
    path = `${from.sha256}/${to.sha256}`
    delta = deltaBetween(from.bytes, to.bytes)
  })

  /** An update to the second revision, with the delta of its graph as it is given. */
  async function updateWith(packed: Uint8Array<ArrayBuffer> | undefined) {
    const models = bench.openTab()
    await models.start()
    if (packed) bench.endpoint.deltas.set(path, packed)
    bench.endpoint.revision = second
    expect(await models.update()).toEqual({ revision: 'r-5', changed: true })
    expect(await afterItem0(models)).toBe('item-5')
    const whole = bench.endpoint.count(`/v1/artifacts/${artifactOf(second, role).sha256}`)
    const { deltas, deltasRefused } = (await models.status()).downloads
    return { deltas, deltasRefused, whole }
  }

  test('an artifact for which there is a delta is not downloaded whole', async () => {
    expect(await updateWith(await gzip(delta))).toEqual({ deltas: 1, deltasRefused: 0, whole: 0 })
    // Deltas are asked for without a key, as artifacts are.
    const asked = bench.endpoint.requests.filter((request) => request.path.startsWith('/v1/deltas/'))
    expect(asked.length).toBeGreaterThan(0)
    expect(asked.every(({ authorization }) => authorization === null)).toBe(true)
  })

  test('where there is none, the whole artifact comes', async () => {
    expect(await updateWith(undefined)).toEqual({ deltas: 0, deltasRefused: 0, whole: 1 })
    expect(bench.codes()).toEqual([])
  })

  test.each<[string, () => Promise<Uint8Array<ArrayBuffer>>]>([
    [
      'leads to other bytes',
      async () => {
        const wrong = delta.slice()
        wrong[wrong.length - 1]! ^= 1
        return gzip(wrong)
      },
    ],
    ['is for another base', () => gzip(deltaBetween(artifactOf(first, role).bytes.slice(1), delta))],
    ['is not compressed', async () => delta],
    ['is cut short', async () => (await gzip(delta)).slice(0, -9)],
    ['inflates without end', () => gzip(new Uint8Array(5_000_000))],
    ['is larger than the artifact', async () => crypto.getRandomValues(new Uint8Array(60_000))],
  ])('a delta that %s is counted, and the whole artifact comes', async (_, build) => {
    expect(await updateWith(await build())).toEqual({ deltas: 0, deltasRefused: 1, whole: 1 })
    expect(bench.codes()).toEqual(['ARTIFACT_CORRUPT'])
  })

  test('a rotten base is not built upon', async () => {
    const models = bench.openTab()
    await models.start()
    bench.endpoint.deltas.set(path, await gzip(delta))
    const { sha256, bytes } = artifactOf(first, role)
    const rotten = bytes.map((byte, at) => (at === 40 ? byte ^ 1 : byte))
    const database = await bench.openDatabase()
    await database.transact('readwrite', async (rows) => rows.put(sha256, rotten))
    bench.endpoint.revision = second
    await models.update()
    expect((await models.status()).downloads).toMatchObject({ deltas: 0, deltasRefused: 0 })
    expect(await afterItem0(models)).toBe('item-5')
  })
})

describe('a download that breaks off', () => {
  const role = 'catalogue'

  /** Answers the first `times` requests of the artifact with `bytes` of it, and then nothing more. */
  function breakOff(bytes: number, times = 1): void {
    const { sha256, bytes: whole } = artifactOf(first, role)
    let left = times
    bench.endpoint.fault = ({ path }) => {
      if (!path.endsWith(sha256) || left === 0) return undefined
      left--
      const pieces = [whole.slice(0, bytes)]
      return new Response(
        new ReadableStream({
          pull(controller) {
            const piece = pieces.pop()
            if (piece) controller.enqueue(piece)
            else controller.error(new TypeError('connection reset'))
          },
        }),
      )
    }
  }

  const ranges = () =>
    bench.endpoint.requests
      .filter(({ path }) => path.endsWith(artifactOf(first, role).sha256))
      .map(({ range }) => range)

  // Seen to fail with nothing put aside.
  test('goes on where it broke off, also in a later page', async () => {
    breakOff(100)
    await expect(bench.openTab().start()).rejects.toMatchObject({ code: 'NETWORK_FAILED' })
    const models = bench.openTab()
    await models.start()
    expect(ranges()).toEqual([null, 'bytes=100-'])
    expect(await afterItem0(models)).toBe('item-1')
    expect((await models.status()).downloads.resumed).toBeGreaterThan(0)
    const database = await bench.openDatabase()
    const keys = await database.transact('readonly', (rows) => rows.keys())
    expect(keys.filter((key) => String(key).includes('@'))).toEqual([])
  })

  test('what had come turns out to be wrong: all of it comes anew', async () => {
    breakOff(100)
    await expect(bench.openTab().start()).rejects.toMatchObject({ code: 'NETWORK_FAILED' })
    const key = `${artifactOf(first, role).sha256}@0000000000`
    const database = await bench.openDatabase()
    await database.transact('readwrite', async (rows) => rows.put(key, new Uint8Array(100)))
    const models = bench.openTab()
    await models.start()
    expect(ranges()).toEqual([null, 'bytes=100-', null])
    expect(await afterItem0(models)).toBe('item-1')
  })

  test('an endpoint that knows no ranges sends it whole, and that is taken', async () => {
    breakOff(100)
    await expect(bench.openTab().start()).rejects.toMatchObject({ code: 'NETWORK_FAILED' })
    bench.endpoint.fault = ({ path }) => {
      const blob = first.blobs.get(path.slice(14))
      return blob && new Response(blob)
    }
    const models = bench.openTab()
    await models.start()
    expect((await models.status()).downloads.resumed).toBe(0)
    expect(await afterItem0(models)).toBe('item-1')
  })

  test('one that is slow puts aside every second what has come', async () => {
    const { sha256, bytes } = artifactOf(first, role)
    let send: ((piece: Uint8Array) => void) | undefined
    bench.endpoint.fault = ({ path }) =>
      path.endsWith(sha256)
        ? new Response(
            new ReadableStream({ start: (controller) => void (send = (piece) => controller.enqueue(piece)) }),
          )
        : undefined
    let elapsed = 0
    bench.platform.elapsed = () => elapsed
    const started = bench.openTab().start()
    started.catch(() => {})
    await vi.waitFor(() => expect(send).toBeDefined())
    for (let at = 0; at < 300; at += 100) {
      send!(bytes.slice(at, at + 100))
      await settle()
      elapsed += 1100
    }
    const database = await bench.openDatabase()
    const keys = await database.transact('readonly', (rows) => rows.keys())
    expect(keys.filter((key) => String(key).startsWith(`${sha256}@`))).toHaveLength(2)
  })

  test('one that trickles is given up, so that no tab waits for it for ever', async () => {
    const { sha256 } = artifactOf(first, role)
    bench.endpoint.fault = ({ path }) =>
      path.endsWith(sha256)
        ? new Response(
            new ReadableStream({
              pull: async (controller) => {
                await bench.platform.advance(29_000)
                controller.enqueue(new Uint8Array(1))
              },
            }),
          )
        : undefined
    await expect(bench.openTab().start()).rejects.toMatchObject({ code: 'NETWORK_FAILED' })
  })
})

test('a manifest without an end is refused, not read', async () => {
  let sent = 0
  bench.endpoint.fault = ({ path }) =>
    path.endsWith('/manifest')
      ? new Response(
          new ReadableStream({
            pull: (controller) => {
              sent += 10_000
              controller.enqueue(new Uint8Array(10_000).fill(0x20))
            },
          }),
        )
      : undefined
  await expect(bench.openTab().start()).rejects.toMatchObject({ code: 'INVALID_MANIFEST' })
  expect(sent).toBeLessThan(400_000)
})

describe('a device that is known to the endpoint', () => {
  const device = 'd'.repeat(32)

  test('asks for its manifest by its name, and reports a revision that fails there, once', async () => {
    bench.device = device
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
    bench.endpoint.fault = ({ path }) =>
      path.endsWith('/reports') ? new Response(null, { status: 503 }) : undefined
    await expect(models.update()).rejects.toMatchObject({ code: 'SELF_TEST_FAILED' })
    expect(bench.codes()).toEqual(['NETWORK_FAILED'])
    bench.endpoint.fault = ({ path }) => (path.endsWith('/reports') ? Response.json({}) : undefined)
    for (let page = 0; page < 3; page++) {
      await bench.openTab().start()
      await settle()
    }
    const reports = bench.endpoint.requests.filter(({ path }) => path.endsWith('/reports'))
    expect(reports.map(({ body }) => JSON.parse(new TextDecoder().decode(body)) as unknown)).toEqual([
      { device, revision: 'r-5', code: 'SELF_TEST_FAILED' },
      { device, revision: 'r-5', code: 'SELF_TEST_FAILED' },
    ])
    const manifests = bench.endpoint.requests.filter(({ path }) => path.endsWith('/manifest'))
    expect(manifests.every(({ search }) => search === `?device=${device}`)).toBe(true)
  })

  test('without consent it has no name, and tells nothing', async () => {
    await bench.openTab().start()
    expect(bench.endpoint.requests.every(({ search }) => search === '')).toBe(true)
  })
})
