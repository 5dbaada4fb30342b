/** What a page's own scripts take of its main thread, from a trace of the browser. */
import type { Browser, Page } from 'playwright'

/** A slice of time in Chromium's trace format, in microseconds: `dur` by the clock, `tdur` of the processor. */
interface TraceEvent {
  name: string
  ph: string
  pid: number
  tid: number
  ts: number
  dur?: number
  tdur?: number
  args?: { name?: string; data?: { url?: string; functionName?: string } } & Record<string, unknown>
}

/** Compiling and running script. */
const SCRIPT: ReadonlySet<string> = new Set([
  'v8.compile',
  'v8.compileModule',
  'v8.produceModuleCache',
  'v8.evaluateModule',
  'EvaluateScript',
  'FunctionCall',
  'RunMicrotasks',
  'HandlePostMessage',
])
const TASK = 'ThreadControllerImpl::RunTask'
const CATEGORIES = ['toplevel', 'devtools.timeline', 'v8', 'disabled-by-default-devtools.timeline']

/**
 * Milliseconds of the processor for script on the main thread while `visit` runs, in tasks that touch a file under `origin`: what a
 * test tool runs in the page has other addresses.
 */
export async function scriptMs(
  browser: Browser,
  page: Page,
  origin: string,
  visit: () => Promise<unknown>,
): Promise<number> {
  await browser.startTracing(page, { categories: CATEGORIES })
  await visit()
  const trace = JSON.parse((await browser.stopTracing()).toString('utf8')) as { traceEvents: TraceEvent[] }
  const events = trace.traceEvents.filter(({ ph }) => ph === 'X' || ph === 'M')
  const isMain = new Set(
    events
      .filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain')
      .map(({ pid, tid }) => `${pid} ${tid}`),
  )
  const slices = events.filter(({ ph, pid, tid }) => ph === 'X' && isMain.has(`${pid} ${tid}`))
  const tasks = outermost(slices.filter(({ name }) => name === TASK))
  const script = slices.filter(({ name }) => SCRIPT.has(name))
  const isOurs = ({ args }: TraceEvent): boolean =>
    args?.data?.url?.startsWith(`${origin}/`) === true || fileOf(args).startsWith(`${origin}/`)
  return tasks
    .map((task) => script.filter((slice) => isWithin(slice, task)))
    .filter((slices) => slices.some(isOurs))
    .flatMap((slices) => outermost(slices))
    .reduce((sum, { dur = 0, tdur = dur }) => sum + tdur / 1000, 0)
}

function fileOf(args: TraceEvent['args']): string {
  return typeof args?.['fileName'] === 'string' ? args['fileName'] : ''
}

function isWithin(inner: TraceEvent, { pid, tid, ts, dur = 0 }: TraceEvent): boolean {
  return inner.pid === pid && inner.tid === tid && inner.ts >= ts && inner.ts < ts + dur
}

/** Slices lie within each other: none counts twice. */
function outermost(slices: readonly TraceEvent[]): TraceEvent[] {
  let until = -Infinity
  return slices
    .toSorted((a, b) => a.ts - b.ts)
    .filter(({ ts, dur = 0 }) => {
      if (ts < until) return false
      until = ts + dur
      return true
    })
}
