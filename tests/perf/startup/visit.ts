/** Visits to a page by one visitor, slowed, and whether the machine let them be as slow as asked for and no slower. */
import type { Browser, Page } from 'playwright'
import { watchIdle } from '../measure/machine.ts'
import { slowCpu, slowdown, spin } from '../measure/slow-cpu.ts'
import { type Breakdown, breakdownOf, gatherMarks } from './breakdown.ts'
import type { ShownList } from './pages/lists.ts'
import type { Place } from './places.ts'

/** One visit. */
export interface Visit {
  ms: number
  /** Until the document was there: the server's and the line's part, the same for any page. */
  documentMs: number
  starterMs: number | undefined
  longTasks: number
  bytes: number
  modelBytes: number
  /** Times slower, measured before and after. */
  slowdowns: readonly [number, number]
  /** Share of the machine's processor time that nobody used meanwhile. */
  idle: number
  breakdown: Breakdown
}

/** How a visitor comes. */
export interface Visitor {
  /** Visits with one profile: empty caches at first, full ones from then on. */
  times: number
  /** How many times slower page and worker run. */
  slow: number
  /** The fastest that a page was ever seen to run here, in milliseconds of {@link spin}. */
  gauge: { full: number }
}

/** Longest wait for a list, in milliseconds: the slow line is slow. */
const PATIENCE = 120_000
/** Asking the page is work on its main thread. */
const POLL = 100
/** A page is slowed well enough within these shares of what was asked for. */
const [LEAST, MOST] = [0.75, 1.4]
/** A machine that idles less than this has others to serve, and the slowed page waits for them. */
const LEAST_IDLE = 0.2

/** Visits the page, each time with what the visits before left in its caches. */
export async function visitAgain(
  browser: Browser,
  { path, page: pageWay, model }: Place,
  { times, slow: factor, gauge }: Visitor,
): Promise<Visit[]> {
  const context = await browser.newContext()
  try {
    await gatherMarks(context)
    const page = await context.newPage()
    await page.goto(`${pageWay.url}/blank`)
    gauge.full = Math.min(gauge.full, await page.evaluate(spin, 0))
    const slow = await slowCpu(browser, factor)
    const slowedNow = async (): Promise<number> => slowdown(gauge.full, await page.evaluate(spin, 1))
    try {
      const visits: Visit[] = []
      let before = await slowedNow()
      while (visits.length < times) {
        const [page0, model0, idle] = [pageWay.received(), model.received(), watchIdle()]
        await page.goto(pageWay.url + path, { timeout: PATIENCE })
        const lists = await listsOf(page)
        const counted = {
          bytes: pageWay.received() - page0,
          modelBytes: model.received() - model0,
          idle: idle(),
        }
        const breakdown = await breakdownOf(page)
        const after = await slowedNow()
        visits.push({ ...lists, ...counted, breakdown, slowdowns: [before, after] })
        before = after
      }
      return visits
    } finally {
      await slow.end()
    }
  } finally {
    await context.close()
  }
}

/** Whether the machine was quiet enough for the visit to count. */
export function isSound({ slowdowns, idle }: Visit, slow: number): boolean {
  return idle >= LEAST_IDLE && slowdowns.every((by) => by >= LEAST * slow && by <= MOST * slow)
}

/** Waits for the list of the whole model. */
export async function listsOf(
  page: Page,
): Promise<ShownList & { starterMs: number | undefined; documentMs: number }> {
  await page.waitForFunction(() => window.lists.whole, undefined, { timeout: PATIENCE, polling: POLL })
  return page.evaluate(() => {
    const [navigation] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[]
    const { starter, whole } = window.lists
    return { ...whole!, starterMs: starter?.ms, documentMs: navigation!.responseEnd }
  })
}
