/** The round trip's figures as a page. */
import type { Machine } from '../measure/machine.ts'
import { columns, significant } from '../report/markdown.ts'
import { barPlot } from '../report/plot.ts'

/** `docs/benchmarks/roundtrip.json`. */
export interface RoundtripReport {
  measured: string
  machine: Machine
  browser: string
  rows: readonly RoundtripRow[]
  /** One recommendation without the hop, on models of real shops. */
  alone: readonly AloneRow[]
}

/** Calls on one model in one place. */
export interface AloneRow {
  model: string
  bytes: number
  place: string
  calls: number
  p50_ms: number
  p99_ms: number
}

/** Calls at one speed of the processor. */
interface RoundtripRow {
  n: number
  /** Times slower than this machine, as asked for. */
  cpu: number
  /** Times slower, as measured by arithmetic in the page: the machine's other work is in it. */
  slowdown: number
  calls: number
  p50_ms: number
  p99_ms: number
}

export function roundtripMarkdown({ measured, machine, browser, rows, alone }: RoundtripReport): string {
  return `${[
    '# The round trip of recommend()',
    'From the call in the page to its list: the hop to the worker, candidates from graph and catalogue, re-ranking, rules, reasons, and the hop back. Product-page shelves of 12 items for a shopper with a history, one call after the other, on a synthetic model.',
    columns(
      ['', 'calls', 'CPU slowed', 'measured', 'p50, ms', 'p99, ms'],
      rows.map((row) => [
        `N = ${row.n.toLocaleString('en')}`,
        String(row.calls),
        `${row.cpu} ×`,
        `${row.slowdown} ×`,
        significant(row.p50_ms),
        significant(row.p99_ms),
      ]),
    ),
    '![Microseconds of a round trip](roundtrip.svg)',
    'One recommendation without the hop (candidates, features, re-ranking, rules, reasons), on models that were trained on real shops; product-page shelves of 12 items after histories that walk the graph:',
    columns(
      ['', 'bytes', 'where', 'calls', 'p50, ms', 'p99, ms'],
      alone.map(({ model, bytes, place, calls, p50_ms, p99_ms }) => [
        model,
        bytes.toLocaleString('en'),
        place,
        String(calls),
        significant(p50_ms),
        significant(p99_ms),
      ]),
    ),
    `The slow processor is this one, with the page's whole process (the worker too) stopped for three of every four milliseconds. "Measured" is what that does to plain arithmetic in the page.`,
    `${browser} on ${machine.cpu}, ${machine.cores} cores, ${machine.platform}, load ${machine.load.join(' ')} at the start, ${measured.slice(0, 10)}. Written by \`npm run bench -- roundtrip\`.`,
  ].join('\n\n')}\n`
}

/** Bars of median and tail. */
export function roundtripPlot({ rows }: RoundtripReport): string {
  return barPlot({
    title: 'recommend() as the page sees it, in microseconds',
    bars: rows.flatMap(({ cpu, p50_ms, p99_ms }) => {
      const speed = cpu > 1 ? `CPU slowed ${cpu} ×` : 'full speed'
      return [
        { group: `${speed}, p50`, name: 'Vitrine', value: 1000 * p50_ms },
        { group: `${speed}, p99`, name: 'Vitrine', value: 1000 * p99_ms },
      ]
    }),
  })
}
