/** The start's figures as a line of ratios and as a page. */
import type { Machine } from '../measure/machine.ts'
import { columns, significant } from '../report/markdown.ts'

/** `docs/benchmarks/startup.json`. */
export interface StartupReport {
  measured: string
  machine: Machine
  browser: string
  network: string
  /** Times slower than this machine, as asked for. */
  cpu: number
  /** Ours, then the peer. */
  pages: readonly StartupPage[]
}

/** Medians over visitors. */
export interface StartupPage {
  name: string
  /** Navigation to list, nothing cached. */
  cold_ms: number
  /** The same visitor's second visit. */
  warm_ms: number
  /** First visit, over the wire, without the model. */
  bytes: number
  model_bytes: number
  /** Tasks over 50 ms on the main thread of the slowed first visit. */
  long_tasks: number
  /** Script on the main thread until the list, at full speed. */
  main_thread_ms: number
  /** Times slower, as measured by arithmetic in the page. */
  slowdown: number
}

/** One line for `--json`. There is no starter artifact yet: its figures are null. */
export function ratiosOf({ network, cpu, pages }: StartupReport): object {
  const [ours, peer] = pages as readonly [StartupPage, StartupPage]
  return {
    network,
    cpu,
    starter_ms: null,
    starter_ratio: null,
    cold_ms: ours.cold_ms,
    cold_ratio: ours.cold_ms / peer.cold_ms,
    warm_ms: ours.warm_ms,
    warm_ratio: ours.warm_ms / peer.warm_ms,
    bytes: ours.bytes,
    model_bytes: ours.model_bytes,
    bytes_ratio: ours.bytes / peer.bytes,
    long_tasks: ours.long_tasks,
    main_thread_ms: ours.main_thread_ms,
  }
}

export function startupMarkdown({ measured, machine, browser, network, cpu, pages }: StartupReport): string {
  return `${[
    '# From navigation to the first personal list',
    `A visitor opens a product page and sees a list that follows from it: once with nothing cached, once more with the model stored. Ours is the SDK with the model under \`models/online-retail\`, its graph and re-ranker included. The peer is onnxruntime-web on its WASM engine with one ONNX model (an encoder, int8 embeddings of the same items, MatMul, TopK) and the items' ids: less of a recommender, and fewer bytes of model.`,
    columns(
      [
        '',
        'first visit, s',
        'second visit, s',
        'bytes without model',
        'model bytes',
        'long tasks',
        'main thread, ms',
        'measured slowdown',
      ],
      pages.map((page) => [
        page.name,
        significant(page.cold_ms / 1000),
        significant(page.warm_ms / 1000),
        page.bytes.toLocaleString('en'),
        page.model_bytes.toLocaleString('en'),
        String(page.long_tasks),
        significant(page.main_thread_ms),
        `${page.slowdown} ×`,
      ]),
    ),
    `${network}, shared by all connections of page and worker; CPU slowed ${cpu} × (the page's whole process stopped for three of every four milliseconds). Medians of visitors that took turns; bytes include headers. Long tasks are those over 50 ms on the slowed main thread by the first list; main thread is its script time at full speed.`,
    `${browser} on ${machine.cpu}, ${machine.cores} cores, ${machine.platform}, load ${machine.load.join(' ')} at the start, ${measured.slice(0, 10)}. Written by \`npm run bench -- startup\`.`,
  ].join('\n\n')}\n`
}
