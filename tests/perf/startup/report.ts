/** The start's figures as a line of ratios, as a page and as a picture. */
import type { Machine } from '../measure/machine.ts'
import { type Breakdown, STEPS } from './breakdown.ts'
import { columns, significant } from '../report/markdown.ts'
import { type Bar, barPlot } from '../report/plot.ts'

/** `docs/benchmarks/startup.json`. */
export interface StartupReport {
  measured: string
  machine: Machine
  browser: string
  network: string
  /** Times slower than this machine, as asked for. */
  cpu: number
  /** Processor time of our scripts on the main thread until the list, at full speed. */
  main_thread_ms: number
  /** Ours, then the peer. */
  pages: readonly StartupPage[]
  /** Where our time goes, of visitors whose worker told: medians of the moment that each step ended, in milliseconds. */
  breakdown: { cold: Breakdown; warm: Breakdown }
}

/** Medians over visitors. */
export interface StartupPage {
  name: string
  /** Navigation to the list of the starter, nothing cached; null where there is none. */
  starter_ms: number | null
  /** Navigation to the list of the whole model, nothing cached. */
  cold_ms: number
  /** Navigation to the end of the document: the same for any page on this line. */
  cold_document_ms: number
  /** The same visitor's later visits. */
  warm_ms: number
  warm_document_ms: number
  /** First visit, over the wire, without the model. */
  bytes: number
  model_bytes: number
  /** Tasks over 50 ms on the main thread of the slowed first visit. */
  long_tasks: number
  /** Times slower, as measured by arithmetic in the page. */
  slowdown: number
  /** Share of the machine's processor time that nobody used meanwhile. */
  idle: number
  /** Milliseconds to the list of the whole model, visit by visit. */
  samples: { cold: readonly number[]; warm: readonly number[] }
}

/** One line for `--json`. */
export function ratiosOf({ network, cpu, main_thread_ms, pages }: StartupReport): object {
  const [ours, peer] = pages as readonly [StartupPage, StartupPage]
  return {
    network,
    cpu,
    starter_ms: ours.starter_ms,
    starter_ratio: ours.starter_ms === null ? null : ours.starter_ms / peer.cold_ms,
    cold_ms: ours.cold_ms,
    cold_ratio: ours.cold_ms / peer.cold_ms,
    warm_ms: ours.warm_ms,
    warm_ratio: ours.warm_ms / peer.warm_ms,
    bytes: ours.bytes,
    model_bytes: ours.model_bytes,
    bytes_ratio: ours.bytes / peer.bytes,
    long_tasks: ours.long_tasks,
    main_thread_ms,
  }
}

function seconds(ms: number | null): string {
  return ms === null ? '' : significant(ms / 1000)
}

function ratio(value: number, of: number): string {
  return significant(value / of)
}

export function startupMarkdown(report: StartupReport): string {
  const { measured, machine, browser, network, cpu, main_thread_ms, pages } = report
  const [ours, peer] = pages as readonly [StartupPage, StartupPage]
  const rows: [string, (page: StartupPage) => string][] = [
    ['first visit: first list, of the starter, s', (page) => seconds(page.starter_ms)],
    ['first visit: list of the whole model, s', (page) => seconds(page.cold_ms)],
    ['later visit: list of the whole model, s', (page) => seconds(page.warm_ms)],
    ['… of which the document took, s', (page) => seconds(page.warm_document_ms)],
    ['… and everything after it, s', (page) => seconds(page.warm_ms - page.warm_document_ms)],
    ['bytes without the model', (page) => page.bytes.toLocaleString('en')],
    ['bytes of the model', (page) => page.model_bytes.toLocaleString('en')],
    ['tasks over 50 ms on the slowed main thread', (page) => String(page.long_tasks)],
    ['slowdown as measured', (page) => `${page.slowdown} ×`],
    ['of the machine idle meanwhile', (page) => `${Math.round(100 * page.idle)}%`],
  ]
  return `${[
    '# From navigation to the first personal list',
    `A visitor opens a product page and sees a list that follows from it: once with nothing cached, then again with the model stored. Ours is the SDK with the model under \`models/online-retail\`, its graph and re-ranker included. The peer is onnxruntime-web on its WASM engine with one ONNX model (the same embeddings, rounded alike, an encoder, MatMul, TopK) and the same catalogue: less of a recommender, and fewer bytes of model.`,
    columns(
      ['', ...pages.map(({ name }) => name)],
      rows.map(([name, cell]) => [name].concat(pages.map(cell))),
    ),
    `Ours against the peer: whole model ${ratio(ours.cold_ms, peer.cold_ms)}, ${ours.starter_ms === null ? '' : `first list ${ratio(ours.starter_ms, peer.cold_ms)}, `}later visit ${ratio(ours.warm_ms, peer.warm_ms)} (after the document, which a line of this round-trip time delays for any page: ${ratio(ours.warm_ms - ours.warm_document_ms, peer.warm_ms - peer.warm_document_ms)}), bytes without the model ${ratio(ours.bytes, peer.bytes)}. Our scripts take ${significant(main_thread_ms)} ms of the main thread at full speed.`,
    '![Milliseconds from navigation to list](startup.svg)',
    '## Where our time goes',
    'When each step had ended, in milliseconds from the navigation. Some run beside each other: the kernel is compiled while the databases open. These visitors had a worker that told what it did, and count for nothing above.',
    columns(['', 'first visit', 'later visit'], stepRows(report.breakdown)),
    '## How',
    `${network}, shared by all connections of page and worker; CPU slowed ${cpu} × (the page's whole process stopped for three of every four milliseconds). Static files of both are compressed ahead with brotli (level 11); bytes include headers. Medians of ${ours.samples.cold.length} visitors that took turns, ${ours.samples.warm.length} later visits in all, each visitor with a profile in memory; visits during which the page was slowed by something else as well were made again. Scripts on the main thread are those of all tasks that touch the page's own files, processor time from a trace.`,
    `${browser} on ${machine.cpu}, ${machine.cores} cores, ${machine.platform}, load ${machine.load.join(' ')} at the start, ${measured.slice(0, 10)}. Written by \`npm run bench -- startup\`.`,
  ].join('\n\n')}\n`
}

function stepRows({ cold, warm }: StartupReport['breakdown']): string[][] {
  return STEPS.filter((step) => cold[step] !== null || warm[step] !== null).map((step) => [
    step,
    milliseconds(cold[step]),
    milliseconds(warm[step]),
  ])
}

function milliseconds(ms: number | null): string {
  return ms === null ? '' : Math.round(ms).toLocaleString('en')
}

/** Bars from navigation to list. */
export function startupPlot({ pages }: StartupReport): string {
  const bars = (name: string, of: (page: StartupPage) => number | null): Bar[] =>
    pages.flatMap((page) => {
      const value = of(page)
      return value === null ? [] : [{ group: name, name: page.name, value }]
    })
  return barPlot({
    title: 'From navigation to the first personal list, in milliseconds',
    bars: [
      ...bars('first list, of the starter', ({ starter_ms }) => starter_ms),
      ...bars('whole model, first visit', ({ cold_ms }) => cold_ms),
      ...bars('whole model, later visit', ({ warm_ms }) => warm_ms),
    ],
  })
}
