/** A running browser in which visitors come and go, each with empty storage. */
import { type Browser, type Engine, DRIVERS } from '../../../scripts/setup/browsers.js'
import { startWebKitDriver } from '../../../scripts/setup/webkit-driver.js'
import { playwrightVisitor } from './playwright-visitor.ts'
import type { Visitor } from './visitor.ts'
import { webdriverVisitor } from './webdriver-visitor.ts'

/** See above. */
export interface House {
  enter(): Promise<{ visitor: Visitor; leave: () => Promise<void> }>
  close(): Promise<void>
}

/** Starts the browser. */
export async function openHouse(engine: Engine, browser: Browser): Promise<House> {
  if (browser.by === 'webdriver') {
    const driver = await startWebKitDriver(browser)
    return {
      async enter() {
        const { visitor, close } = await webdriverVisitor(engine, browser, driver.port)
        return { visitor, leave: close }
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
