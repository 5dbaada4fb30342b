/** `bench kernels`: one query over catalogues of three sizes, ours beside onnxruntime-web, TensorFlow.js and JavaScript. */
import { fileURLToPath } from 'node:url'
import type { BenchmarkOptions, Outcome } from '../../../scripts/bench.js'
import { ENGINES } from '../../../scripts/setup/browsers.js'
import { benchmarkBrowser } from '../measure/browser.ts'
import { thisMachine } from '../measure/machine.ts'
import { servePage } from '../measure/page.ts'
import { compileReadLimit } from './compile-read-limit.ts'
import { type Measured, measureInBrowser } from './in-browser.ts'
import type { PageTask } from './in-page.ts'
import { type KernelsReport, kernelsMarkdown, kernelsPlot } from './report.ts'
import { rowsOf } from './rows.ts'

const DIMENSION = 64
const K = 24
const SIZES = [10_000, 100_000, 1_000_000]

/** Runs in every browser that is there; WebKit measures ours alone. */
export async function run({ quick, signal, say, sizes, dimensions }: BenchmarkOptions): Promise<Outcome> {
  const machine = thisMachine()
  const limit = await compileReadLimit()
  const all: Measured[] = []
  const page = await servePage(fileURLToPath(new URL('.', import.meta.url)))
  try {
    for (const engine of quick ? ENGINES.slice(0, 1) : ENGINES) {
      const browser = benchmarkBrowser(engine)
      if (!browser) {
        say(`${engine}: not on this machine`)
        continue
      }
      const tasks = (dimensions ?? [DIMENSION]).flatMap((d) =>
        (sizes ?? SIZES.slice(0, quick ? 2 : 3)).map((n): PageTask => ({
          n,
          d,
          k: K,
          limit,
          samples: quick ? 5 : 15,
          sampleMs: 25,
          company: engine === 'webkit' ? 'ours' : 'all',
        })),
      )
      all.push(await measureInBrowser({ engine, browser, url: page.url }, tasks, { signal, say }))
    }
  } finally {
    await page.close()
  }
  const report = reportOf(all, machine)
  return {
    report,
    // A GPU in software is in the report: its time says nothing.
    lines: report.rows
      .filter(({ software }) => !software)
      .map(({ overlap: _, adapter: __, software: ___, ...line }) => line),
    markdown: kernelsMarkdown(report),
    plot: kernelsPlot(report),
  }
}

function reportOf(all: readonly Measured[], machine: KernelsReport['machine']): KernelsReport {
  const each = all.flatMap(({ browser, comparisons }) =>
    comparisons.map(({ task, comparison }) => ({ browser, task, comparison })),
  )
  return {
    measured: new Date().toISOString(),
    machine,
    browsers: all.map(({ browser }) => browser),
    rows: each.flatMap(({ browser, task, comparison }) => rowsOf(browser, task, comparison.timings)),
    absent: each.flatMap(({ browser, task: { n, d }, comparison }) =>
      comparison.absent.map(({ device, reason }) => ({ browser, n, d, device, reason })),
    ),
  }
}
