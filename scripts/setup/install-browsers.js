/**
 * Browsers for the tests: first what is there, then `playwright install`, then Debian's packages where the
 * download is blocked. A browser counts only when it was seen to start.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { step, warn } from '../progress.js'
import { ROOT, run } from '../run-command.js'
import { CHOICE_FILE, DRIVERS, ENGINES, browsersOf, readChoice } from './browsers.js'
import { aptGet, asRoot } from './debian.js'
import { startWebKitDriver, webKitCapabilities } from './webkit-driver.js'

/** @typedef {import('./browsers.js').Engine} Engine */

/** @type {Readonly<Record<Engine, readonly string[]>>} */
const DEBIAN_PACKAGES = {
  chromium: ['chromium', 'mesa-vulkan-drivers'],
  firefox: ['firefox-esr', 'mesa-vulkan-drivers'],
  webkit: ['webkit2gtk-driver', 'xvfb', 'xauth'],
}

const DOWNLOAD_TIMEOUT = 10 * 60_000

/** @param {Engine} engine @param {import('./browsers.js').Browser} browser @returns {Promise<void>} when it started */
async function start(engine, browser) {
  if (browser.by === 'playwright') {
    const started = await DRIVERS[engine].launch({ ...browser.launch, timeout: 60_000 })
    await started.close()
    return
  }
  const driver = await startWebKitDriver(browser)
  try {
    const sessions = `http://127.0.0.1:${driver.port}/session`
    const answer = await fetch(sessions, {
      method: 'POST',
      body: JSON.stringify({ capabilities: { alwaysMatch: webKitCapabilities(browser) } }),
    })
    const body = await answer.text()
    if (!answer.ok) throw new Error(body)
    /** @type {{ value: { sessionId: string } }} */
    const { value } = JSON.parse(body)
    await fetch(`${sessions}/${value.sessionId}`, { method: 'DELETE' })
  } finally {
    await driver.close()
  }
}

/** @param {Engine} engine @param {string[]} refusals why browsers did not start, added to @returns {Promise<string | undefined>} name */
async function firstThatStarts(engine, refusals) {
  for (const browser of browsersOf(engine)) {
    try {
      await start(engine, browser)
      return browser.name
    } catch (error) {
      const lines = String(error).split('\n').slice(0, 12)
      // The command line that Playwright shows is thousands of characters long.
      const shown = lines.map((line) => (line.length > 200 ? `${line.slice(0, 200)}…` : line)).join('\n  ')
      refusals.push(`${browser.name} does not start: ${shown}`)
    }
  }
  return undefined
}

/** @param {readonly string[]} args of Playwright's command @returns {Promise<void>} */
async function playwrightCommand(args) {
  const cli = join(ROOT, 'node_modules', 'playwright', 'cli.js')
  const { code, output } = await run(process.execPath, [cli, ...args], {
    output: 'keep',
    timeout: DOWNLOAD_TIMEOUT,
    env: { PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT: '15000' },
  })
  if (code === 0) return
  const reason = output.split('\n').findLast((line) => /Error:/u.test(line)) ?? `code ${code}`
  warn(`playwright ${args.join(' ')} failed: ${reason.trim()}`)
}

/** @param {readonly string[]} root @param {readonly Engine[]} engines @returns {Promise<void>} */
async function installDebianPackages(root, engines) {
  if (!(await aptGet(root, ['update']))) return
  // One by one: a distribution that lacks one browser may have the next.
  for (const engine of engines) {
    await aptGet(root, ['install', '-y', '--no-install-recommends', ...DEBIAN_PACKAGES[engine]])
  }
}

/**
 * Makes sure that the engines asked for can be started, as far as this machine allows.
 *
 * @param {readonly Engine[]} [engines]
 * @returns {Promise<Engine[]>} those that cannot be had; each was warned of, with the reasons
 */
export async function ensureBrowsers(engines = ENGINES) {
  const choice = readChoice()
  /** @param {Engine} engine */
  const settled = (engine) => {
    const chosen = choice[engine]
    return typeof chosen === 'string' && browsersOf(engine).some(({ name }) => name === chosen)
  }
  /** @type {Record<Engine, string[]>} */
  const refusals = { chromium: [], firefox: [], webkit: [] }
  let missing = engines.filter((engine) => !settled(engine))

  const tryMissing = async () => {
    for (const engine of missing) {
      refusals[engine] = []
      const name = await firstThatStarts(engine, refusals[engine])
      choice[engine] = name ?? null
    }
    mkdirSync(dirname(CHOICE_FILE), { recursive: true })
    writeFileSync(CHOICE_FILE, JSON.stringify(choice))
    missing = missing.filter((engine) => !settled(engine))
  }

  await step('Browsers', async () => {
    if (missing.length > 0) await tryMissing()
    if (missing.length > 0) {
      await playwrightCommand(['install', ...missing])
      await tryMissing()
    }
    const root = missing.length > 0 ? await asRoot() : undefined
    const downloaded = missing.filter((engine) => refusals[engine].length > 0)
    if (root && downloaded.length > 0) {
      // It is there and did not start: most often the system lacks a library that it needs.
      await playwrightCommand(['install-deps', ...downloaded])
      await tryMissing()
    }
    if (root && missing.length > 0) {
      await installDebianPackages(root, missing)
      await tryMissing()
    }
    return engines
      .map((engine) => `${engine} ${settled(engine) ? `(${choice[engine]})` : 'MISSING'}`)
      .join(', ')
  })
  for (const engine of missing) {
    warn(
      `No ${engine} can be had on this machine: its tests are skipped. Install it with ` +
        `\`npx playwright install --with-deps ${engine}\`, or on Debian as root with ` +
        `\`apt-get install --no-install-recommends ${DEBIAN_PACKAGES[engine].join(' ')}\`.`,
    )
    for (const refusal of refusals[engine]) warn(refusal)
  }
  return missing
}
