/** Runs the benchmark's page in a browser of this machine, one task after the other. */
import { mustRun } from '../../../scripts/run-command.js'
import type { Browser, Engine } from '../../../scripts/setup/browsers.js'
import { openHouse } from '../../e2e/visitor/house.ts'
import type { Visitor } from '../../e2e/visitor/visitor.ts'
import { browserName } from '../measure/browser-name.ts'
import type { Comparison } from './compare.ts'
import type { PageTask } from './in-page.ts'

/** Where to run. */
export interface Place {
  engine: Engine
  browser: Browser
  /** Of the served page. */
  url: string
}

/** What came out, task by task. */
export interface Measured {
  /** Name and version of the browser. */
  browser: string
  comparisons: { task: PageTask; comparison: Comparison }[]
}

/** How often the page is asked how far it is, in milliseconds: seldom, because asking costs it time. */
const ASK = 1000

/** Each task has a page of its own: the one before gives its memory back. */
export async function measureInBrowser(
  { engine, browser, url }: Place,
  tasks: readonly PageTask[],
  { signal, say }: { signal?: AbortSignal; say: (text: string) => void },
): Promise<Measured> {
  const measured: Measured = { browser: '', comparisons: [] }
  const house = await openHouse(engine, browser)
  try {
    for (const task of tasks) {
      const { visitor, leave } = await house.enter()
      await visitor.open(url)
      measured.browser ||= await nameOf(engine, browser, await visitor.evaluate(() => navigator.userAgent))
      const comparison = await measure(visitor, task, (doing) => {
        signal?.throwIfAborted()
        say(`${measured.browser}, N = ${task.n.toLocaleString('en')}: ${doing}`)
      })
      measured.comparisons.push({ task, comparison })
      await leave()
    }
  } finally {
    await house.close()
  }
  return measured
}

async function measure(
  visitor: Visitor,
  task: PageTask,
  onProgress: (doing: string) => void,
): Promise<Comparison> {
  await visitor.evaluate((what) => window.benchmark!.start(what), task)
  for (;;) {
    const { doing, error, comparison } = await visitor.evaluate(() => window.benchmark!.progress())
    if (comparison) return comparison
    if (error !== undefined) throw new Error(`The page failed at N = ${task.n}: ${error}`)
    onProgress(doing)
    await new Promise((resolve) => setTimeout(resolve, ASK))
  }
}

/** Such as `Chromium 156`. WebKitGTK's user agent names a Safari, so its own program is asked. */
async function nameOf(engine: Engine, browser: Browser, userAgent: string): Promise<string> {
  if (browser.by === 'webdriver') {
    const said = await mustRun('xvfb-run', ['--auto-servernum', browser.browser, '--version'], {
      output: 'keep',
    })
    return said.trim()
  }
  return browserName(engine, userAgent)
}
