/** `bench kernels`: one query over catalogues of three sizes, ours beside onnxruntime-web, TensorFlow.js and JavaScript. */
import { fileURLToPath } from 'node:url'
import { type Browser, type Engine, ENGINES } from '../../../scripts/setup/browsers.js'
import { mustRun } from '../../../scripts/run-command.js'
import { openHouse } from '../../e2e/visitor/house.ts'
import type { Visitor } from '../../e2e/visitor/visitor.ts'
import type { BenchmarkOptions, Outcome } from '../../../scripts/bench.js'
import { benchmarkBrowser } from '../measure/browser.ts'
import { thisMachine } from '../measure/machine.ts'
import { servePage } from '../measure/page.ts'
import { compileReadLimit } from './compile-read-limit.ts'
import type { Task, Timing } from './page.ts'
import { type KernelsReport, kernelsMarkdown, kernelsPlot } from './report.ts'

const DIMENSION = 64
const K = 24
const SIZES = [10_000, 100_000, 1_000_000]

/** Runs in every browser that is there; WebKit measures ours alone. */
export async function run({ quick, signal, say }: BenchmarkOptions): Promise<Outcome> {
  const machine = thisMachine()
  const limit = await compileReadLimit()
  const page = await servePage(fileURLToPath(new URL('.', import.meta.url)))
  const rows: KernelsReport['rows'][number][] = []
  const browsers: string[] = []
  try {
    for (const engine of quick ? ENGINES.slice(0, 1) : ENGINES) {
      const browser = benchmarkBrowser(engine)
      if (!browser) {
        say(`${engine}: not on this machine`)
        continue
      }
      const house = await openHouse(engine, browser)
      try {
        let name = ''
        for (const n of quick ? SIZES.slice(0, 2) : SIZES) {
          // A fresh page for each size: the one before gives its memory back.
          const { visitor, leave } = await house.enter()
          await visitor.open(page.url)
          name ||= await nameOf(engine, browser, await visitor.evaluate(() => navigator.userAgent))
          const task = {
            n,
            d: DIMENSION,
            k: K,
            alone: engine === 'webkit',
            limit,
            samples: quick ? 5 : 15,
            sampleMs: 25,
          }
          const timings = await measure(visitor, task, {
            signal,
            say: (text) => say(`${name}, N = ${n}: ${text}`),
          })
          rows.push(...rowsOf(name, task, timings))
          await leave()
        }
        browsers.push(name)
      } finally {
        await house.close()
      }
    }
  } finally {
    await page.close()
  }
  const report: KernelsReport = { measured: new Date().toISOString(), machine, browsers, rows }
  return {
    report,
    lines: rows.map(({ overlap: _, ...line }) => line),
    markdown: kernelsMarkdown(report),
    plot: kernelsPlot(report),
  }
}

async function measure(
  visitor: Visitor,
  task: Task,
  { signal, say }: Pick<BenchmarkOptions, 'signal' | 'say'>,
): Promise<Timing[]> {
  await visitor.evaluate((what) => window.benchmark!.start(what), task)
  for (;;) {
    signal.throwIfAborted()
    const { doing, error, timings } = await visitor.evaluate(() => window.benchmark!.progress())
    if (timings) return timings
    if (error !== undefined) throw new Error(`The page failed at N = ${task.n}: ${error}`)
    say(doing)
    // Seldom, because asking costs the page time.
    await new Promise((resolve) => setTimeout(resolve, 1000))
  }
}

function rowsOf(
  browser: string,
  { n, d, k }: Task,
  timings: readonly Timing[],
): KernelsReport['rows'][number][] {
  const msOf = (starts: string): number =>
    Math.min(...timings.filter(({ device }) => device.startsWith(starts)).map(({ ms }) => ms))
  const [onnxruntime, tfjs, limit] = [msOf('onnxruntime'), msOf('tfjs'), msOf('limit')]
  return timings.map(({ device, ms, overlap }) => ({
    n,
    d,
    k,
    browser,
    device,
    ms,
    ratio_to_fastest_ort: ratio(ms, onnxruntime),
    ratio_to_tfjs_wasm: ratio(ms, tfjs),
    ratio_to_limit: ms / limit,
    overlap,
  }))
}

/** Null where there is nothing to compare with. */
function ratio(ms: number, to: number): number | null {
  return Number.isFinite(to) ? ms / to : null
}

/** Such as `Chromium 156`. WebKitGTK's user agent names a Safari, so its own program is asked. */
async function nameOf(engine: Engine, browser: Browser, userAgent: string): Promise<string> {
  if (browser.by === 'webdriver') {
    const said = await mustRun('xvfb-run', ['--auto-servernum', browser.browser, '--version'], {
      output: 'keep',
    })
    return said.trim()
  }
  const [, version = ''] = /(?:Chrome|Firefox|Version)\/(\d+)/u.exec(userAgent) ?? []
  return `${{ chromium: 'Chromium', firefox: 'Firefox', webkit: 'WebKit' }[engine]} ${version}`
}
