/** The GPU's figures as a page of tables and as a plot. */
import type { AdapterName } from '../measure/adapter.ts'
import type { Machine } from '../measure/machine.ts'
import { columns, significant } from '../report/markdown.ts'
import { curvePlot } from '../report/plot.ts'
import type { GpuRow } from './measure.ts'

/** `docs/benchmarks/gpu.json`. */
export interface GpuReport {
  measured: string
  machine: Machine
  adapter: AdapterName
  runtime: string
  rows: readonly GpuRow[]
}

/** A table for each size. */
export function gpuMarkdown({ measured, machine, adapter, runtime, rows }: GpuReport): string {
  const [first] = rows
  const parts = [
    '# Scoring a catalogue on a GPU',
    ...(adapter.software
      ? [
          `**${adapter.name} computes on the processor.** This report shows that the kernel runs over Vulkan and finds the right rows; its times say nothing about a GPU.`,
        ]
      : []),
    `${adapter.name}, through Dawn in ${runtime}, over Vulkan; beside it ${machine.cpu}, ${machine.cores} cores, ${machine.platform}, ${measured.slice(0, 10)}. One query, the best ${first?.k} of N rows of d int8 elements; the GPU returns the same rows as the WASM kernel, which was checked before timing. Medians, everything in turn in one run. "ms" is what a caller waits, submit and read-back included; "GPU ms" is the GPU's own clock. The bytes are a row's values, scale and bias; "read on the GPU" reads as many and does nothing with them. Written by \`npm run bench -- gpu\`.`,
    '![Time of one query](gpu.svg)',
  ]
  for (const { n, d } of sizesOf(rows)) {
    const here = rows.filter((row) => row.n === n && row.d === d)
    const bound = Math.max(...here.map((row) => row.parts))
    parts.push(
      `## N = ${n.toLocaleString('en')}, d = ${d}${bound > 1 ? `, bound in ${bound} parts` : ''}`,
      columns(
        ['', 'ms', 'GPU ms', 'GB/s', 'of the bandwidth', '× our WASM', '× limit'],
        here.map((row) => [
          row.device,
          significant(row.ms),
          row.gpu_ms === null ? '' : significant(row.gpu_ms),
          row.bytes_per_s === null ? '' : significant(row.bytes_per_s / 1e9),
          row.share_of_bandwidth === null ? '' : `${(100 * row.share_of_bandwidth).toFixed(0)}%`,
          significant(row.ratio_to_wasm),
          significant(row.ratio_to_limit),
        ]),
      ),
    )
  }
  return `${parts.join('\n\n')}\n`
}

/** Milliseconds of every subject by size, at the first dimension. */
export function gpuPlot({ adapter, rows }: GpuReport): string {
  const here = rows.filter(({ d }) => d === rows[0]?.d)
  const series = [...new Set(here.map(({ device }) => device))].map((name) => {
    const points = here.filter(({ device }) => device === name).map(({ n, ms }) => [n, ms] as const)
    return { name, points, line: points }
  })
  return curvePlot({ title: `One query on ${adapter.name}, d = ${rows[0]?.d}, ms`, x: 'items', series })
}

function sizesOf(rows: readonly GpuRow[]): { n: number; d: number }[] {
  const keys = new Map(rows.map(({ n, d }) => [`${n} ${d}`, { n, d }]))
  return [...keys.values()]
}
