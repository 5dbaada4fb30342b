/** The import of the real orders, where they lie beside the checkout. */
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { OTHER } from '../src/data/category.ts'
import { type ImportReport, importFiles } from '../src/data/import-files.ts'
import { readCatalogue } from '../src/data/catalogue.ts'
import { presetOf } from '../src/data/presets.ts'

const DATA = fileURLToPath(
  new URL('../../../shared/data/uci-online-retail/online_retail.csv.gz', import.meta.url),
)
const isThere = existsSync(DATA)
if (!isThere) console.warn(`SKIPPED: the import of the real Online Retail orders, for there is no ${DATA}`)

describe.skipIf(!isThere)('import of Online Retail', { timeout: 120_000 }, () => {
  let folder = ''
  let report: ImportReport
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vitrine-online-retail-'))
    report = await importFiles({ ...presetOf('online-retail'), files: [DATA], out: folder })
  }, 120_000)
  afterAll(() => rm(folder, { recursive: true }))

  it('keeps the lines of the usual cleaning that are products', () => {
    expect(report).toMatchObject({
      rows: 541_909,
      events: 396_244,
      sessions: 18_402,
      users: 4334,
      items: 3657,
    })
    expect(report.unparsable).toEqual([])
    const dropped = Object.fromEntries(report.dropped.map(({ reason, rows }) => [reason, rows]))
    // 541,909 − 134,697 − 9,288 − 40 at price 0 are the 397,884 lines of the usual cleaning; the rest is no product.
    expect(dropped).toEqual({
      'no customer': 134_697,
      cancelled: 9288,
      'not a product': 1647,
      'price not positive': 33,
    })
  })

  it('finds a category for all but a few titles', async () => {
    const items = await readCatalogue(join(folder, 'catalogue.ndjson'))
    expect(items.find(({ id }) => id === '85123A')).toEqual({
      id: '85123A',
      title: 'White Hanging Heart T-Light Holder',
      price: 2.95,
      category: 'Lighting & Candles',
    })
    expect(Object.keys(report.categories).length).toBeGreaterThanOrEqual(12)
    expect(report.categories[OTHER]!).toBeLessThan(0.02 * items.length)
  })
})
