/** In the page: lets every contestant search the same catalogue in turn, and says how far they agree. */
import type { Table } from '@vitrine/kernels'
import { interleave } from '../measure/interleave.ts'
import { randomQuery, randomTable } from './catalogue.ts'
import type { Contestant } from './contestant.ts'
import { readLimit } from './read-limit.ts'
import { vitrine } from './vitrine.ts'

/** What to measure. A type, not an interface, as the next two: they travel into the page and back. */
export type Task = {
  samples: number
  sampleMs: number
  n: number
  d: number
  k: number
  /** Only ours and the limit: for browsers in which the peers are not asked for. */
  alone: boolean
  /** The compiled module of `readLimit`, as base64. */
  limit: string
}

/** One contestant's result. */
export type Timing = {
  device: string
  /** Median of one query. */
  ms: number
  /** Share of the exact top k (float query, int8 table) that it finds, over all queries; null for the limit. */
  overlap: number | null
}

/** Where the page stands; polled from outside. */
export type Progress = {
  doing: string
  error?: string
  timings?: Timing[]
}

declare global {
  interface Window {
    benchmark?: { start(task: Task): void; progress(): Progress }
  }
}

const QUERIES = 8
const LIMIT = 'limit'

let progress: Progress = { doing: 'waiting' }

async function compare({ n, d, k, alone, limit, samples, sampleMs }: Task): Promise<Timing[]> {
  say('making the catalogue')
  const table = randomTable(n, d, 1)
  const queries = Array.from({ length: QUERIES }, (_, at) => randomQuery(d, 100 + at))
  const job = { table, k }

  const contestants = await vitrine(job)
  if (!alone) {
    say('loading the peers')
    const { onnxruntimeWasm } = await import('./peers/onnxruntime.ts')
    contestants.push(...(await onnxruntimeWasm(job)))
    const { tfjsWasm } = await import('./peers/tfjs.ts')
    contestants.push(await tfjsWasm(job))
    const { javascript } = await import('./peers/javascript.ts')
    contestants.push(javascript(job))
  }

  say('comparing results')
  const exact = queries.map((query) => exactTopK(table, query, k))
  const overlaps = new Map<string, number>()
  for (const contestant of contestants) {
    overlaps.set(contestant.name, await overlapOf(contestant, queries, exact))
  }

  const subjects = contestants.map((contestant) => ({
    name: contestant.name,
    run: (at: number) => contestant.search(queries[at % QUERIES]!),
  }))
  // A row is its values, scale, bias and sum.
  const reader = { name: LIMIT, run: await readLimit(limit, n * (d + 12)) }
  const medians = await interleave([reader, ...subjects], {
    samples,
    sampleMs,
    onRound: (done, all) => say(`round ${done + 1} of ${all}`),
  })
  return [...medians].map(([device, ms]) => ({ device, ms, overlap: overlaps.get(device) ?? null }))
}

async function overlapOf(
  contestant: Contestant,
  queries: readonly Float32Array[],
  exact: readonly ReadonlySet<number>[],
): Promise<number> {
  let common = 0
  let all = 0
  for (const [at, query] of queries.entries()) {
    const found = Array.from(await contestant.search(query), Number)
    common += found.filter((row) => exact[at]!.has(row)).length
    all += exact[at]!.size
  }
  return common / all
}

function exactTopK({ count, dimension, values, scales }: Table, query: Float32Array, k: number): Set<number> {
  const scores = new Float64Array(count)
  for (let row = 0; row < count; row++) {
    let dot = 0
    for (let j = 0; j < dimension; j++) dot += values[row * dimension + j]! * query[j]!
    scores[row] = dot * scales[row]!
  }
  const least = scores.toSorted()[count - k]!
  const rows = new Set<number>()
  for (let row = 0; row < count && rows.size < k; row++) if (scores[row]! >= least) rows.add(row)
  return rows
}

function say(doing: string): void {
  progress = { doing }
}

window.benchmark = {
  start(task) {
    say('starting')
    void compare(task).then(
      (timings) => (progress = { doing: 'done', timings }),
      (error: unknown) =>
        (progress = {
          doing: 'failed',
          error: String(error instanceof Error ? (error.stack ?? error) : error),
        }),
    )
  },
  progress: () => progress,
}
