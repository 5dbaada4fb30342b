/** The WebGPU device in real browsers: conformance, and the paths of lesser GPUs. */
import fc from 'fast-check'
import { describe, expect, onTestFinished, test } from 'vitest'
import { checkTable } from '../src/table.ts'
import type { Query, Table, TopK } from '../src/top-k.ts'
import { type Gpu, type GpuOptions, openGpu } from '../src/webgpu/gpu.ts'
import { createWebGpuTopK } from '../src/webgpu/webgpu.ts'
import { anyQuery, anyTable, fitQuery } from './arbitraries.ts'
import { conformance } from './conformance.ts'
import { gpuForTests } from './gpu.ts'
import { reference, rowsOf } from './reference.ts'
import { normalTable, normals } from './tables.ts'

/** Few, because each search waits for a software adapter; the next test has thousands of searches in few waits. */
const CASES = 20
const TABLES = 12
const SEARCHES = 200

const gpu = await gpuForTests()

async function withTopK(
  open: Gpu,
  table: Table,
  use: (topK: Awaited<ReturnType<typeof createWebGpuTopK>>) => Promise<void>,
): Promise<void> {
  const topK = await createWebGpuTopK(table, checkTable(table), { open: async () => open })
  try {
    await use(topK)
  } finally {
    topK.dispose()
  }
}

/** Every form of search, of a table that takes several workgroups. */
async function expectRightResults(options: GpuOptions): Promise<Gpu> {
  const other = await openGpu(options)
  const table = { ...normalTable(3001, 48, 1), bias: normals(3001, 2) }
  const queries: Query[] = Array.from({ length: 9 }, (_, at) => ({
    vector: normals(48, at),
    k: [24, 1, 300][at % 3]!,
    rescore: at % 4 === 1,
    ...(at % 2 === 1 && { mask: Uint8Array.from({ length: 3001 }, (_, row) => Number(row % 5 < at % 5)) }),
  }))
  await withTopK(other, table, async (topK) => {
    const expected = queries.map((query) => reference(table, query))
    const together = await topK.searchMany(queries)
    expect(together.map(rowsOf)).toEqual(expected)
    const alone = await Promise.all(queries.map((query) => topK.search(query)))
    expect(alone.map(rowsOf)).toEqual(expected)
    expect(topK.wholeScans).toBe(0)
  })
  return other
}

describe.skipIf(!gpu)('webgpu', () => {
  conformance('webgpu', (table, shape) => createWebGpuTopK(table, shape, { open: async () => gpu! }), CASES)

  test(`${TABLES * SEARCHES} random searches in ${TABLES} calls give the reference's bits`, async () => {
    const queries = fc.array(anyQuery, { minLength: SEARCHES, maxLength: SEARCHES, size: 'max' })
    await fc.assert(
      fc.asyncProperty(anyTable, queries, async (table, drafts) => {
        const searches = drafts.map((draft) => fitQuery(draft, table))
        await withTopK(gpu!, table, async (topK) => {
          const results = await topK.searchMany(searches)
          expect(results.map(rowsOf)).toEqual(searches.map((query) => reference(table, query)))
        })
      }),
      { numRuns: TABLES, endOnFailure: true },
    )
  }, 60_000)

  test('what a GPU lacks, it does without: packed dot product, subgroups, both', async () => {
    for (const without of [['packed'], ['subgroups'], ['packed', 'subgroups']] as const) {
      const lesser = await expectRightResults({ without })
      expect(lesser).toMatchObject({
        packed: gpu!.packed && !without.some((feature) => feature === 'packed'),
        subgroups: gpu!.subgroups && !without.some((feature) => feature === 'subgroups'),
      })
      lesser.device.destroy()
    }
  }, 120_000)

  // Seen to fail with a second submit for the read-back.
  test('a query is one submit and one mapAsync, and so are eight at once; pipelines are created asynchronously', async () => {
    const calls = { submit: 0, mapAsync: 0, createComputePipeline: 0 }
    const counted = await openGpu()
    const { device } = counted
    const submit = device.queue.submit.bind(device.queue)
    device.queue.submit = (buffers) => {
      calls.submit++
      submit(buffers)
    }
    device.createComputePipeline = () => {
      calls.createComputePipeline++
      throw new Error('A pipeline was waited for.')
    }
    const createBuffer = device.createBuffer.bind(device)
    device.createBuffer = (descriptor) => {
      const buffer = createBuffer(descriptor)
      const mapAsync = buffer.mapAsync.bind(buffer)
      buffer.mapAsync = (...range) => {
        calls.mapAsync++
        return mapAsync(...range)
      }
      return buffer
    }
    await withTopK(counted, normalTable(3001, 48, 1), async (topK) => {
      const eight = Array.from({ length: 8 }, (_, seed): Query => ({ vector: normals(48, seed), k: 24 }))
      for (const queries of [eight.slice(0, 1), eight]) {
        calls.submit = calls.mapAsync = 0
        await topK.searchMany(queries)
        expect(calls).toEqual({ submit: 1, mapAsync: 1, createComputePipeline: 0 })
      }
    })
    device.destroy()
  }, 60_000)

  test('a table larger than what can be bound at once is bound in parts; a GPU is timed where it can be', async () => {
    const timed = await expectRightResults({ bindingBytes: 48 * 1000, timestamps: true })
    const table = normalTable(100, 16, 1)
    // 992 rows are 31 blocks.
    await withTopK(timed, normalTable(3001, 48, 1), async (topK) => expect(topK.parts).toBe(4))
    await withTopK(timed, table, async (topK) => {
      expect(topK.lastGpuMs).toBeUndefined()
      await topK.search({ vector: normals(16, 1), k: 3 })
      if (timed.timestamps) expect(topK.lastGpuMs).toBeGreaterThanOrEqual(0)
      else expect(topK.lastGpuMs).toBeUndefined()
    })
    timed.device.destroy()
  }, 60_000)

  test.each<[string, (swap: number) => number]>([
    ['of one size', () => 500],
    ['that grow', (swap) => 20 + 20 * swap],
    ['that shrink', (swap) => 1000 - 20 * swap],
  ])(
    'fifty swaps of tables %s leave no buffer on the GPU',
    async (_, rowsOfSwap) => {
      const { device } = gpu!
      const live = new Set<GPUBuffer>()
      const create = device.createBuffer.bind(device)
      onTestFinished(() => void (device.createBuffer = create))
      device.createBuffer = (descriptor) => {
        const buffer = create(descriptor)
        const destroy = buffer.destroy.bind(buffer)
        buffer.destroy = () => {
          live.delete(buffer)
          return destroy()
        }
        live.add(buffer)
        return buffer
      }
      const open = async (): Promise<Gpu> => gpu!
      const buffersOfOne: number[] = []
      let bytes = 0
      let current: TopK | undefined
      for (let swap = 0; swap < 50; swap++) {
        const table = normalTable(rowsOfSwap(swap), 16, swap)
        const next = await createWebGpuTopK(table, checkTable(table), { open })
        current?.dispose()
        current = next
        if (swap % 10 === 9) await next.search({ vector: normals(16, swap), k: 3 })
        buffersOfOne.push(live.size)
        bytes = [...live].reduce((sum, { size }) => sum + size, 0)
      }
      // What is on the GPU beside the CPU's copy of the last table is what that table says it holds.
      expect(bytes).toBe(current!.bytes - rowsOfSwap(49) * (16 + 4))
      // A search may leave a buffer to read from for the next one.
      expect(Math.max(...buffersOfOne)).toBeLessThanOrEqual(buffersOfOne[0]! + 1)
      current?.dispose()
      expect(live.size).toBe(0)
    },
    60_000,
  )

  test('only a crowd of ties makes the CPU score a table whole', async () => {
    const table = { ...normalTable(5000, 16, 1), bias: new Float32Array(5000).fill(1) }
    await withTopK(gpu!, table, async (topK) => {
      const some: Query = { vector: normals(16, 1), k: 24 }
      expect(rowsOf(await topK.search(some))).toEqual(reference(table, some))
      expect(topK.wholeScans).toBe(0)
      const ties: Query = { vector: new Float32Array(16), k: 24 }
      expect(rowsOf(await topK.search(ties))).toEqual(reference(table, ties))
      expect(topK.wholeScans).toBe(1)
    })
  })
})
