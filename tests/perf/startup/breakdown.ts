/** Where the time of a start goes: what page and worker had done at which moment, of visits that are watched. */
import { readFile, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { BrowserContext, Page } from 'playwright'
import { quantile } from '../measure/quantile.ts'
import { MARKS, type Mark, markingScript } from './worker-marks.ts'

/** Milliseconds from the navigation to the end of each step, in the order in which they end as a rule. */
export type Breakdown = Readonly<Record<Step, number | null>>

/** The steps; not every visit has all. */
export const STEPS = [
  'document',
  'entry runs',
  'worker runs',
  'kernel compiled',
  'databases open',
  'starter there',
  'list of the starter',
  'artifacts there',
  'artifacts verified',
  'model loaded',
  'list of the model',
] as const
export type Step = (typeof STEPS)[number]

declare global {
  interface Window {
    marks?: Mark[]
  }
}

/** Puts the marks in front of the built page's worker. */
export async function markWorker(folder: string): Promise<void> {
  const assets = join(folder, 'assets')
  const file = (await readdir(assets)).find((name) => /^worker-[^.]*\.js$/u.test(name))
  if (file === undefined) throw new Error(`${assets} holds no worker.`)
  const script = await readFile(join(assets, file), 'utf8')
  await writeFile(join(assets, file), markingScript() + script)
}

/** Lets the pages to come gather what their workers tell. */
export async function gatherMarks(context: BrowserContext): Promise<void> {
  await context.addInitScript((channel) => {
    const marks: Mark[] = (window.marks = [])
    new BroadcastChannel(channel).addEventListener('message', ({ data }) => marks.push(data as Mark))
  }, MARKS)
}

/** Reads a visit's steps off a page that shows the list of the whole model. */
export async function breakdownOf(page: Page): Promise<Breakdown> {
  const { origin, marks, document, entry, lists } = await page.evaluate(() => {
    const [navigation] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[]
    return {
      origin: performance.timeOrigin,
      marks: window.marks ?? [],
      document: navigation!.responseEnd,
      entry: performance.getEntriesByName('entry')[0]?.startTime ?? null,
      lists: { starter: window.lists.starter?.ms ?? null, whole: window.lists.whole!.ms },
    }
  })
  // What follows the list is no part of the start.
  const until = origin + lists.whole
  const times = (name: string): number[] =>
    marks.filter((mark) => mark.name === name && mark.at <= until).map(({ at }) => at - origin)
  const first = (name: string): number | null => times(name)[0] ?? null
  const last = (name: string): number | null => times(name).at(-1) ?? null
  return {
    document,
    'entry runs': entry,
    'worker runs': first('worker runs'),
    'kernel compiled': first('kernel compiled'),
    'databases open': times('database open')[1] ?? last('database open'),
    'starter there': lists.starter === null ? null : first('artifact there'),
    'list of the starter': lists.starter,
    'artifacts there': last('artifact there'),
    'artifacts verified': last('artifact verified'),
    'model loaded': last('kernel instance'),
    'list of the model': lists.whole,
  }
}

/** The median of each step; null where no visit has it. */
export function medianBreakdown(visits: readonly { breakdown: Breakdown }[]): Breakdown {
  const medianOf = (step: Step): number | null => {
    const times = visits.flatMap(({ breakdown }) => breakdown[step] ?? [])
    return times.length > 0 ? quantile(times, 0.5) : null
  }
  return Object.fromEntries(STEPS.map((step) => [step, medianOf(step)])) as Breakdown
}
