/** One shopper's visit with a headless browser, from a cold start to a reload without a network, in figures. */
import { DRIVERS, browserOf } from '../setup/browsers.js'

/** Longest wait for anything, in ms: a first visit compiles and downloads on a machine that may be busy. */
const PATIENCE = 30_000
const FOR_YOU = '[data-testid="shelf-for-you"] [data-testid="shelf-item"]'
const VIEWS = 3

/** @typedef {import('playwright').Page} Page */

/**
 * @typedef {object} VisitReport
 * @property {string} revision in use
 * @property {string} device that computes
 * @property {string} browser
 * @property {number} coldMs from navigation to the first list, nothing cached
 * @property {number} warmMs the same with the model on the device
 * @property {number} modelBytes
 * @property {string[]} itemsBefore the shelf "For you" before anything was viewed
 * @property {string[]} itemsAfter … after three views
 * @property {string[]} offlineItems … after a reload with shop and endpoint gone
 * @property {number} eventsStored on the device
 * @property {number} eventsAcked by the endpoint
 * @property {number} policyViolations
 */

/** @param {Page} page @returns {Promise<{ items: string[], ms: number }>} the shelf, and ms since the navigation began */
export async function firstList(page) {
  const handle = await page.waitForFunction(
    (selector) => {
      const items = [...document.querySelectorAll(selector)].map(
        (item) => item.getAttribute('data-item') ?? '',
      )
      return items.length > 0 && { items, ms: Math.round(performance.now()) }
    },
    FOR_YOU,
    { polling: 10, timeout: PATIENCE },
  )
  const list = await handle.jsonValue()
  if (!list) throw new Error('The shelf "For you" vanished.')
  return list
}

/** @param {Page} page @returns {Promise<string[]>} */
function itemsOf(page) {
  return page.$$eval(FOR_YOU, (items) => items.map((item) => item.getAttribute('data-item') ?? ''))
}

/** @param {Page} page @param {readonly string[]} before @returns {Promise<string[]>} the shelf once it has another list */
async function changedList(page, before) {
  await page.waitForFunction(
    ([selector, old]) => {
      const items = [...document.querySelectorAll(selector)].map((item) => item.getAttribute('data-item'))
      return items.length > 0 && items.join(' ') !== old
    },
    /** @type {const} */ ([FOR_YOU, before.join(' ')]),
    { timeout: PATIENCE },
  )
  return itemsOf(page)
}

/** @param {Page} page @returns {Promise<import('@vitrine/sdk').Diagnostics>} after all that waits was sent */
function flushAndLook(page) {
  return page.evaluate(async () => {
    const { vitrine } = /** @type {{ vitrine?: import('@vitrine/sdk').Recommender }} */ (globalThis)
    if (!vitrine) throw new Error('The shop has no recommender.')
    // Without a network nothing can be sent; whether it had to be is for the caller to judge.
    await vitrine.flush().catch((/** @type {unknown} */ error) => console.warn(error))
    return vitrine.diagnostics()
  })
}

/** @param {Page} page @returns {Promise<void>} */
export async function acceptConsent(page) {
  await page.getByTestId('consent-accept').click()
}

/** @param {Page} page @returns {Promise<void>} looks at items of the shelf, each new to it, and comes back home */
export async function viewItems(page) {
  /** @type {Set<string>} */
  const viewed = new Set()
  while (viewed.size < VIEWS) {
    // The shelf follows every view, so what to look at next is asked anew.
    const item = (await itemsOf(page)).find((candidate) => !viewed.has(candidate))
    if (item === undefined) throw new Error(`The shelf has no item beside ${[...viewed].join(', ')}.`)
    viewed.add(item)
    await page.locator(`${FOR_YOU}[data-item="${item}"] a`).first().click()
    await page.getByTestId('add-to-cart').waitFor({ timeout: PATIENCE })
    await page.goBack()
    await page.locator(FOR_YOU).first().waitFor({ timeout: PATIENCE })
  }
}

/**
 * Visits the shop; it is offline when this returns.
 *
 * @param {'chromium' | 'firefox'} engine
 * @param {import('./services.js').Demo} demo
 * @returns {Promise<{ report: VisitReport, problems: string[] }>}
 */
export async function visitShop(engine, demo) {
  const found = browserOf(engine)
  if (found?.by !== 'playwright') throw new Error(`There is no ${engine} to visit the shop with.`)
  const browser = await DRIVERS[engine].launch(found.launch)
  try {
    const page = await (await browser.newContext()).newPage()
    page.setDefaultTimeout(PATIENCE)
    /** @type {string[]} */
    const problems = []
    page.on('pageerror', (error) => problems.push(`The page threw: ${error.message}`))

    await page.goto(demo.url)
    const cold = await firstList(page)
    await acceptConsent(page)

    await viewItems(page)
    const itemsAfter = await changedList(page, cold.items)
    await page.evaluate(async () => {
      // What the shell needs to start without a network.
      await navigator.serviceWorker.ready
    })

    await page.reload()
    const warm = await firstList(page)
    const { model, bytes, events } = await flushAndLook(page)

    await demo.goOffline()
    await page.reload()
    const offline = await firstList(page)
    const { model: offlineModel } = await flushAndLook(page)

    /** @param {boolean} good @param {string} problem */
    const expect = (good, problem) => good || problems.push(problem)
    const { revision } = demo.model
    expect(
      model.trust.signer !== null,
      'The model that the shop uses is signed by no key that the shop pins.',
    )
    expect(model.revision === revision, `The shop uses revision ${model.revision}, published is ${revision}.`)
    expect(
      model.origin === 'storage',
      `After a reload the model came from ${model.origin}, not from storage.`,
    )
    expect(itemsAfter.join() !== cold.items.join(), `The shelf did not change after ${VIEWS} views.`)
    expect(offline.items.length > 0, 'Offline the shelf is empty.')
    expect(offlineModel.revision === revision, `Offline the revision is ${offlineModel.revision}.`)
    expect(events.stored >= VIEWS, `${events.stored} events are stored after ${VIEWS} views.`)
    expect(
      events.acknowledged === events.stored,
      `${events.acknowledged} of ${events.stored} events were acknowledged.`,
    )
    for (const violation of demo.violations)
      problems.push(`The shop's policy stopped something: ${violation}`)
    return {
      problems,
      report: {
        revision: model.revision ?? 'none',
        device: model.device ?? 'none',
        browser: `${engine} ${browser.version()}`,
        coldMs: cold.ms,
        warmMs: warm.ms,
        modelBytes: bytes.model,
        itemsBefore: cold.items,
        itemsAfter,
        offlineItems: offline.items,
        eventsStored: events.stored,
        eventsAcked: events.acknowledged,
        policyViolations: demo.violations.length,
      },
    }
  } finally {
    await browser.close()
  }
}
