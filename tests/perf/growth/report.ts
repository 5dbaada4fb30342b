/** The figures of growth as a page of tables and as a plot. */
import type { Machine } from '../measure/machine.ts'
import { columns, significant } from '../report/markdown.ts'
import { curvePlot } from '../report/plot.ts'
import { type Growth, type Point, crossingOf, fitGrowth } from './fit.ts'
import type { GrowthTask, GrowthTiming, Series } from './page.ts'
import type { SecondPassTiming } from './second-pass.ts'

/** One series in one browser at one size. */
export interface GrowthRow {
  n: number
  d: number
  k: number
  /** Name and version. */
  browser: string
  device: string
  /** Threads that share a search. */
  threads: number
  /** Queries in one call. */
  queries: number
  /** Median of one query, and its best sample. */
  ms: number
  best_ms: number
  /** To the limit of one thread. */
  ratio_to_limit: number
  /** Against one thread that does the same, by the medians and by the best samples; null for one thread. */
  speedup: number | null
  best_speedup: number | null
}

/** `docs/benchmarks/growth.json`. */
export interface GrowthReport {
  measured: string
  machine: Machine
  browsers: readonly string[]
  model: string
  /** Of the model's table. */
  dimension: number
  rows: readonly GrowthRow[]
  secondPass: readonly (SecondPassTiming & { browser: string })[]
}

/** A series as rows name it, and the one of one thread that it is compared with. */
const SERIES: Readonly<Record<Series, { device: string; several: boolean; against?: Series }>> = {
  limit: { device: 'limit', several: false },
  'limit-threads': { device: 'limit', several: true, against: 'limit' },
  one: { device: 'vitrine wasm', several: false },
  threads: { device: 'vitrine wasm', several: true, against: 'one' },
  rescored: { device: 'vitrine wasm rescored', several: false },
  'one-batch': { device: 'vitrine wasm batch', several: false },
  'threads-batch': { device: 'vitrine wasm batch', several: true, against: 'one-batch' },
}

export function rowsOf(
  browser: string,
  { n, d, k, threads, batch }: Pick<GrowthTask, 'n' | 'd' | 'k' | 'threads' | 'batch'>,
  timings: readonly GrowthTiming[],
): GrowthRow[] {
  const timingOf = (series: Series): GrowthTiming => timings.find((timing) => timing.series === series)!
  return timings.map(({ series, ms, bestMs }) => {
    const { device, several, against } = SERIES[series]
    return {
      n,
      d,
      k,
      browser,
      device,
      threads: several ? threads : 1,
      queries: series.endsWith('batch') ? batch : 1,
      ms,
      best_ms: bestMs,
      ratio_to_limit: ms / timingOf('limit').ms,
      speedup: against === undefined ? null : timingOf(against).ms / ms,
      best_speedup: against === undefined ? null : timingOf(against).bestMs / bestMs,
    }
  })
}

/** Tables and fits for each browser, then the second pass. */
export function growthMarkdown(report: GrowthReport): string {
  const { measured, machine, browsers, rows, model, dimension, secondPass } = report
  const [first] = rows
  const batch = Math.max(...rows.map(({ queries }) => queries))
  const parts = [
    '# Growth',
    `One query, the best ${first?.k} of N rows of ${first?.d} int8 elements and a bias, by the WASM kernel on one thread, and shared with workers that hold a slice each, without shared memory. \`limit\` reads the bytes of the table once and does nothing with them. Every column of a table was measured in turn with the others in one page; times are medians, those of ${batch} queries at once divided by ${batch}. Speedups are ratios of medians and, in brackets, of the best samples: whatever else runs on the machine takes a core from two threads sooner than from one.`,
    `${machine.cpu}, ${machine.cores} cores, ${machine.platform}, load ${machine.load.join(' ')} at the start, ${measured.slice(0, 10)}. Compare the ratios: the times are this machine's. Written by \`npm run bench -- growth\`.`,
    '![Time of one query against the number of items](growth.svg)',
    ...browsers.flatMap((browser) => browserParts(browser, rows)),
    '## The exact second pass',
    `\`rescore: true\` scores the float query instead of its int8 values; the bound that the pass computes covers the difference, so that only rows near the k-th best are scored again. Gain: on the embeddings of ${model} (d = ${dimension}) after each golden history and after each item alone. Cost: there, and on the random table by N.`,
    columns(
      ['', 'items', 'queries', 'int8 ms', 'rescored ms', 'cost', 'int8 finds', 'same list', 'same first'],
      secondPass.map((row) => [
        row.browser,
        String(row.items),
        String(row.queries),
        significant(row.int8Ms),
        significant(row.rescoredMs),
        percent(row.rescoredMs / row.int8Ms - 1),
        percent(row.found),
        percent(row.sameList),
        percent(row.sameFirst),
      ]),
    ),
  ]
  return `${parts.join('\n\n')}\n`
}

function browserParts(browser: string, all: readonly GrowthRow[]): string[] {
  const rows = all.filter((row) => row.browser === browser)
  const threads = Math.max(...rows.map((row) => row.threads))
  const of = (device: string, count: number): GrowthRow[] =>
    rows.filter((row) => row.device === device && row.threads === count)
  const limits = of('limit', 1)
  const [limitsTogether, one, several] = [
    of('limit', threads),
    of('vitrine wasm', 1),
    of('vitrine wasm', threads),
  ]
  const [rescored, batch, batchTogether] = [
    of('vitrine wasm rescored', 1),
    of('vitrine wasm batch', 1),
    of('vitrine wasm batch', threads),
  ]
  const queries = batch[0]?.queries
  const crossing = crossingOf(bestOf(one), bestOf(several))
  const crossingOfBatch = crossingOf(bestOf(batch), bestOf(batchTogether))
  return [
    `## ${browser}`,
    columns(
      [
        'N',
        'limit',
        'one thread',
        '× limit',
        `${threads} threads`,
        'speedup',
        'limit’s speedup',
        'rescored',
        `${queries} at once`,
        `${queries} at once, ${threads} threads`,
        'speedup',
      ],
      one.map(({ n, ms, ratio_to_limit }, at) => [
        n.toLocaleString('en'),
        significant(limits[at]!.ms),
        significant(ms),
        significant(ratio_to_limit),
        significant(several[at]!.ms),
        speedups(several[at]!),
        speedups(limitsTogether[at]!),
        significant(rescored[at]!.ms),
        significant(batch[at]!.ms),
        significant(batchTogether[at]!.ms),
        speedups(batchTogether[at]!),
      ]),
    ),
    `${crossingText(threads, crossing)} ${queries} queries at once: ${crossingText(threads, crossingOfBatch)}`,
    columns(
      ['fitted to the best', 'fixed µs', 'ns an item', 'largest error'],
      (
        [
          ['limit', limits],
          ['one thread', one],
          [`${threads} threads`, several],
        ] as const
      ).map(([name, series]) => fitCells(name, fitGrowth(bestOf(series)))),
    ),
  ]
}

function speedups({ speedup, best_speedup }: GrowthRow): string {
  return `${significant(speedup!)} (${significant(best_speedup!)})`
}

function crossingText(threads: number, crossing: number | null): string {
  return crossing === null
    ? `${threads} threads are never faster than one here.`
    : `${threads} threads are faster from about ${Number(crossing.toPrecision(2)).toLocaleString('en')} items on.`
}

function fitCells(name: string, { fixed, perItem, error }: Growth): string[] {
  return [name, significant(fixed * 1e3), significant(perItem * 1e6), percent(error)]
}

function bestOf(rows: readonly GrowthRow[]): Point[] {
  return rows.map(({ n, best_ms }) => [n, best_ms])
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)}%`
}

/** Best milliseconds of a query by size in the first browser, with fitted lines. */
export function growthPlot({ browsers, rows }: GrowthReport): string {
  const threads = Math.max(...rows.map((row) => row.threads))
  const here = rows.filter(({ browser }) => browser === browsers[0])
  const series = (
    [
      ['limit', 'limit', 1],
      ['vitrine wasm, one thread', 'vitrine wasm', 1],
      ['vitrine wasm, several threads', 'vitrine wasm', threads],
    ] as const
  ).map(([name, device, count]) => {
    const rowsHere = here.filter((row) => row.device === device && row.threads === count)
    const points = bestOf(rowsHere)
    const { fixed, perItem } = fitGrowth(points)
    const sizes = Array.from({ length: 40 }, (_, at) => 1e3 * 4000 ** (at / 39))
    return { name, points, line: sizes.map((n): Point => [Math.round(n), fixed + perItem * n]) }
  })
  return curvePlot({
    title: `One query in ${browsers[0]}, ms (${threads} threads at most)`,
    x: 'items',
    series,
  })
}
