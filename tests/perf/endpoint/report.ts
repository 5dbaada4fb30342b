/** What the endpoint takes in and hands out, as a page. */
import type { Machine } from '../measure/machine.ts'
import { columns, significant } from '../report/markdown.ts'

/** `docs/benchmarks/endpoint.json`. */
export interface EndpointReport {
  measured: string
  machine: Machine
  node: string
  /** Missing where the machine has none. */
  postgres?: string
  connections: number
  /** Events in a batch. */
  batch: number
  /** Samples of each server, in turn. */
  samples: number
  rows: readonly EndpointRow[]
}

/** One kind of request to one server; medians of the samples, latencies over all of them. */
export interface EndpointRow {
  what: string
  server: string
  requests_per_s: number
  /** Missing where the requests carry none. */
  events_per_s?: number
  /** Events that one core of the server's own CPU time takes in a second. */
  events_per_core_s?: number
  cpu_ms: number
  p50_ms: number
  p99_ms: number
  /** Requests a second and CPU time beside the bare server's in the same round; 1 for that itself. */
  speed_ratio: number
  cpu_ratio: number
}

export function endpointMarkdown(report: EndpointReport): string {
  const { measured, machine, node, postgres, connections, batch, samples, rows } = report
  return `${[
    '# The endpoint',
    `Requests over ${connections} connections that are kept busy, each kind against a bare \`node:http\` server that reads the request and answers a constant of the same size, in turn in one run: medians of ${samples} samples each. The client runs on the same machine. SQLite with \`synchronous=FULL\`${postgres === undefined ? '' : `, ${postgres} as it is installed, on the same machine and disk, its own CPU time not counted`}. A batch is ${batch} events, gzipped; it is answered once it is on disk.`,
    columns(
      ['', 'requests/s', 'events/s', 'events/s and core', 'CPU, ms', 'p50, ms', 'p99, ms', 'speed', 'CPU'],
      rows.map((row) => [
        `${row.what}: ${row.server}`,
        significant(row.requests_per_s),
        row.events_per_s === undefined ? '' : String(Math.round(row.events_per_s)),
        row.events_per_core_s === undefined ? '' : String(Math.round(row.events_per_core_s)),
        significant(row.cpu_ms),
        significant(row.p50_ms),
        significant(row.p99_ms),
        `${significant(row.speed_ratio)} ×`,
        `${significant(row.cpu_ratio)} ×`,
      ]),
    ),
    '"Events/s and core" is what a second of the server process’s own CPU time takes in, all its threads together: other work on the machine disturbs it least. "Speed" and "CPU" are ratios to the bare server in the same round.',
    `Node ${node} on ${machine.cpu}, ${machine.cores} cores, ${machine.platform}, load ${machine.load.join(' ')} at the start, ${measured.slice(0, 10)}. Written by \`npm run bench -- endpoint\`.`,
  ].join('\n\n')}\n`
}
