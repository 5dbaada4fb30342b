/** `bench quality`: how good the model is beside tuned baselines, what each way of making it smaller costs, and what its parts are worth. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { BenchmarkOptions, Outcome } from '../../../scripts/bench.js'
import { ROOT } from '../../../scripts/run-command.js'
import { qualityMarkdown } from './markdown.ts'
import { qualityPlot } from './plot.ts'
import { type QualityReport, type ShopReport, qualityLines } from './report.ts'
import { SHOPS, isThere } from './shops.ts'
import { measureShop } from './steps.ts'

const REPORT = join(ROOT, 'docs', 'benchmarks', 'quality.json')

/** Measures the shops of which there is data; others keep what the report has of them. */
export async function run({ quick, signal, say, shops: wanted }: BenchmarkOptions): Promise<Outcome> {
  const unknown = wanted?.find((part) => !SHOPS.some(({ name }) => name.startsWith(part)))
  if (unknown !== undefined) {
    throw new Error(`There is no shop "${unknown}": name ${SHOPS.map(({ name }) => name).join(', ')}.`)
  }
  const chosen = SHOPS.filter(({ name }) =>
    wanted ? wanted.some((part) => name.startsWith(part)) : !quick || name === 'clothing',
  )
  const found: ShopReport[] = []
  for (const shop of chosen) {
    if (await isThere(shop)) found.push(await measureShop(shop, { quick, signal, say }))
    else say(`${shop.name}: skipped, ${shop.data} is not there`)
  }
  if (found.length === 0) throw new Error('No shop could be measured: its data is not beside the checkout.')
  for (const { shop, int8_loss: loss } of found) {
    if (loss.holds) continue
    say(`${shop}: int8 loses more than ${100 * loss.allowed}% of float32.`)
    process.exitCode = 1
  }
  // A quick run's figures never stand beside those of a whole one.
  const earlier = quick ? undefined : await readFile(REPORT, 'utf8').catch(() => undefined)
  const known = earlier === undefined ? [] : (JSON.parse(earlier) as QualityReport).shops
  const report: QualityReport = {
    shops: SHOPS.flatMap(({ name }) => {
      const of = (list: readonly ShopReport[]): ShopReport | undefined =>
        list.find(({ shop }) => shop === name)
      return of(found) ?? of(known) ?? []
    }),
  }
  return {
    report,
    lines: qualityLines({ shops: found }),
    markdown: qualityMarkdown(report),
    plot: qualityPlot(report),
  }
}
