/**
 * `pnpm screenshots`: the pictures of the README, taken from the running demo: a product page of the shop after three looks, and
 * a shelf of the script tag's example. Light, at twice the density.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { serveShop } from '../examples/script-tag/serve.js'
import { startDemo } from './demo/services.js'
import { acceptConsent, firstList, viewItems } from './demo/visit.js'
import { step } from './progress.js'
import { ROOT } from './run-command.js'
import { DRIVERS, browserOf } from './setup/browsers.js'
import { ensureBrowsers } from './setup/install-browsers.js'
import { buildWorkspace } from './setup/workspace.js'

const IMAGES = join(ROOT, 'docs', 'images')

/** @param {string} name @returns {string} */
function image(name) {
  return join(IMAGES, `${name}.png`)
}

/** @param {import('playwright').Page} page @returns {Promise<void>} when fonts and pictures are drawn and nothing moves */
async function settle(page) {
  await page.evaluate(async () => {
    await document.fonts.ready
  })
  await page.waitForLoadState('networkidle')
  await page.waitForTimeout(500)
}

await buildWorkspace()
if ((await ensureBrowsers(['chromium'])).length > 0) throw new Error('Screenshots need Chromium.')
const found = browserOf('chromium')
if (found?.by !== 'playwright') throw new Error('Screenshots need Chromium.')
mkdirSync(IMAGES, { recursive: true })

const demo = await startDemo({ port: 0, mayMove: true, temporary: true })
const browser = await DRIVERS.chromium.launch(found.launch)
try {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 1200 },
    deviceScaleFactor: 2,
    colorScheme: 'light',
    reducedMotion: 'reduce',
  })
  const page = await context.newPage()

  await step('The shop', async () => {
    await page.goto(demo.url)
    await firstList(page)
    await acceptConsent(page)
    await viewItems(page)
    // A product page: picture, price, and three shelves that know what was looked at.
    await page.getByTestId('shelf-for-you').getByTestId('shelf-item').first().locator('a').click()
    await page.getByTestId('add-to-cart').waitFor()
    await settle(page)
    await page.screenshot({ path: image('shop') })
  })

  await step('The widget', async () => {
    const example = await serveShop(demo.endpoint)
    try {
      const title = page.locator('vitrine-shelf [part~="item"] [part~="title"]').first()
      for (const path of ['product.html?item=85123A', 'product.html?item=22423', '']) {
        await page.goto(`${example.url}/${path}`)
        await title.waitFor()
        await settle(page)
      }
      const box = await page.locator('vitrine-shelf').first().boundingBox()
      if (!box) throw new Error('The shelf has no place on the page.')
      const margin = 24
      const clip = {
        x: box.x - margin,
        y: box.y - margin,
        width: box.width + 2 * margin,
        height: box.height + 2 * margin,
      }
      await page.screenshot({ path: image('widget'), clip })
    } finally {
      await example.close()
    }
  })
} finally {
  await browser.close()
  await demo.close()
}
