/** The devices of a real browser, measured on a table of some size; software adapters among them. */
import { type Table, createTopK } from '@vitrine/kernels'
import { type Gpu, closeSharedGpu, createWebGpuBeside, openGpu } from '@vitrine/kernels/webgpu'
import { afterEach, expect, test } from 'vitest'
import { queries, randomTable } from '../../test/placement-table.ts'
import { VERSION } from '../version.ts'
import type { WebGpuFile } from './candidates.ts'
import { type HostedTopK, hostTopK } from './hosted.ts'
import { PlacedTopK } from './placed.ts'
import { type Placement, createPlacement } from './placement.ts'
import type { PlacementStatus } from './surroundings.ts'
import type { PlacementDevice, Verdict } from './verdict.ts'

const large = randomTable(50_000)
/** A GPU in software takes its time. */
const small = randomTable(3000)
const shardUrl = new URL('../shard.ts', import.meta.url).href
const cores = 3
const platform = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  setTimer: (callback: () => void, ms: number) => {
    const timer = setTimeout(callback, ms)
    return () => clearTimeout(timer)
  },
}

const adapter = await openGpu().then(
  ({ device }) => {
    const { isFallbackAdapter, description, architecture, vendor } = device.adapterInfo
    device.destroy()
    return {
      isSoftware:
        isFallbackAdapter || /swiftshader|llvmpipe/iu.test(`${vendor} ${architecture} ${description}`),
    }
  },
  (error: unknown) => {
    console.warn(`SKIPPED: WebGPU as a candidate, in ${navigator.userAgent}: ${String(error)}`)
    return undefined
  },
)

const opened: { placement: Placement; hosted: HostedTopK }[] = []

afterEach(() => {
  for (const { placement, hosted } of opened.splice(0)) {
    placement.dispose()
    hosted.dispose()
  }
})

/** What a worker would import. */
interface Files {
  shards?: string
  loadWebGpu?: () => Promise<WebGpuFile>
}

interface Placed {
  hosted: HostedTopK
  status: () => PlacementStatus
  settled: () => Promise<PlacementStatus>
  written: Verdict[]
}

async function place(
  table: Table,
  stored?: Partial<Verdict>,
  { shards = shardUrl, loadWebGpu = () => import('../webgpu.ts') }: Files = {},
): Promise<Placed> {
  const hosted = hostTopK(await createTopK(table))
  const written: Verdict[] = []
  const circumstances = { revision: 'r-1', browser: navigator.userAgent, release: VERSION, cores }
  const placement = createPlacement({
    createTopK,
    loadWebGpu,
    shardUrl: shards,
    release: VERSION,
    verdicts: {
      read: async () => stored && { ...circumstances, estimates: [], at: 1, ...stored },
      write: async (verdict) => void written.push(verdict),
    },
    platform,
    browser: navigator.userAgent,
    cores,
    onError: (error) => {
      throw error
    },
    tuning: { quietMs: 20, worthwhileMs: 0 },
  })
  opened.push({ placement, hosted })
  placement.place({
    placed: new PlacedTopK(hosted, platform.elapsed),
    revision: 'r-1',
    questions: queries.map((query) => () => hosted.search(query)),
  })
  const status = (): PlacementStatus => placement.status()!
  const settled = async (): Promise<PlacementStatus> => {
    await expect.poll(() => status().state, { timeout: 50_000 }).toBe('settled')
    return status()
  }
  return { hosted, status, settled, written }
}

async function rightLists(table: Table): Promise<string[]> {
  return (await (await createTopK(table)).searchMany(queries)).map(({ indices }) => indices.join())
}

async function listsOf(hosted: HostedTopK): Promise<string[]> {
  return (await Promise.all(queries.map((query) => hosted.search(query)))).map(({ indices }) =>
    indices.join(),
  )
}

test('every device is measured on the table itself, lists go on meanwhile, and the fastest serves', async () => {
  const { hosted, status, settled, written } = await place(large)
  const expected = await rightLists(large)
  const during: string[][] = []
  while (status().state !== 'settled' && during.length < 12) {
    during.push(await listsOf(hosted))
    await new Promise((resolve) => setTimeout(resolve, 150))
  }
  for (const lists of during) expect(lists).toEqual(expected)

  const { device, estimates } = await settled()
  expect(estimates.map((each) => each.device)).toEqual(['wasm', 'scalar', 'sharded', 'webgpu'])
  const [wasm, scalar, sharded, webgpu] = estimates
  expect(wasm!.ms).toBeGreaterThan(0)
  expect(scalar).toMatchObject({ verdict: 'slower', samples: 3 })
  expect(scalar!.ms).toBeGreaterThan(wasm!.ms!)
  expect(sharded!.ms).toBeGreaterThan(0)
  if (!adapter) expect(webgpu!.verdict).toBe('unavailable')
  else expect(webgpu!.ms).toBeGreaterThan(0)
  // A GPU in software loses by its time: nothing but this test asks for its name.
  if (adapter?.isSoftware) {
    const why = expect.stringMatching(/ms against .* ms on wasm/) as string
    expect(webgpu).toMatchObject({ verdict: 'slower', why, samples: 3 })
    expect(webgpu!.ms).toBeGreaterThan(wasm!.ms!)
  }
  expect(estimates.filter(({ verdict }) => verdict === 'chosen').map((each) => each.device)).toEqual([device])
  expect(written.map((verdict) => verdict.device)).toEqual([device])
  expect(await listsOf(hosted)).toEqual(expected)
}, 60_000)

test.each<PlacementDevice>(adapter ? ['sharded', 'webgpu'] : ['sharded'])(
  'a table moves to %s while lists are made, and none is lost or different',
  async (device) => {
    const { hosted, status, settled } = await place(small, { device })
    const expected = await rightLists(small)
    const lists: Promise<string[]>[] = []
    const until = performance.now() + 20_000
    // Searches all the time would let nothing move: probes wait for quiet.
    while (status().state !== 'settled' && performance.now() < until) {
      lists.push(listsOf(hosted))
      await new Promise((resolve) => setTimeout(resolve, 60))
    }
    expect(await settled()).toMatchObject({
      device,
      decided: 'earlier-visit',
      counts: { moves: 1, failures: 0 },
    })
    if (device === 'sharded') expect(status().parallel.data).toBe(2)
    for (let at = 0; at < 5; at++) lists.push(listsOf(hosted))
    expect(new Set((await Promise.all(lists)).map((list) => list.join('|')))).toEqual(
      new Set([expected.join('|')]),
    )
  },
  60_000,
)

test('a shard that dies loses no list: the table goes home, and the next visit knows', async () => {
  const dying = new URL('../../test/dying-shard.ts', import.meta.url).href
  const { hosted, status, settled, written } = await place(small, { device: 'sharded' }, { shards: dying })
  const expected = await rightLists(small)
  expect(await settled()).toMatchObject({ device: 'sharded' })
  for (let at = 0; at < 3; at++) expect(await listsOf(hosted)).toEqual(expected)
  await expect.poll(() => status().device).toBe('wasm')
  expect(status()).toMatchObject({
    failure: expect.stringMatching(/^sharded: A shard failed: .*died of old age/) as string,
    parallel: { data: 1 },
    counts: { moves: 1, failures: 1 },
  })
  expect(written.at(-1)).toMatchObject({ device: 'wasm' })
})

test.skipIf(!adapter)(
  'a GPU that is lost twice loses no list: the table goes home, and the diagnostics say what became of it',
  async () => {
    const opened: Gpu[] = []
    const open = async (): Promise<Gpu> => {
      if (opened.length > 1) throw new Error('A third GPU was asked for.')
      const gpu = await openGpu()
      opened.push(gpu)
      return gpu
    }
    const loadWebGpu = async (): Promise<WebGpuFile> => ({
      createWebGpuBeside: (home, rows, options) => createWebGpuBeside(home, rows, { ...options, open }),
      closeSharedGpu,
    })
    const { hosted, status, settled, written } = await place(small, { device: 'webgpu' }, { loadWebGpu })
    const expected = await rightLists(small)
    expect(await settled()).toMatchObject({ device: 'webgpu' })
    for (const loss of [0, 1]) {
      opened[loss]!.device.destroy()
      expect(await listsOf(hosted)).toEqual(expected)
    }
    await expect.poll(() => status().device).toBe('wasm')
    expect(opened).toHaveLength(2)
    expect(status()).toMatchObject({
      failure: expect.stringMatching(/^webgpu: .*(lost|destroyed|GPU)/i) as string,
      counts: { moves: 1, failures: 1 },
    })
    expect(written.at(-1)).toMatchObject({ device: 'wasm' })
  },
  60_000,
)

// Firefox has been seen to let a worker's worker never start on a busy machine; a pool that does not open serves nobody
// and harms nobody, so that a second try is fair.
test(
  'shards start inside a worker too, where the SDK itself runs',
  { timeout: 20_000, retry: 1 },
  async () => {
    const worker = new Worker(new URL('../../test/nested-pool.ts', import.meta.url), { type: 'module' })
    try {
      const found = new Promise((resolve, reject) => {
        worker.addEventListener('message', ({ data }) => resolve(data))
        worker.addEventListener('error', ({ message }) => reject(new Error(message)))
      })
      worker.postMessage({ shardUrl })
      expect(await found).toEqual({ threads: 3, isSame: true })
    } finally {
      worker.terminate()
    }
  },
)

test('a shard file that is missing is told, and nothing waits for it', async () => {
  const { openPool } = await import('./shard-pool.ts')
  const missing = openPool({
    shardUrl: `${location.origin}/nowhere/shard.js`,
    release: VERSION,
    threads: 2,
    onFailure: () => undefined,
  })
  await expect(missing).rejects.toThrow(/script did not load/)
})
