/** Times the WGSL kernel on a GPU beside a plain read of the same bytes there, and beside our WASM kernel, in turn. */
import { type Query, type Table, type TopK, type TopKResult, createTopK } from '@vitrine/kernels'
import { type Gpu, type GpuFigures, createWebGpuTopK, openGpu } from '@vitrine/kernels/webgpu'
import { randomQuery, randomTable } from '../kernels/catalogue.ts'
import { readLimit } from '../kernels/read-limit.ts'
import { type Subject, interleave } from '../measure/interleave.ts'
import { quantile } from '../measure/quantile.ts'
import type { FoundGpu } from './dawn.ts'
import { createGpuReader } from './reader.ts'

/** What to measure. */
export interface GpuTask {
  sizes: readonly number[]
  dimensions: readonly number[]
  k: number
  samples: number
  sampleMs: number
  /** Most bytes that are bound at once; what the GPU allows where missing. */
  bind?: number | undefined
  /** The compiled module of `readLimit`, as base64. */
  limit: string
  say: (text: string) => void
  signal?: AbortSignal | undefined
}

/** One subject at one size. What there is nothing to divide by, or no clock for, is null. */
export interface GpuRow {
  n: number
  d: number
  k: number
  adapter: string
  device: string
  /** Parts in which the GPU binds the table; 1 where it has none. */
  parts: number
  /** Median of one query, from the call to the list. */
  ms: number
  /** The same by the GPU's own clock. */
  gpu_ms: number | null
  /** Of values, scales and biases, by `gpu_ms` where there is one. */
  bytes_per_s: number | null
  /** Of what the plain read reaches. */
  share_of_bandwidth: number | null
  /** `ms` to that of our WASM kernel. */
  ratio_to_wasm: number
  /** `ms` to that of reading the int8 table once with WASM. */
  ratio_to_limit: number
}

/** What there is to time, beyond a call: on a GPU, its own clock. */
interface GpuSubject extends Subject {
  /** Queries that a call answers; 1 where missing. */
  queries?: number
  /** Reads the GPU's whole table, once. */
  readsOnce?: boolean
  /** In which the table is bound; 1 where missing. */
  parts?: number
  gpuMs?: number[]
}

type GpuTopK = TopK & GpuFigures

const QUERIES = 8
/** What lesser GPUs would run is measured too, up to so many bytes of table. */
const VARIANTS_UP_TO = 2 ** 27
const READ = 'read on the GPU'
const LIMIT = 'limit (read with WASM)'

/** @throws `Error` when a GPU finds other rows than the WASM kernel. */
export async function measureGpu(found: FoundGpu, task: GpuTask): Promise<GpuRow[]> {
  const rows: GpuRow[] = []
  const gpus = await openVariants(found.gpu, task.bind)
  try {
    for (const d of task.dimensions) {
      for (const n of task.sizes) rows.push(...(await measureSize(found, gpus, task, n, d)))
    }
  } finally {
    for (const { device } of gpus) device.destroy()
  }
  return rows
}

/** The GPU as it is, then as if it were one without this and that. */
function openVariants(gpu: GPU, bind: number | undefined): Promise<Gpu[]> {
  const lacks = [[], ['subgroups'], ['packed'], ['packed', 'subgroups']] as const
  return Promise.all(
    lacks.map((without) =>
      openGpu({ gpu, timestamps: true, without, ...(bind !== undefined && { bindingBytes: bind }) }),
    ),
  )
}

/** One catalogue, with the names of what its times are compared with. */
interface Size {
  found: FoundGpu
  n: number
  d: number
  k: number
  /** What a query cannot do without: a row's values and its two factors. */
  bytes: number
  /** Our WASM kernel's name. */
  ours: string
}

async function measureSize(
  found: FoundGpu,
  gpus: readonly Gpu[],
  task: GpuTask,
  n: number,
  d: number,
): Promise<GpuRow[]> {
  const { k, samples, sampleMs, limit, signal } = task
  const say = (text: string): void => task.say(`N = ${n.toLocaleString('en')}, d = ${d}: ${text}`)
  const bytes = n * (d + 8)
  say('making the catalogue')
  const table = randomTable(n, d, 1)
  const queries = Array.from({ length: QUERIES }, (_, at): Query => ({ vector: randomQuery(d, 100 + at), k }))
  const owned: { dispose(): void }[] = []
  try {
    const wasm = await createTopK(table, { devices: ['wasm'] })
    const reader = await createGpuReader(gpus[0]!, bytes)
    owned.push(wasm, reader)
    const ours = `wasm ${wasm.variant}`
    const subjects: GpuSubject[] = [
      { name: LIMIT, run: await readLimit(limit, n * (d + 12)) },
      { name: ours, run: (at) => wasm.search(queries[at % QUERIES]!) },
      { ...timed(READ, () => reader.read()), readsOnce: true },
    ]
    const expected = await wasm.searchMany(queries)
    for (const [at, gpu] of (bytes <= VARIANTS_UP_TO ? gpus : gpus.slice(0, 1)).entries()) {
      const topK = await createOn(gpu, table)
      owned.push(topK)
      const name = `webgpu ${topK.variant}`
      // A GPU without subgroups is the same with and without them.
      if (subjects.some((subject) => subject.name === name)) continue
      say(`comparing results of ${name}`)
      await expectSameRows(topK, queries, expected)
      const [one, eight] = subjectsOf(name, topK, queries)
      subjects.push(...(at === 0 ? [one, eight] : [one]))
    }
    const medians = await interleave(subjects, {
      samples,
      sampleMs,
      onRound: (done, all) => {
        signal?.throwIfAborted()
        say(`round ${done + 1} of ${all}`)
      },
    })
    return rowsOf({ found, n, d, k, bytes, ours }, subjects, medians)
  } finally {
    for (const each of owned) each.dispose()
  }
}

/** @throws `Error` where the GPU finds other rows than the WASM kernel, or leaves the work to the CPU. */
async function expectSameRows(
  topK: GpuTopK,
  queries: readonly Query[],
  expected: readonly TopKResult[],
): Promise<void> {
  const found = await topK.searchMany(queries)
  for (const [at, { indices }] of found.entries()) {
    if (indices.join() !== expected[at]!.indices.join())
      throw new Error(`webgpu ${topK.variant} finds other rows than WASM for query ${at}.`)
  }
  if (topK.device !== 'webgpu' || topK.wholeScans > 0)
    throw new Error(`webgpu ${topK.variant} left work to the CPU.`)
}

/** One query a call, and all of them. */
function subjectsOf(name: string, topK: GpuTopK, queries: readonly Query[]): [GpuSubject, GpuSubject] {
  const { parts } = topK
  const one = timed(name, async (at) => {
    await topK.search(queries[at % QUERIES]!)
    return topK.lastGpuMs
  })
  const all = timed(`${name}, ${QUERIES} at once`, async () => {
    await topK.searchMany(queries)
    return topK.lastGpuMs
  })
  return [
    { ...one, parts, readsOnce: true },
    { ...all, parts, queries: QUERIES },
  ]
}

function rowsOf(
  { found, n, d, k, bytes, ours }: Size,
  subjects: readonly GpuSubject[],
  medians: ReadonlyMap<string, number>,
): GpuRow[] {
  const rows = subjects.map(({ name, queries = 1, readsOnce = false, parts = 1, gpuMs = [] }): GpuRow => {
    const ms = medians.get(name)! / queries
    const byClock = gpuMs.length > 0 ? quantile(gpuMs, 0.5) / queries : null
    return {
      n,
      d,
      k,
      adapter: found.name,
      device: name,
      parts,
      ms,
      gpu_ms: byClock,
      bytes_per_s: readsOnce ? (bytes / (byClock ?? ms)) * 1000 : null,
      share_of_bandwidth: null,
      ratio_to_wasm: ms / medians.get(ours)!,
      ratio_to_limit: ms / medians.get(LIMIT)!,
    }
  })
  const bandwidth = rows.find(({ device }) => device === READ)!.bytes_per_s!
  for (const row of rows) {
    if (row.bytes_per_s !== null) row.share_of_bandwidth = row.bytes_per_s / bandwidth
  }
  return rows
}

/** Keeps the GPU's own times beside the subject. */
function timed(name: string, run: (at: number) => Promise<number | undefined>): GpuSubject {
  const gpuMs: number[] = []
  return {
    name,
    gpuMs,
    run: async (at) => {
      const ms = await run(at)
      if (ms !== undefined) gpuMs.push(ms)
    },
  }
}

/** The public way to a table on a GPU of our own choice, without a device to fall back to. */
async function createOn(gpu: Gpu, table: Table): Promise<GpuTopK> {
  let created: GpuTopK | undefined
  await createTopK(table, {
    devices: ['webgpu'],
    loadWebGpu: async () => ({
      createWebGpuTopK: async (rows, shape) =>
        (created = await createWebGpuTopK(rows, shape, { open: async () => gpu })),
    }),
  })
  return created!
}
