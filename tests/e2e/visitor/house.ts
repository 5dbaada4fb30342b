/** A running browser in which visitors come and go, each with empty storage. */
import { type Browser, type Engine, DRIVERS } from '../../../scripts/setup/browsers.js'
import { startWebKitDriver } from '../../../scripts/setup/webkit-driver.js'
import { playwrightVisitor } from './playwright-visitor.ts'
import type { Visitor } from './visitor.ts'
import { NoSession, webdriverVisitor } from './webdriver-visitor.ts'

/** Drivers that are started for one visitor, at most. */
const TRIES = 3

/** See above. */
export interface House {
  enter(): Promise<{ visitor: Visitor; leave: () => Promise<void> }>
  close(): Promise<void>
}

/** Starts the browser. */
export async function openHouse(engine: Engine, browser: Browser): Promise<House> {
  if (browser.by === 'webdriver') {
    let driver = await startWebKitDriver(browser)
    return {
      async enter() {
        for (let tried = 1; ; tried++) {
          try {
            const { visitor, close } = await webdriverVisitor(engine, browser, driver.port)
            return { visitor, leave: close }
          } catch (error) {
            if (!(error instanceof NoSession) || tried === TRIES) throw error
            console.warn(`${error.message} Another driver is started (${tried} of ${TRIES - 1}).`)
            await driver.close()
            driver = await startWebKitDriver(browser)
          }
        }
      },
      close: () => driver.close(),
    }
  }
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
