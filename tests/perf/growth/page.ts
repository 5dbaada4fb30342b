/** In the page: times one query, and the queries of a page, by one thread and by several. */
import type { Query } from '@vitrine/kernels'
import { randomQuery, randomTable } from '../kernels/catalogue.ts'
import { readLimit } from '../kernels/read-limit.ts'
import { type Subject, interleave } from '../measure/interleave.ts'
import { type SecondPassTask, type SecondPassTiming, timeSecondPass } from './second-pass.ts'
import { createKernels, openPool, readTogether } from './threads.ts'

/** What to measure. A type, not an interface, as the next two: they travel into the page and back. */
export type GrowthTask = {
  kind: 'growth'
  n: number
  d: number
  k: number
  threads: number
  /** Queries at once, in the rows that have several. */
  batch: number
  /** The compiled module of `readLimit`, as base64. */
  limit: string
  samples: number
  sampleMs: number
}

/** One series' time at one size. */
export type GrowthTiming = {
  series: Series
  /** Median of one query, also where several were asked at once. */
  ms: number
  /** The best sample's: what the machine does while nothing else wants it. */
  bestMs: number
}

/** What is measured at each size. */
export type Series =
  'limit' | 'limit-threads' | 'one' | 'threads' | 'rescored' | 'one-batch' | 'threads-batch'

/** Where the page stands; polled from outside. */
export type Progress = {
  doing: string
  error?: string
  growth?: GrowthTiming[]
  secondPass?: SecondPassTiming
}

declare global {
  interface Window {
    growth?: { start(task: GrowthTask | SecondPassTask): void; progress(): Progress }
  }
}

const QUERIES = 8
/** Bytes of a row: its values, scale, bias and bound. */
const bytesOfRow = (d: number): number => d + 12

let progress: Progress = { doing: 'waiting' }

async function measureGrowth(task: GrowthTask): Promise<GrowthTiming[]> {
  const { n, d, k, threads, batch, limit, samples, sampleMs } = task
  progress = { doing: 'making the catalogue' }
  const queries = Array.from({ length: QUERIES }, (_, at): Query => ({ vector: randomQuery(d, 100 + at), k }))
  const rescored = queries.map((query) => ({ ...query, rescore: true }))
  const together = queries.slice(0, batch)
  const pool = await openPool(threads - 1)
  // The table is garbage once the kernels have their copies.
  const { one, several } = await createKernels(
    { ...randomTable(n, d, 1), bias: new Float32Array(n) },
    pool,
    queries,
  )
  const reading = await readTogether(limit, n * bytesOfRow(d), threads)
  const perQuery = new Map<string, number>([
    ['one-batch', together.length],
    ['threads-batch', together.length],
  ])
  const subjects: (Subject & { name: Series })[] = [
    { name: 'limit', run: await readLimit(limit, n * bytesOfRow(d)) },
    { name: 'limit-threads', run: () => reading.read() },
    { name: 'one', run: (at) => one.search(queries[at % QUERIES]!) },
    { name: 'threads', run: (at) => several.search(queries[at % QUERIES]!) },
    { name: 'rescored', run: (at) => one.search(rescored[at % QUERIES]!) },
    { name: 'one-batch', run: () => one.searchMany(together) },
    { name: 'threads-batch', run: () => several.searchMany(together) },
  ]
  const best = new Map<string, number>()
  const medians = await interleave(subjects, {
    samples,
    sampleMs,
    onSample: (name, ms) => best.set(name, Math.min(ms, best.get(name) ?? Infinity)),
    onRound: (done, all) => (progress = { doing: `round ${done + 1} of ${all}` }),
  })
  if (pool.failure) throw pool.failure
  pool.close()
  reading.end()
  return [...medians].map(([name, ms]) => {
    const queriesAtOnce = perQuery.get(name) ?? 1
    return { series: name as Series, ms: ms / queriesAtOnce, bestMs: best.get(name)! / queriesAtOnce }
  })
}

async function measure(task: GrowthTask | SecondPassTask): Promise<void> {
  if (task.kind === 'growth') progress = { doing: 'done', growth: await measureGrowth(task) }
  else progress = { doing: 'done', secondPass: await timeSecondPass(task) }
}

window.growth = {
  start(task) {
    progress = { doing: 'starting' }
    measure(task).catch((error: unknown) => {
      progress = {
        doing: 'failed',
        error: String(error instanceof Error ? (error.stack ?? error) : error),
      }
    })
  },
  progress: () => progress,
}
