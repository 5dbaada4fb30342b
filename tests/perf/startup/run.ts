/** `bench startup`: from navigation to the first personal list on a slow line and processor, beside onnxruntime-web. */
import { type Browser, type Page, chromium } from 'playwright'
import type { BenchmarkOptions, Outcome } from '../../../scripts/bench.js'
import { chromiumLaunch } from '../measure/browser.ts'
import { thisMachine } from '../measure/machine.ts'
import { quantile } from '../measure/quantile.ts'
import { slowCpu, slowdown, spin } from '../measure/slow-cpu.ts'
import { slowLine } from '../measure/slow-link.ts'
import { scriptMs } from './main-thread.ts'
import type { ShownList } from './pages/lists.ts'
import { type Place, openPeer, openVitrine } from './places.ts'
import { type StartupPage, type StartupReport, ratiosOf, startupMarkdown, startupPlot } from './report.ts'

const SLOW = 4
/** Visitors, each with a first visit and, once the model is stored, some more. */
const VISITORS = 5
const WARM_VISITS = 3
/** At full speed, for the time on the main thread. */
const TRACED = 5
const K = 12
/** Longest wait for a list, in milliseconds: the slow line is slow. */
const PATIENCE = 120_000
/** Asking the page is work on its main thread. */
const POLL = 100

/** One visit. */
interface Visit {
  ms: number
  /** Until the document was there: the server's and the line's part, the same for any page. */
  documentMs: number
  starterMs: number | undefined
  longTasks: number
  bytes: number
  modelBytes: number
  slowdown: number
}

/** Visits both pages in turn, each time with a new browser profile. */
export async function run({ quick, signal, say }: BenchmarkOptions): Promise<Outcome> {
  const machine = thisMachine()
  const line = slowLine()
  const visitors = quick ? 1 : VISITORS
  const places: Place[] = []
  const cold: Visit[][] = [[], []]
  const warm: Visit[][] = [[], []]
  const mainThread: number[] = []
  const browser = await chromium.launch(chromiumLaunch())
  try {
    places.push(await openVitrine(line), await openPeer(line, K))
    for (let visitor = 0; visitor < visitors; visitor++) {
      for (const [at, place] of places.entries()) {
        signal.throwIfAborted()
        say(`${place.name}: visitor ${visitor + 1} of ${visitors}`)
        const [first, ...others] = await visitAgain(browser, place, 1 + (quick ? 1 : WARM_VISITS))
        cold[at]!.push(first!)
        warm[at]!.push(...others)
      }
    }
    for (let round = 0; round < (quick ? 1 : TRACED); round++) {
      signal.throwIfAborted()
      say(`main thread: ${round + 1}`)
      mainThread.push(await mainThreadMs(browser, places[0]!))
    }
  } finally {
    await browser.close()
    for (const place of places) await place.close()
  }
  const pages = places.map(({ name }, at): StartupPage => {
    const [first, later] = [cold[at]!, warm[at]!]
    const starters = first.flatMap(({ starterMs }) => starterMs ?? [])
    return {
      name,
      starter_ms: starters.length === first.length ? quantile(starters, 0.5) : null,
      cold_ms: median(first, 'ms'),
      cold_document_ms: median(first, 'documentMs'),
      warm_ms: median(later, 'ms'),
      warm_document_ms: median(later, 'documentMs'),
      bytes: median(first, 'bytes'),
      model_bytes: median(first, 'modelBytes'),
      long_tasks: median(first, 'longTasks'),
      slowdown: median([...first, ...later], 'slowdown'),
      samples: { cold: first.map(({ ms }) => ms), warm: later.map(({ ms }) => ms) },
    }
  })
  const report: StartupReport = {
    measured: new Date().toISOString(),
    machine,
    browser: `Chromium ${browser.version().split('.')[0]}`,
    network: line.name,
    cpu: SLOW,
    main_thread_ms: quantile(mainThread, 0.5),
    pages,
  }
  return {
    report,
    lines: [ratiosOf(report)],
    markdown: startupMarkdown(report),
    plot: startupPlot(report),
  }
}

function median(visits: readonly Visit[], key: Exclude<keyof Visit, 'starterMs'>): number {
  return quantile(
    visits.map((visit) => visit[key]),
    0.5,
  )
}

/** Visits the page `times` times with one profile: empty caches at first, full ones from then on. */
async function visitAgain(
  browser: Browser,
  { path, page: pageWay, model }: Place,
  times: number,
): Promise<Visit[]> {
  const context = await browser.newContext()
  try {
    const page = await context.newPage()
    await page.goto(`${pageWay.url}/blank`)
    const full = await page.evaluate(spin)
    const slow = await slowCpu(browser, SLOW)
    try {
      const visits: Visit[] = []
      while (visits.length < times) {
        const before = [pageWay.received(), model.received()] as const
        await page.goto(pageWay.url + path, { timeout: PATIENCE })
        const { ms, longTasks, starterMs, documentMs } = await listsOf(page)
        visits.push({
          ms,
          longTasks,
          starterMs,
          documentMs,
          bytes: pageWay.received() - before[0],
          modelBytes: model.received() - before[1],
          slowdown: slowdown(full, await page.evaluate(spin)),
        })
      }
      return visits
    } finally {
      await slow.end()
    }
  } finally {
    await context.close()
  }
}

/** Waits for the list of the whole model. */
async function listsOf(
  page: Page,
): Promise<ShownList & { starterMs: number | undefined; documentMs: number }> {
  await page.waitForFunction(() => window.lists.whole, undefined, { timeout: PATIENCE, polling: POLL })
  return page.evaluate(() => {
    const [navigation] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[]
    const { starter, whole } = window.lists
    return { ...whole!, starterMs: starter?.ms, documentMs: navigation!.responseEnd }
  })
}

/** Milliseconds of the page's scripts on the main thread of a first visit at full speed. */
async function mainThreadMs(browser: Browser, { path, page: pageWay }: Place): Promise<number> {
  const context = await browser.newContext()
  try {
    const page = await context.newPage()
    return await scriptMs(browser, page, pageWay.url, async () => {
      await page.goto(pageWay.url + path, { timeout: PATIENCE })
      await listsOf(page)
    })
  } finally {
    await context.close()
  }
}
