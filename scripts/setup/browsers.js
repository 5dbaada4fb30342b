/**
 * Which browsers this machine has, engine by engine, and how each is started: Playwright's own builds first,
 * then what the system has. Synchronous and quick, so that test configurations can ask as they load.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { chromium, firefox, webkit } from 'playwright'
import { ROOT } from '../run-command.js'

/** @typedef {'chromium' | 'firefox' | 'webkit'} Engine */

/**
 * How one engine is started. `playwright` is launched by Playwright with these options; `webdriver` is
 * WebKitGTK, which Playwright cannot drive: WebKitWebDriver starts `browser` on a virtual screen of Xvfb.
 *
 * @typedef {{ by: 'playwright', name: string, launch: import('playwright').LaunchOptions }
 *   | { by: 'webdriver', name: string, driver: string, browser: string, screen: string }} Browser
 */

/** @type {readonly Engine[]} */
export const ENGINES = ['chromium', 'firefox', 'webkit']

/** Which browser set-up chose for each engine, by name: one that it saw start. */
export const CHOICE_FILE = join(ROOT, '.cache', 'browsers.json')

/** Playwright's driver of each engine. */
export const DRIVERS = { chromium, firefox, webkit }

const CHROMIUM_ARGS = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // A software adapter, so that WebGPU can be tested where there is no GPU.
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
]

const FIREFOX_PREFS = {
  'dom.webgpu.enabled': true,
  'dom.webgpu.workers.enabled': true,
  'gfx.webgpu.ignore-blocklist': true,
}

/** @type {Readonly<Record<Engine, readonly Browser[]>>} */
const SYSTEM = {
  chromium: ['/usr/bin/chromium', '/usr/bin/google-chrome-stable', '/usr/bin/chromium-browser'].map(
    (executablePath) => ({
      by: 'playwright',
      name: executablePath,
      launch: { executablePath, args: CHROMIUM_ARGS },
    }),
  ),
  // Playwright's ordinary Firefox driver wants its own build; the stock one is driven over WebDriver BiDi.
  firefox: ['/usr/bin/firefox-esr', '/usr/lib/firefox-esr/firefox-esr'].map((executablePath) => ({
    by: 'playwright',
    name: executablePath,
    launch: { channel: 'moz-firefox', executablePath, firefoxUserPrefs: FIREFOX_PREFS },
  })),
  webkit: ['x86_64', 'aarch64'].map((machine) => ({
    by: 'webdriver',
    name: 'WebKitGTK',
    driver: '/usr/bin/WebKitWebDriver',
    browser: `/usr/lib/${machine}-linux-gnu/webkit2gtk-4.1/MiniBrowser`,
    screen: '/usr/bin/Xvfb',
  })),
}

/** @param {Engine} engine @returns {Browser[]} Playwright's own build of the locked version, where it was downloaded */
function ownBuilds(engine) {
  if (!existsSync(DRIVERS[engine].executablePath())) return []
  /** @type {Readonly<Record<Engine, import('playwright').LaunchOptions>>} */
  const launch = {
    // The full browser in its headless mode: the stripped headless shell has no WebGPU.
    chromium: { channel: 'chromium', args: CHROMIUM_ARGS },
    firefox: { firefoxUserPrefs: FIREFOX_PREFS },
    webkit: {},
  }
  return [{ by: 'playwright', name: `Playwright's ${engine}`, launch: launch[engine] }]
}

/** @param {Browser} browser @returns {boolean} */
function isThere(browser) {
  if (browser.by === 'webdriver') {
    return [browser.driver, browser.browser, browser.screen].every((path) => existsSync(path))
  }
  const { executablePath } = browser.launch
  return executablePath === undefined || existsSync(executablePath)
}

/** @param {Engine} engine @returns {Browser[]} every browser of this engine that is there, best first */
export function browsersOf(engine) {
  return [...ownBuilds(engine), ...SYSTEM[engine].filter((browser) => isThere(browser))]
}

/** @returns {Partial<Record<Engine, string | null>>} name by engine; null where none of those that are there starts */
export function readChoice() {
  if (!existsSync(CHOICE_FILE)) return {}
  /** @type {Partial<Record<Engine, string | null>>} */
  const choice = JSON.parse(readFileSync(CHOICE_FILE, 'utf8'))
  return choice
}

/**
 * The browser to test an engine with: the one that set-up saw start, else the first that is there.
 *
 * @param {Engine} engine @returns {Browser | undefined}
 */
export function browserOf(engine) {
  const chosen = readChoice()[engine]
  if (chosen === null) return undefined
  const there = browsersOf(engine)
  return there.find(({ name }) => name === chosen) ?? there[0]
}
