/** `bench growth`: the time of a query against the number of items, by one thread and by several, beside the read limit. */
import { fileURLToPath } from 'node:url'
import { ENGINES } from '../../../scripts/setup/browsers.js'
import type { BenchmarkOptions, Outcome } from '../../../scripts/bench.js'
import { type House, openHouse } from '../../e2e/visitor/house.ts'
import { compileReadLimit } from '../kernels/compile-read-limit.ts'
import { browserName } from '../measure/browser-name.ts'
import { benchmarkBrowser } from '../measure/browser.ts'
import { thisMachine } from '../measure/machine.ts'
import { servePage } from '../measure/page.ts'
import { modelQueries } from './model-queries.ts'
import type { GrowthTask, Progress } from './page.ts'
import { type GrowthReport, type GrowthRow, growthMarkdown, growthPlot, rowsOf } from './report.ts'
import type { SecondPassTask } from './second-pass.ts'

const DIMENSION = 64
const K = 24
const SIZES = [1e3, 3e3, 1e4, 3e4, 1e5, 3e5, 1e6, 2e6, 4e6]
const QUICK_SIZES = [1e4, 1e5]
/** Shelves of a page. */
const BATCH = 4
/** More threads would only wait for the same memory. */
const MOST_THREADS = 4

/** Runs in every browser that Playwright drives here; WebKit's has no clock fine enough for the small sizes. */
export async function run({ quick, signal, say }: BenchmarkOptions): Promise<Outcome> {
  const machine = thisMachine()
  const limit = await compileReadLimit()
  const { model, task: queries } = await modelQueries()
  const page = await servePage(fileURLToPath(new URL('.', import.meta.url)))
  const timing = { samples: quick ? 5 : 21, sampleMs: 25 }
  const rows: GrowthRow[] = []
  const secondPass: GrowthReport['secondPass'][number][] = []
  const browsers: string[] = []
  try {
    for (const engine of quick ? ENGINES.slice(0, 1) : ENGINES) {
      const browser = benchmarkBrowser(engine)
      if (browser?.by !== 'playwright') continue
      const house = await openHouse(engine, browser)
      try {
        const { userAgent, cores } = await surroundings(house, page.url)
        const name = browserName(engine, userAgent)
        const threads = Math.max(2, Math.min(MOST_THREADS, cores))
        const measure = (task: GrowthTask | SecondPassTask, what: string): Promise<Progress> =>
          measureIn(house, page.url, task, { signal, say: (text) => say(`${name}, ${what}: ${text}`) })
        for (const n of quick ? QUICK_SIZES : SIZES) {
          const task = { n, d: DIMENSION, k: K, threads, batch: BATCH, limit, ...timing }
          const { growth } = await measure({ kind: 'growth', ...task }, `N = ${n}`)
          rows.push(...rowsOf(name, task, growth!))
        }
        const second = await measure({ kind: 'second-pass', k: K, ...queries, ...timing }, 'second pass')
        secondPass.push({ browser: name, ...second.secondPass! })
        browsers.push(name)
      } finally {
        await house.close()
      }
    }
  } finally {
    await page.close()
  }
  const report: GrowthReport = {
    measured: new Date().toISOString(),
    machine,
    browsers,
    model,
    dimension: queries.dimension,
    rows,
    secondPass,
  }
  return { report, lines: rows, markdown: growthMarkdown(report), plot: growthPlot(report) }
}

async function surroundings(house: House, url: string): Promise<{ userAgent: string; cores: number }> {
  const { visitor, leave } = await house.enter()
  await visitor.open(url)
  const found = await visitor.evaluate(() => ({
    userAgent: navigator.userAgent,
    cores: navigator.hardwareConcurrency,
  }))
  await leave()
  return found
}

/** A fresh page for each task: the one before gives its memory back. */
async function measureIn(
  house: House,
  url: string,
  task: GrowthTask | SecondPassTask,
  { signal, say }: Pick<BenchmarkOptions, 'signal' | 'say'>,
): Promise<Progress> {
  const { visitor, leave } = await house.enter()
  try {
    await visitor.open(url)
    await visitor.evaluate((what) => window.growth!.start(what), task)
    for (;;) {
      signal.throwIfAborted()
      const progress = await visitor.evaluate(() => window.growth!.progress())
      if (progress.growth || progress.secondPass) return progress
      if (progress.error !== undefined) throw new Error(`The page failed: ${progress.error}`)
      say(progress.doing)
      // Seldom, because asking costs the page time.
      await new Promise((resolve) => setTimeout(resolve, 1000))
    }
  } finally {
    await leave()
  }
}
