/**
 * The kernels are as fast as docs/benchmarks/kernels.json says, within a factor that a busy machine does not reach:
 * a quick run in Chromium, compared by ratios.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ROOT } from '../../../scripts/run-command.js'
import { benchmarkBrowser } from '../measure/browser.ts'
import { type ServedPage, servePage } from '../measure/page.ts'
import { compileReadLimit } from './compile-read-limit.ts'
import { measureInBrowser } from './in-browser.ts'
import { type Slowdown, slowdownsOf } from './regression.ts'
import type { KernelsReport } from './report.ts'
import { rowsOf } from './rows.ts'

const N = 100_000
const MARGIN = 2
const DEVICES = ['vitrine wasm relaxed-simd', 'vitrine wasm simd']

const browser = benchmarkBrowser('chromium')
if (!browser) console.warn('SKIPPED: the speed of the kernels, for want of Chromium.')

let page: ServedPage
let limit: string

beforeAll(async () => {
  limit = await compileReadLimit()
  page = await servePage(fileURLToPath(new URL('quick', import.meta.url)))
}, 60_000)

afterAll(() => page.close())

async function slowdowns(company: string): Promise<Slowdown[]> {
  const file = join(ROOT, 'docs', 'benchmarks', 'kernels.json')
  const report = JSON.parse(await readFile(file, 'utf8')) as KernelsReport
  const committed = report.rows.filter((row) => row.browser.startsWith('Chromium') && row.n === N)
  const { d, k } = committed[0]!
  const task = { n: N, d, k, limit, samples: 9, sampleMs: 20, company }
  const { comparisons } = await measureInBrowser(
    { engine: 'chromium', browser: browser!, url: page.url },
    [task],
    { say: () => undefined },
  )
  return slowdownsOf(committed, rowsOf('now', task, comparisons[0]!.comparison.timings), DEVICES)
}

test.skipIf(!browser)(
  `no kernel is more than ${MARGIN} times slower, by its ratio to the read limit and to plain JavaScript, than reported`,
  async () => {
    let found = await slowdowns('now')
    if (found.some(({ factor }) => factor > MARGIN)) {
      console.warn(`Slower than reported, measured once more: ${JSON.stringify(found)}`)
      found = await slowdowns('now')
    }
    expect(found.filter(({ factor }) => factor > MARGIN)).toEqual([])
  },
  120_000,
)

test.skipIf(!browser)(
  'kernels that run as plain JavaScript are found to be slower',
  async () => {
    const found = await slowdowns('slowed')
    expect(found.map(({ device }) => device)).toEqual(DEVICES)
    expect(found.filter(({ factor }) => factor <= MARGIN)).toEqual([])
  },
  60_000,
)
