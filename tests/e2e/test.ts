/** The test function of every scenario: a visitor in the project's engine, and a shop with a real endpoint behind. */
import { test as base } from '@playwright/test'
import { type Engine, browserOf } from '../../scripts/setup/browsers.js'
import { type Edge, startEdge } from './servers/edge.ts'
import { type Shop, openShop, storefrontFolders } from './servers/shop.ts'
import { type House, openHouse } from './visitor/house.ts'
import type { Visitor } from './visitor/visitor.ts'

interface Worker {
  /** Which engine this project tests. */
  engine: Engine
  /** The running browser in which this worker's visitors come and go; `undefined` where there is none. */
  house: House | undefined
  /** The endpoint of this worker; every test has a tenant of its own there. */
  edge: Edge
}

interface Scenario {
  visitor: Visitor
  /** The storefront of `tests/e2e/storefront`: the SDK and nothing else. */
  storefront: Shop
}

export const test = base.extend<Scenario, Worker>({
  engine: ['chromium', { option: true, scope: 'worker' }],

  house: [
    async ({ engine }, use) => {
      const browser = browserOf(engine)
      const house = browser && (await openHouse(engine, browser))
      await use(house)
      await house?.close()
    },
    { scope: 'worker', timeout: 60_000 },
  ],

  edge: [
    // oxlint-disable-next-line no-empty-pattern -- Playwright reads what a fixture needs from this pattern.
    async ({}, use) => {
      const edge = await startEdge()
      await use(edge)
      await edge.close()
    },
    { scope: 'worker' },
  ],

  visitor: async ({ engine, house }, use, testInfo) => {
    if (!house) {
      testInfo.skip(true, `There is no ${engine} on this machine.`)
      return
    }
    const { visitor, leave } = await house.enter()
    await use(visitor)
    if (testInfo.status !== testInfo.expectedStatus) {
      await testInfo.attach('screenshot', { body: await visitor.screenshot(), contentType: 'image/png' })
    }
    await leave()
  },

  storefront: async ({ edge }, use) => {
    const shop = await openShop(edge, { folders: storefrontFolders })
    await use(shop)
    await shop.close()
  },
})

export { expect } from '@playwright/test'
