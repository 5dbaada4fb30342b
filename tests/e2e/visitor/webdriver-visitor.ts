/** A visitor in WebKitGTK, which Playwright cannot drive: WebDriver through webdriverio. */
import { remote } from 'webdriverio'
import type { Browser, Engine } from '../../../scripts/setup/browsers.js'
import { webKitCapabilities } from '../../../scripts/setup/webkit-driver.js'
import { type Visitor, PATIENCE, findDeep, poll } from './visitor.ts'

/** A driver has a session within two seconds, or, once in some hundred times, never: its browser came up deaf. */
const SESSION_MS = 40_000

/** The driver has no session to give: start another one. */
export class NoSession extends Error {
  override readonly name = 'NoSession'
}

/**
 * Opens a session with empty storage on a running driver. `close` ends the session, not the driver.
 *
 * @throws `NoSession` when the driver does not answer.
 */
export async function webdriverVisitor(
  engine: Engine,
  browser: Extract<Browser, { by: 'webdriver' }>,
  port: number,
): Promise<{ visitor: Visitor; close: () => Promise<void> }> {
  const asked = remote({
    hostname: '127.0.0.1',
    port,
    // What a page throws is the scenario's matter, and reaches it as an error.
    logLevel: 'silent',
    connectionRetryCount: 0,
    capabilities: { ...webKitCapabilities(browser), 'wdio:enforceWebDriverClassic': true },
  })
  let timer: ReturnType<typeof setTimeout> | undefined
  const patience = new Promise<never>((_, reject) => {
    const silent = new NoSession(`WebKitWebDriver gave no session within ${SESSION_MS} ms.`)
    timer = setTimeout(() => reject(silent), SESSION_MS)
  })
  // What becomes of it once nobody waits any more is that driver's end.
  asked.catch(() => undefined)
  const session = await Promise.race([asked, patience]).finally(() => clearTimeout(timer))
  await session.setTimeout({ script: PATIENCE, pageLoad: 2 * PATIENCE })

  const evaluate = async <T>(inPage: (argument: never) => T | Promise<T>, argument: unknown): Promise<T> => {
    // Errors come back as data: WebDriver drops the stack and the name of a rejected promise.
    const answer = (await session.executeAsyncScript(
      `const done = arguments[1]
       Promise.resolve().then(() => (${String(inPage)})(arguments[0])).then(
         (value) => done({ value }),
         (error) => done({ error: String(error?.stack ? error + '\\n' + error.stack : error) }),
       )`,
      [argument ?? null],
    )) as { value?: T; error?: string }
    if (answer.error !== undefined) throw new Error(answer.error)
    return answer.value as T
  }

  /** Finds the element by script, because WebDriver's own lookup stops at shadow roots. */
  const find = async (selector: string, prepare = '') => {
    const script = `const found = (${String(findDeep)})(arguments[0]); ${prepare}; return found`
    const found = (await session.executeScript(script, [selector])) as Parameters<typeof session.$>[0] | null
    return found ? session.$(found) : undefined
  }
  // A sticky header may cover what stands at the edge of the window.
  const toTheMiddle = "found?.scrollIntoView({ block: 'center', inline: 'center', behavior: 'instant' })"

  const visitor: Visitor = {
    engine,
    async open(url) {
      await session.navigateTo(url)
    },
    async reload() {
      await session.refresh()
    },
    evaluate: (inPage, argument) => evaluate(inPage, argument),
    waitFor: (what, inPage, argument) => poll(what, () => evaluate(inPage, argument)),
    async click(selector) {
      // Again, when the page replaced or covered the element in between.
      await poll(`a click on ${selector}`, async () => {
        const element = await find(selector, toTheMiddle)
        await element?.click()
        return element !== undefined
      })
    },
    // WebDriver's own text leaves out what it takes for hidden, such as clamped lines.
    text: (selector) =>
      poll(selector, async () => {
        const script = `return (${String(findDeep)})(arguments[0])?.innerText ?? null`
        const text = (await session.executeScript(script, [selector])) as string | null
        return text === null ? null : { text }
      }).then(({ text }) => text.trim()),
    async screenshot() {
      return Buffer.from(await session.takeScreenshot(), 'base64')
    },
  }
  return { visitor, close: () => session.deleteSession() }
}
