/** The browsers of this machine, for benchmarks. */
import { type Browser, type Engine, browserOf } from '../../../scripts/setup/browsers.js'

/** Signals go to the benchmark, which closes its browsers after it has put everything else in order. */
const OURS = { handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false }

/** The browser of an engine; `undefined` where this machine has none. */
export function benchmarkBrowser(engine: Engine): Browser | undefined {
  const browser = browserOf(engine)
  return browser?.by === 'playwright' ? { ...browser, launch: { ...browser.launch, ...OURS } } : browser
}

/** How to launch Chromium, which some benchmarks cannot do without. */
export function chromiumLaunch(): Extract<Browser, { by: 'playwright' }>['launch'] {
  const browser = benchmarkBrowser('chromium')
  if (browser?.by !== 'playwright')
    throw new Error('There is no Chromium here; `npm run setup` installs one.')
  return browser.launch
}
