/** The kernels' figures as a page of tables and as a plot. */
import { curvePlot } from '../report/plot.ts'
import { columns, times, significant } from '../report/markdown.ts'
import type { Machine } from '../measure/machine.ts'

/** One contestant in one browser at one size; ratios are null where there is nothing to divide by. */
export interface KernelRow {
  n: number
  d: number
  k: number
  /** Name and version. */
  browser: string
  device: string
  /** Median of one query. */
  ms: number
  ratio_to_fastest_ort: number | null
  ratio_to_tfjs_wasm: number | null
  ratio_to_limit: number
}

/** `docs/benchmarks/kernels.json`. */
export interface KernelsReport {
  measured: string
  machine: Machine
  browsers: readonly string[]
  /** With the share of the exact top k that each finds. */
  rows: readonly (KernelRow & { overlap: number | null })[]
}

/** A table for each size and browser. */
export function kernelsMarkdown({ measured, machine, browsers, rows }: KernelsReport): string {
  const [first] = rows
  const parts = [
    '# Scoring a catalogue',
    `One query, the best ${first?.k} of N rows of ${first?.d} int8 elements (the peers that know no int8 hold the same rows as float32). Every row of a table was measured in turn with the others in one page, on its one main thread; the times are medians. \`limit\` reads the bytes of the int8 table once with WASM and does nothing with them. "Found" is the share of the exact best ${first?.k} (the query in float) that a row of the table finds.`,
    `${machine.cpu}, ${machine.cores} cores, ${machine.platform}, load ${machine.load.join(' ')} at the start, ${measured.slice(0, 10)}. Compare the ratios: the times are this machine's. Written by \`npm run bench -- kernels\`.`,
    '![Time of one query](kernels.svg)',
  ]
  for (const browser of browsers) {
    for (const n of new Set(rows.map((row) => row.n))) {
      const here = rows.filter((row) => row.browser === browser && row.n === n)
      parts.push(
        `## ${browser}, N = ${n.toLocaleString('en')}`,
        columns(
          ['', 'ms', '× fastest ONNX Runtime', '× tfjs wasm', '× limit', 'found'],
          here.map((row) => [
            row.device,
            significant(row.ms),
            times(row.ratio_to_fastest_ort),
            times(row.ratio_to_tfjs_wasm),
            times(row.ratio_to_limit),
            row.overlap === null ? '' : `${(100 * row.overlap).toFixed(1)}%`,
          ]),
        ),
      )
    }
  }
  return `${parts.join('\n\n')}\n`
}

/** Milliseconds of every contestant by size, in the first browser. */
export function kernelsPlot({ browsers, rows }: KernelsReport): string {
  const here = rows.filter(({ browser }) => browser === browsers[0])
  const series = [...new Set(here.map(({ device }) => device))].map((name) => {
    const points = here.filter(({ device }) => device === name).map(({ n, ms }) => [n, ms] as const)
    return { name, points, line: points }
  })
  return curvePlot({ title: `One query in ${browsers[0]}, ms`, x: 'items', series })
}
