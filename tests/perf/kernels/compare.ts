/** The benchmark itself: lets every contestant search the same catalogue in turn, and says how far they agree. */
import type { Table } from '@vitrine/kernels'
import { type AdapterName, adapterName } from '../measure/adapter.ts'
import { interleave } from '../measure/interleave.ts'
import { randomQuery, randomTable } from './catalogue.ts'
import type { Contestant, Entrant, Job } from './contestant.ts'
import { readLimit } from './read-limit.ts'

/** What to measure. A type, not an interface, as the next ones: they travel into the page and back. */
export type Task = {
  n: number
  d: number
  k: number
  samples: number
  sampleMs: number
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
  /** The GPU that it ran on; null for those that run on none. */
  adapter: string | null
  /** That GPU is software: the time says nothing. */
  software: boolean
}

/** Who could not take part, and why. */
export type Absent = { device: string; reason: string }

/** What came out. */
export type Comparison = { timings: Timing[]; absent: Absent[] }

/** Options of {@link compare}. */
export interface CompareOptions {
  entrants: readonly Entrant[]
  signal?: AbortSignal
  /** Told what goes on, and how much of it is done, 0 to 1. */
  onProgress?: (doing: string, share: number) => void
}

/** The name of the bound in every report. */
export const LIMIT = 'limit'
const QUERIES = 8
/** Share of the whole that getting ready is shown as. */
const PREPARATION = 0.3
/** A GPU in software is asked only whether it is right, on no more than so many items. */
const SOFTWARE_ITEMS = 10_000
const SOFTWARE_SAMPLES = 3

/** @throws the reason of `signal` once aborted. */
export async function compare(
  { n, d, k, limit, samples, sampleMs }: Task,
  { entrants, signal, onProgress }: CompareOptions,
): Promise<Comparison> {
  const say = (doing: string, share: number): void => {
    signal?.throwIfAborted()
    onProgress?.(doing, share)
  }
  say('making the catalogue', 0)
  const table = randomTable(n, d, 1)
  const queries = Array.from({ length: QUERIES }, (_, at) => randomQuery(d, 100 + at))
  const exact = queries.map((query) => exactTopK(table, query, k))
  const gpu = entrants.some((entrant) => entrant.gpu) ? await adapterHere() : undefined

  const timings: Timing[] = []
  const absent: Absent[] = []
  const racing: (Contestant & Pick<Timing, 'overlap' | 'adapter'>)[] = []
  try {
    for (const [at, entrant] of entrants.entries()) {
      say(entrant.name, (PREPARATION * at) / entrants.length)
      const contestant = await entered(entrant, { table, k }, gpu, absent)
      if (!contestant) continue
      const { name } = contestant
      const adapter = entrant.gpu && gpu ? gpu.name : null
      try {
        const overlap = await overlapOf(contestant, queries, exact)
        if (adapter === null || !gpu?.software) {
          racing.push({ ...contestant, overlap, adapter })
          continue
        }
        // By itself: it would take the processor away from those whose times count.
        const medians = await interleave([subject(contestant, queries)], {
          samples: SOFTWARE_SAMPLES,
          sampleMs: 1,
        })
        timings.push({ device: name, ms: medians.get(name)!, overlap, adapter, software: true })
      } catch (error) {
        absent.push({ device: name, reason: messageOf(error) })
      }
      contestant.dispose()
    }
    // What a search reads of a row: its values, scale and bound; these tables have no bias.
    const reader = { name: LIMIT, run: await readLimit(limit, n * (d + 8)) }
    const medians = await interleave([reader, ...racing.map((each) => subject(each, queries))], {
      samples,
      sampleMs,
      onRound: async (done, all) => {
        say(`round ${done + 1} of ${all}`, PREPARATION + (1 - PREPARATION) * (done / all))
        // Whoever waits for this page, such as a button of it, has a turn.
        await new Promise((resolve) => setTimeout(resolve))
      },
    })
    const own = { overlap: null, adapter: null }
    const timed = [{ name: LIMIT, ...own }, ...racing].map(({ name, overlap, adapter }): Timing => ({
      device: name,
      ms: medians.get(name)!,
      overlap,
      adapter,
      software: false,
    }))
    return { timings: [...timed, ...timings], absent }
  } finally {
    for (const contestant of racing) contestant.dispose()
  }
}

/** Undefined, and noted in `absent`, where the entrant cannot take part. */
async function entered(
  entrant: Entrant,
  job: Job,
  gpu: AdapterName | undefined,
  absent: Absent[],
): Promise<Contestant | undefined> {
  const { name: device } = entrant
  try {
    if (entrant.gpu && !gpu) throw new Error('This browser has no WebGPU here.')
    if (entrant.gpu && gpu?.software && job.table.count > SOFTWARE_ITEMS) {
      throw new Error(
        `${gpu.name} computes on the processor: it is asked for no more than ${SOFTWARE_ITEMS} items.`,
      )
    }
    return await entrant.enter(job)
  } catch (error) {
    absent.push({ device, reason: messageOf(error) })
    return undefined
  }
}

function subject(
  { name, search }: Contestant,
  queries: readonly Float32Array[],
): { name: string; run: (at: number) => unknown } {
  return { name, run: (at) => search(queries[at % queries.length]!) }
}

async function adapterHere(): Promise<AdapterName | undefined> {
  const { gpu } = navigator as { gpu?: GPU }
  const adapter = await gpu?.requestAdapter()
  return adapter ? adapterName(adapter.info) : undefined
}

async function overlapOf(
  { search }: Contestant,
  queries: readonly Float32Array[],
  exact: readonly ReadonlySet<number>[],
): Promise<number> {
  let common = 0
  let all = 0
  for (const [at, query] of queries.entries()) {
    const found = Array.from(await search(query), Number)
    common += found.filter((row) => exact[at]!.has(row)).length
    all += exact[at]!.size
  }
  return common / all
}

/** By float64 scores of the float query; all rows where there are no more than k. */
function exactTopK({ count, dimension, values, scales }: Table, query: Float32Array, k: number): Set<number> {
  const scores = new Float64Array(count)
  for (let row = 0; row < count; row++) {
    let dot = 0
    for (let j = 0; j < dimension; j++) dot += values[row * dimension + j]! * query[j]!
    scores[row] = dot * scales[row]!
  }
  const least = scores.toSorted()[Math.max(0, count - k)]!
  const rows = new Set<number>()
  for (let row = 0; row < count && rows.size < k; row++) if (scores[row]! >= least) rows.add(row)
  return rows
}

function messageOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(messageOf).join('; ')
  return error instanceof Error ? error.message : String(error)
}
