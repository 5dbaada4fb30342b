/** A visitor in a browser that Playwright drives. */
import type { Page } from '@playwright/test'
import type { Engine } from '../../../scripts/setup/browsers.js'
import { type Visitor, PATIENCE, findDeep, poll } from './visitor.ts'

/** The page's functions travel as text: what they call must be in that text. */
function source(inPage: (argument: never) => unknown): string {
  return String(inPage)
}

/** Wraps `page` (of a context with empty storage) as a {@link Visitor}. */
export function playwrightVisitor(engine: Engine, page: Page): Visitor {
  page.setDefaultTimeout(PATIENCE)
  const evaluate = async <T>(inPage: (argument: never) => T | Promise<T>, argument: unknown): Promise<T> =>
    page.evaluate<T>(`(${source(inPage)})(${argument === undefined ? '' : JSON.stringify(argument)})`)

  const element = async (selector: string) => {
    const find = `(${source(findDeep)})(${JSON.stringify(selector)})`
    return poll(selector, async () => (await page.evaluateHandle<Element | null>(find)).asElement())
  }

  return {
    engine,
    async open(url) {
      await page.goto(url, { waitUntil: 'load' })
    },
    async reload() {
      await page.reload({ waitUntil: 'load' })
    },
    evaluate: (inPage, argument) => evaluate(inPage, argument),
    waitFor: (what, inPage, argument) => poll(what, () => evaluate(inPage, argument)),
    async click(selector) {
      await (await element(selector)).click()
    },
    async text(selector) {
      return (await (await element(selector)).innerText()).trim()
    },
    screenshot: () => page.screenshot(),
    openTab: async () => playwrightVisitor(engine, await page.context().newPage()),
    ...(engine === 'chromium' && {
      async limitStorage(origin: string, bytes: number | undefined) {
        const session = await page.context().newCDPSession(page)
        const quota = bytes === undefined ? {} : { quotaSize: bytes }
        await session.send('Storage.overrideQuotaForOrigin', { origin, ...quota })
      },
    }),
  }
}
