/** The lab in a visitor's browser: it finds the devices, measures a small catalogue, draws it, and can be stopped. */
import { join } from 'node:path'
import { ROOT } from '../../scripts/run-command.js'
import { type StaticServer, startStaticServer, strictPolicy } from '../../scripts/serving/static-server.js'
import { expect, test as base } from './test.ts'
import type { Visitor } from './visitor/visitor.ts'

const test = base.extend<{ lab: StaticServer }>({
  // oxlint-disable-next-line no-empty-pattern -- Playwright reads what a fixture needs from this pattern.
  lab: async ({}, use) => {
    const lab = await startStaticServer({
      folders: { '/': join(ROOT, 'examples', 'lab', 'dist') },
      policy: strictPolicy([]),
    })
    await use(lab)
    await lab.close()
    expect(lab.violations).toEqual([])
  },
})

/** Leaves only 1,000 items chosen. */
async function chooseSmall(visitor: Visitor): Promise<void> {
  await visitor.click('[data-size="1000"]')
  await visitor.click('[data-size="10000"]')
  await visitor.click('[data-size="100000"]')
}

/** In the page. */
function isStopped(): boolean {
  return (document.querySelector('[data-testid="status"]')?.textContent ?? '').startsWith('Stopped')
}

/** Milliseconds by device, once the status says that it is done. */
function measured(visitor: Visitor): Promise<Record<string, number>> {
  return visitor.waitFor('the result', () => {
    const status = document.querySelector('[data-testid="status"]')?.textContent ?? ''
    if (status !== 'Done.') throw new Error(`the status is “${status}”`)
    const rows = [...document.querySelectorAll<HTMLTableRowElement>('[data-testid="size-1000"] tbody tr')]
    return Object.fromEntries(
      rows.map((row) => [row.dataset['device'] ?? '', Number(row.cells[2]?.textContent)]),
    )
  })
}

test('a visitor finds her devices, measures a thousand items and sees them drawn; a link puts them beside another browser’s', async ({
  visitor,
  lab,
}) => {
  await visitor.open(`${lab.url}/`)
  const devices = await visitor.waitFor('the devices', () => {
    const found = [...document.querySelectorAll('[data-testid="device"]')].map((item) => item.textContent)
    return found.length > 0 ? found : null
  })
  expect(devices).toHaveLength(5)
  await chooseSmall(visitor)
  await visitor.click('[data-testid="start"]')
  const times = await measured(visitor)
  const names = Object.keys(times)
  expect(names).toEqual(
    expect.arrayContaining(['limit', 'vitrine wasm simd', 'vitrine scalar', 'javascript']),
  )
  expect(names.includes('vitrine wasm relaxed-simd')).toBe(visitor.engine !== 'webkit')
  for (const ms of Object.values(times)) expect(ms).toBeGreaterThan(0)
  expect(times['vitrine wasm simd']).toBeLessThan(times['javascript']!)
  // WebGPU in software is shown as what it is.
  const software = await visitor.evaluate(
    () => document.querySelector('[data-testid="software"]')?.textContent,
  )
  if (software !== undefined && software !== null)
    expect(software).toMatch(/found (99|100)% of the exact best/u)

  const drawn = await visitor.waitFor('the chart', () => {
    const chart = document.querySelector<HTMLImageElement>('[data-testid="chart"]')
    return chart?.complete && chart.naturalWidth
  })
  expect(drawn).toBeGreaterThan(200)

  const link = await visitor.evaluate(
    () => document.querySelector<HTMLAnchorElement>('[data-testid="link"]')?.href ?? '',
  )
  await visitor.open(link)
  // Only the fragment differs, which by itself loads nothing.
  await visitor.reload()
  await chooseSmall(visitor)
  await visitor.click('[data-testid="start"]')
  await measured(visitor)
  expect(await visitor.text('[data-testid="size-1000"] thead th:last-child')).toMatch(/ \d+, ms$/u)
})

// Seen to fail with one button that changes its type: the click that stops then starts again.
test('a visitor stops a measurement, and starts another', async ({ visitor, lab }) => {
  await visitor.open(`${lab.url}/`)
  await visitor.click('[data-testid="start"]')
  await visitor.click('[data-testid="stop"]')
  await visitor.waitFor('the end of it', isStopped)
  // Long enough for a worker that still runs to say how far it is.
  await visitor.evaluate(() => new Promise<void>((resolve) => setTimeout(resolve, 1000)))
  expect(await visitor.evaluate(isStopped)).toBe(true)
  await chooseSmall(visitor)
  await visitor.click('[data-testid="start"]')
  expect(Object.keys(await measured(visitor))).toContain('limit')
})
