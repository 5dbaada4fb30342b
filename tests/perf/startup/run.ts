/** `bench startup`: from navigation to the first personal list on a slow line and processor, beside onnxruntime-web. */
import { type Browser, chromium } from 'playwright'
import type { BenchmarkOptions, Outcome } from '../../../scripts/bench.js'
import { chromiumLaunch } from '../measure/browser.ts'
import { thisMachine } from '../measure/machine.ts'
import { quantile } from '../measure/quantile.ts'
import { slowLine } from '../measure/slow-link.ts'
import { medianBreakdown } from './breakdown.ts'
import { scriptMs } from './main-thread.ts'
import { type Place, openPeer, openVitrine } from './places.ts'
import { type StartupPage, type StartupReport, ratiosOf, startupMarkdown, startupPlot } from './report.ts'
import { type Visit, isSound, listsOf, visitAgain } from './visit.ts'

const SLOW = 4
/** Visitors that count, each with a first visit and, once the model is stored, some more. */
const VISITORS = 15
const WARM_VISITS = 3
/** Visitors of the page whose worker tells what it does, which count for nothing else. */
const WATCHED = 3
/** At full speed, for the time on the main thread. */
const TRACED = 5
const K = 12
/** So many times as many visitors as are wanted may come while the machine is busy with other things. */
const PATIENCE = 2

/** What the visitors of one page saw. */
interface Visits {
  cold: Visit[]
  warm: Visit[]
}

/**
 * Visits both pages in turn, each time with a new browser profile. Visits while the machine was busy are made again.
 *
 * @throws `Error` where it stays busy: there is no report then.
 */
export async function run({ quick, signal, say }: BenchmarkOptions): Promise<Outcome> {
  const machine = thisMachine()
  const line = slowLine()
  const places: Place[] = []
  const gauge = { full: Infinity }
  const browser = await chromium.launch(chromiumLaunch())
  const visit = (place: Place): Promise<Visit[]> => {
    signal.throwIfAborted()
    return visitAgain(browser, place, { times: 1 + (quick ? 1 : WARM_VISITS), slow: SLOW, gauge })
  }
  try {
    const [ours, watched, peer] = [
      await open(openVitrine(line)),
      await open(openVitrine(line, { isWatched: true })),
      await open(openPeer(line, K)),
    ]
    // Visits that do not count: they say how fast this machine can be.
    for (const place of [ours, peer]) await visit(place)
    const seen = await visitInTurn([ours, peer], {
      visit,
      wanted: quick ? 1 : VISITORS,
      isStrict: !quick,
      say,
    })
    const steps: Visits = { cold: [], warm: [] }
    for (let visitor = 0; visitor < (quick ? 1 : WATCHED); visitor++) {
      say(`where the time goes: visitor ${visitor + 1}`)
      const [first, ...others] = await visit(watched)
      steps.cold.push(first!)
      steps.warm.push(...others)
    }
    const mainThread: number[] = []
    for (let round = 0; round < (quick ? 1 : TRACED); round++) {
      signal.throwIfAborted()
      say(`main thread: ${round + 1}`)
      mainThread.push(await mainThreadMs(browser, ours))
    }
    const report: StartupReport = {
      measured: new Date().toISOString(),
      machine,
      browser: `Chromium ${browser.version().split('.')[0]}`,
      network: line.name,
      cpu: SLOW,
      main_thread_ms: quantile(mainThread, 0.5),
      pages: [ours, peer].map(({ name }, at) => pageOf(name, seen[at]!)),
      breakdown: { cold: medianBreakdown(steps.cold), warm: medianBreakdown(steps.warm) },
    }
    return {
      report,
      lines: [ratiosOf(report)],
      markdown: startupMarkdown(report),
      plot: startupPlot(report),
    }
  } finally {
    await browser.close()
    for (const place of places) await place.close()
  }

  async function open(opening: Promise<Place>): Promise<Place> {
    const place = await opening
    places.push(place)
    return place
  }
}

/** Lets visitors come to the places in turn until `wanted` of each were there while the machine was quiet. */
async function visitInTurn(
  places: readonly Place[],
  options: {
    visit: (place: Place) => Promise<Visit[]>
    wanted: number
    /** False where any visit counts. */
    isStrict: boolean
    say: (text: string) => void
  },
): Promise<Visits[]> {
  const { visit, wanted, isStrict, say } = options
  const seen: Visits[] = places.map(() => ({ cold: [], warm: [] }))
  const unsound: Visit[] = []
  const counts = (each: Visit): boolean => !isStrict || isSound(each, SLOW)
  for (
    let visitor = 0;
    seen.some(({ cold, warm }) => Math.min(cold.length, warm.length) < wanted);
    visitor++
  ) {
    if (visitor === PATIENCE * wanted) throw tooBusy(unsound)
    for (const [at, place] of places.entries()) {
      const { cold, warm } = seen[at]!
      say(`${place.name}: visitor ${visitor + 1}, ${cold.length} of ${wanted} counted`)
      const [first, ...others] = await visit(place)
      if (counts(first!)) cold.push(first!)
      warm.push(...others.filter(counts))
      unsound.push(...[first!, ...others].filter((each) => !counts(each)))
    }
  }
  return seen
}

function tooBusy(unsound: readonly Visit[]): Error {
  const slowdowns = unsound.flatMap((visit) => visit.slowdowns)
  const idle = quantile(
    unsound.map((visit) => visit.idle),
    0.5,
  )
  const { load } = thisMachine()
  return new Error(
    `The machine is too busy to measure a start: ${unsound.length} visits were slowed ${Math.min(...slowdowns)} to ` +
      `${Math.max(...slowdowns)} times where ${SLOW} was asked for, with ${Math.round(100 * idle)}% of the processor ` +
      `idle (load ${load.join(' ')}). No report is written; run it again when nothing else runs.`,
  )
}

function pageOf(name: string, { cold, warm }: Visits): StartupPage {
  const starters = cold.flatMap(({ starterMs }) => starterMs ?? [])
  const all = [...cold, ...warm]
  return {
    name,
    starter_ms: starters.length === cold.length ? quantile(starters, 0.5) : null,
    cold_ms: median(cold, ({ ms }) => ms),
    cold_document_ms: median(cold, ({ documentMs }) => documentMs),
    warm_ms: median(warm, ({ ms }) => ms),
    warm_document_ms: median(warm, ({ documentMs }) => documentMs),
    bytes: median(cold, ({ bytes }) => bytes),
    model_bytes: median(cold, ({ modelBytes }) => modelBytes),
    long_tasks: median(cold, ({ longTasks }) => longTasks),
    slowdown: median(all, ({ slowdowns }) => slowdowns[1]),
    idle: median(all, ({ idle }) => idle),
    samples: { cold: cold.map(({ ms }) => ms), warm: warm.map(({ ms }) => ms) },
  }
}

function median(visits: readonly Visit[], of: (visit: Visit) => number): number {
  return quantile(visits.map(of), 0.5)
}

/** Milliseconds of the page's scripts on the main thread of a first visit at full speed. */
async function mainThreadMs(browser: Browser, { path, page: pageWay }: Place): Promise<number> {
  const context = await browser.newContext()
  try {
    const page = await context.newPage()
    return await scriptMs(browser, page, pageWay.url, async () => {
      await page.goto(pageWay.url + path)
      await listsOf(page)
    })
  } finally {
    await context.close()
  }
}
