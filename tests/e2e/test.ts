/** The test function of every scenario: a visitor in the project's engine, with empty storage. */
import { test as base } from '@playwright/test'
import { type Browser, type Engine, DRIVERS, browserOf } from '../../scripts/setup/browsers.js'
import { startWebKitDriver } from '../../scripts/setup/webkit-driver.js'
import { playwrightVisitor } from './visitor/playwright-visitor.ts'
import type { Visitor } from './visitor/visitor.ts'
import { webdriverVisitor } from './visitor/webdriver-visitor.ts'

interface Worker {
  /** Which engine this project tests. */
  engine: Engine
  /** The running browser in which this worker's visitors come and go; `undefined` where there is none. */
  house: House | undefined
}

interface Scenario {
  visitor: Visitor
}

/** A running browser in which visitors come and go. */
interface House {
  enter(): Promise<{ visitor: Visitor; leave: () => Promise<void> }>
  close(): Promise<void>
}

async function openHouse(engine: Engine, browser: Browser): Promise<House> {
  if (browser.by === 'playwright') {
    const running = await DRIVERS[engine].launch(browser.launch)
    return {
      async enter() {
        const context = await running.newContext({ viewport: { width: 1280, height: 1000 } })
        const page = await context.newPage()
        return { visitor: playwrightVisitor(engine, page), leave: () => context.close() }
      },
      close: () => running.close(),
    }
  }
  const driver = await startWebKitDriver(browser)
  return {
    async enter() {
      const { visitor, close } = await webdriverVisitor(engine, browser, driver.port)
      return { visitor, leave: close }
    },
    close: () => driver.close(),
  }
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
})

export { expect } from '@playwright/test'
