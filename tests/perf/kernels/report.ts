/** The kernels' figures as a page of tables and as a plot. */
import type { Machine } from '../measure/machine.ts'
import { columns, significant, times } from '../report/markdown.ts'
import { curvePlot } from '../report/plot.ts'
import type { Absent } from './compare.ts'
import type { KernelRow } from './rows.ts'

/** `docs/benchmarks/kernels.json`. */
export interface KernelsReport {
  measured: string
  machine: Machine
  browsers: readonly string[]
  rows: readonly KernelRow[]
  /** Who could not take part. */
  absent: readonly (Absent & { browser: string; n: number; d: number })[]
}

/** A table for each size and browser; then what was only checked, and who was not there. */
export function kernelsMarkdown(report: KernelsReport): string {
  const { measured, machine, browsers, rows } = report
  const [first] = rows
  const parts = [
    '# Scoring a catalogue',
    `One query, the best ${first?.k} of N rows of ${first?.d} int8 elements (the peers that know no int8 hold the same rows as float32). Every row of a table was measured in turn with the others in one page; the times are medians. Everything runs on the page's one main thread, but for ours where it says so. \`limit\` reads the bytes of the int8 table once with WASM on one thread and does nothing with them. "Found" is the share of the exact best ${first?.k} (the query in float) that a row of the table finds.`,
    `${machine.cpu}, ${machine.cores} cores, ${machine.platform}, load ${machine.load.join(' ')} at the start, ${measured.slice(0, 10)}. Compare the ratios: the times are this machine's. Written by \`npm run bench -- kernels\`.`,
    '![Time of one query](kernels.svg)',
  ]
  for (const browser of browsers) {
    for (const { n, d } of sizesOf(rows)) {
      const here = rows.filter(
        (row) => row.browser === browser && row.n === n && row.d === d && !row.software,
      )
      if (here.length === 0) continue
      parts.push(
        `## ${browser}, N = ${n.toLocaleString('en')}${d === first?.d ? '' : `, d = ${d}`}`,
        columns(
          ['', 'ms', '× fastest ONNX Runtime', '× tfjs wasm', '× limit', 'found'],
          here.map((row) => [
            row.device,
            significant(row.ms),
            times(row.ratio_to_fastest_ort),
            times(row.ratio_to_tfjs_wasm),
            times(row.ratio_to_limit),
            found(row),
          ]),
        ),
      )
    }
  }
  return `${[...parts, ...checkedOnly(report), ...notThere(report)].join('\n\n')}\n`
}

function checkedOnly({ rows }: KernelsReport): string[] {
  const software = rows.filter((row) => row.software)
  if (software.length === 0) return []
  return [
    '## On a GPU in software: correctness only',
    'This machine has no GPU. What runs on WebGPU ran on a software adapter, by itself, to see that it finds the right rows; its times say nothing about a GPU, and nothing is compared with them. [gpu.md](gpu.md) has the kernel over Vulkan.',
    columns(
      ['', 'browser', 'adapter', 'N', 'found', '(ms)'],
      software.map((row) => [
        row.device,
        row.browser,
        row.adapter ?? '',
        row.n.toLocaleString('en'),
        found(row),
        significant(row.ms),
      ]),
    ),
  ]
}

function notThere({ absent }: KernelsReport): string[] {
  if (absent.length === 0) return []
  const reasons = new Map<string, Set<string>>()
  for (const { browser, device, n, reason } of absent) {
    // The first line says it; stacks of WASM functions follow.
    const key = `${device}: ${reason.split('\n', 1)[0]!.slice(0, 240)}`
    const where = reasons.get(key) ?? new Set()
    reasons.set(key, where.add(`${browser}, N = ${n.toLocaleString('en')}`))
  }
  return [
    '## Who could not take part',
    [...reasons].map(([key, where]) => `- ${key} (${[...where].join('; ')})`).join('\n'),
  ]
}

function found({ overlap }: KernelRow): string {
  return overlap === null ? '' : `${(100 * overlap).toFixed(1)}%`
}

function sizesOf(rows: readonly KernelRow[]): { n: number; d: number }[] {
  const keys = new Map(rows.map(({ n, d }) => [`${n} ${d}`, { n, d }]))
  return [...keys.values()]
}

/** Milliseconds of every contestant by size, in the first browser. */
export function kernelsPlot({ browsers, rows }: KernelsReport): string {
  const here = rows.filter(
    ({ browser, d, software }) => browser === browsers[0] && d === rows[0]?.d && !software,
  )
  const series = [...new Set(here.map(({ device }) => device))].map((name) => {
    const points = here.filter(({ device }) => device === name).map(({ n, ms }) => [n, ms] as const)
    return { name, points, line: points }
  })
  return curvePlot({ title: `One query in ${browsers[0]}, ms`, x: 'items', series })
}
