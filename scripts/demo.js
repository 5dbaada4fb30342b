/**
 * `npm run demo`: everything on this machine, from an empty clone to a running shop. Plain Node; what needs
 * packages is loaded once they are there. Progress is on stderr; stdout has the address, or with `--check` one
 * line of JSON.
 */
import { parseArgs } from 'node:util'
import { duration, say, step, warn } from './progress.js'
import { buildWorkspace, installPackages } from './setup/workspace.js'
import { startDemo } from './demo/services.js'

const HELP = `Usage: npm run demo -- [--port N] [--check]

Installs packages and builds where needed, starts the endpoint with the committed model and the example shop,
prints one address, and runs until Ctrl-C.

  --port N   port of the shop (default 4173, or any free one when that is taken); the endpoint takes a free one
  --check    the same on free ports and in a temporary folder; then a headless browser visits the shop, and one
             line of JSON on standard output says what it saw; exit code 1 when something was not as it should be
  --help     this text`

const DEFAULT_PORT = 4173

/** @returns {{ port: number | undefined, check: boolean, help: boolean }} */
function readArguments() {
  const { values } = parseArgs({
    options: {
      port: { type: 'string' },
      check: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  const port = values.port === undefined ? undefined : Number(values.port)
  if (port !== undefined && !(Number.isInteger(port) && port > 0 && port < 65_536)) {
    throw new Error(`--port ${values.port} is no port; give a number from 1 to 65535.`)
  }
  return { port, check: values.check, help: values.help }
}

/** @param {number | undefined} port @returns {Promise<void>} */
async function serveUntilStopped(port) {
  /** @type {Promise<undefined>} */
  const stopped = new Promise((resolve) => {
    process.once('SIGINT', () => resolve(undefined))
    process.once('SIGTERM', () => resolve(undefined))
  })
  const demo = await startDemo({ port: port ?? DEFAULT_PORT, mayMove: port === undefined })
  process.stdout.write(`\n  The shop is open: ${demo.url}\n\n`)
  say('  Ctrl-C closes it. Its database is in .vitrine/.')
  const crash = await Promise.race([stopped, demo.crashed])
  await step('Closing', demo.close)
  if (crash) throw crash
}

/** @returns {Promise<{ report: object, problems: string[] }>} what a visitor saw, and what was not as it should be */
async function check() {
  // Loaded only now: they need the packages.
  const { ensureBrowsers } = await import('./setup/install-browsers.js')
  const { visitShop } = await import('./demo/visit.js')
  const wanted = /** @type {const} */ (['chromium', 'firefox'])
  const engine = (await ensureBrowsers(['chromium'])).length === 0 ? wanted[0] : wanted[1]
  if (engine === 'firefox' && (await ensureBrowsers(['firefox'])).length > 0) {
    throw new Error('There is neither Chromium nor Firefox to visit the shop with.')
  }
  const demo = await startDemo({ port: 0, mayMove: true, temporary: true })
  try {
    return await step('Visit', () => visitShop(engine, demo))
  } finally {
    await step('Closing', demo.close)
  }
}

try {
  const { port, check: isCheck, help } = readArguments()
  if (help) {
    process.stdout.write(`${HELP}\n`)
  } else {
    const started = performance.now()
    await installPackages()
    await buildWorkspace()
    if (isCheck) {
      const { report, problems } = await check()
      for (const problem of problems) warn(problem)
      say(`Took ${duration(performance.now() - started)}.`)
      process.stdout.write(`${JSON.stringify(report)}\n`)
      process.exitCode = problems.length === 0 ? 0 : 1
    } else {
      await serveUntilStopped(port)
    }
  }
} catch (error) {
  warn(error instanceof Error ? error.message : String(error))
  process.exitCode = 1
}
