/** `bench roundtrip`: how long `recommend()` takes for the page, worker hop and all, at full and at a quarter of the speed. */
import { type Page, chromium } from 'playwright'
import type { BenchmarkOptions, Outcome } from '../../../scripts/bench.js'
import { newestRevision } from '../../../scripts/serving/model.js'
import { startEdge } from '../../e2e/servers/edge.ts'
import { openShop, storefrontFolders } from '../../e2e/servers/shop.ts'
import { chromiumLaunch } from '../measure/browser.ts'
import { thisMachine } from '../measure/machine.ts'
import { quantile } from '../measure/quantile.ts'
import { slowCpu, slowdown, spin } from '../measure/slow-cpu.ts'
import { timeAlone } from './alone/run.ts'
import { type AloneRow, type RoundtripReport, roundtripMarkdown, roundtripPlot } from './report.ts'
import { itemId, syntheticRevision } from './revision.ts'

const ITEMS = 10_000
const SLOW = 4
/** Blocks of calls at full speed and slowed take turns. */
const BLOCKS = 5
const CALLS = 200
const WARM_UP = 100
const HISTORY = 8

/** Calls of one speed. */
interface Speed {
  factor: number
  times: number[]
  /** How many times slower the page ran, measured before each block. */
  slowdowns: number[]
}

/** Runs in Chromium, on a model of 10⁴ items behind a real endpoint. */
export async function run({ quick, signal, say, model: other }: BenchmarkOptions): Promise<Outcome> {
  const launch = chromiumLaunch()
  say(`a model of ${ITEMS} items`)
  const model = await syntheticRevision(newestRevision().id, ITEMS, signal)
  const machine = thisMachine()
  const edge = await startEdge()
  const shop = await openShop(edge, { folders: storefrontFolders, model })
  const browser = await chromium.launch(launch)
  const alone: AloneRow[] = []
  const speeds: Speed[] = [1, SLOW].map((factor) => ({ factor, times: [], slowdowns: [] }))
  try {
    const page = await browser.newPage()
    await page.goto(shop.url)
    await page.waitForFunction(() => window.storefront !== undefined)
    await page.evaluate(() => window.storefront!.recommender.ready)
    const ids = Array.from({ length: ITEMS }, (_, at) => itemId(at))
    await page.evaluate(
      async (viewed) => {
        for (const item of viewed) await window.storefront!.recommender.track({ type: 'view', item })
      },
      ids.slice(0, HISTORY),
    )
    await recommendInTurn(page, ids, WARM_UP)
    const full = await page.evaluate(spin, 0)
    for (let block = 0; block < (quick ? 1 : BLOCKS); block++) {
      for (const { factor, times, slowdowns } of speeds) {
        signal.throwIfAborted()
        say(`block ${block + 1} of ${quick ? 1 : BLOCKS}, CPU slowed ${factor} ×`)
        const slowed = factor > 1 ? await slowCpu(browser, factor) : undefined
        try {
          slowdowns.push(slowdown(full, await page.evaluate(spin, 1)))
          times.push(...(await recommendInTurn(page, ids, CALLS)))
        } finally {
          await slowed?.end()
        }
      }
    }
    for (const folder of [newestRevision().folder, ...(other === undefined ? [] : [other])]) {
      signal.throwIfAborted()
      say(`one recommendation alone: ${folder}`)
      alone.push(...(await timeAlone(folder, browser)))
    }
  } finally {
    await browser.close()
    await shop.close()
    await edge.close()
  }
  const report: RoundtripReport = {
    measured: new Date().toISOString(),
    machine,
    browser: `Chromium ${browser.version().split('.')[0]}`,
    rows: speeds.map(({ factor, times, slowdowns }) => ({
      n: ITEMS,
      cpu: factor,
      slowdown: quantile(slowdowns, 0.5),
      calls: times.length,
      p50_ms: quantile(times, 0.5),
      p99_ms: quantile(times, 0.99),
    })),
    alone,
  }
  return {
    report,
    lines: [...report.rows.map(({ n, cpu, p50_ms, p99_ms }) => ({ n, cpu, p50_ms, p99_ms })), ...alone],
    markdown: roundtripMarkdown(report),
    plot: roundtripPlot(report),
  }
}

/** Asks for product-page shelves of one item after the other, as a shopper would who clicks very fast. */
function recommendInTurn(page: Page, ids: readonly string[], calls: number): Promise<number[]> {
  return page.evaluate(
    async ([items, count]) => {
      const { recommender } = window.storefront!
      const times: number[] = []
      for (let call = 0; call < count; call++) {
        // 7919 is prime: anchors of the head and of the tail alike.
        const anchor = items[(call * 7919) % items.length]!
        const started = performance.now()
        const { source, items: list } = await recommender.recommend({
          placement: 'product-page',
          anchor,
          k: 12,
        })
        times.push(performance.now() - started)
        if (source !== 'personal' || list.length < 12) throw new Error(`${list.length} items from ${source}`)
      }
      return times
    },
    [ids, calls] as const,
  )
}
