/**
 * `npm test`: installs what is missing, builds, runs every test, and ends with one line,
 * `N passed, N failed` (and `, N skipped` where a browser cannot be had). Plain Node, so that it works in a
 * fresh clone.
 */
import { parseArgs } from 'node:util'
import { isCi } from './ci.js'
import { duration, say, warn } from './progress.js'
import { buildWorkspace, installPackages } from './setup/workspace.js'
import { noCounts, sum } from './testing/counts.js'

const HELP = `Usage: npm test -- [--only node|browser|mutation|perf|e2e]

Installs packages and browsers where they are missing, builds, and runs
  node      unit tests in Node
  browser   unit tests in real browsers (Chromium, Firefox)
  mutation  every guard taken out once: its test must fail
  perf      kernels as fast as their report says, by ratios; the GPU benchmark on a software adapter
  e2e       the whole system in Chromium, Firefox and WebKit
A browser that this machine cannot have is named and its tests are skipped; with CI=true that is a failure.`

/** @returns {Promise<void>} */
async function main() {
  const { values } = parseArgs({
    options: { only: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
  })
  if (values.help) {
    process.stdout.write(`${HELP}\n`)
    return
  }
  const started = performance.now()
  await installPackages()
  await buildWorkspace()
  // Loaded only now: they need the packages.
  const { ensureBrowsers } = await import('./setup/install-browsers.js')
  const { ensureServers } = await import('./setup/install-servers.js')
  const { PARTS, runPart } = await import('./testing/runners.js')

  const all = /** @type {(keyof typeof PARTS)[]} */ (Object.keys(PARTS))
  const parts = all.filter((part) => values.only === undefined || values.only === part)
  if (parts.length === 0) throw new Error(`--only ${values.only} is none of ${all.join(', ')}.`)

  const engines = new Set(parts.flatMap((part) => PARTS[part]))
  const missing = engines.size > 0 ? await ensureBrowsers([...engines]) : []
  if (parts.includes('node') || parts.includes('mutation')) await ensureServers()
  let counts = noCounts()
  for (const part of parts) counts = sum(counts, await runPart(part, missing))
  if (isCi() && missing.length > 0) {
    counts = sum(counts, {
      ...noCounts(),
      failed: missing.length,
      reasons: missing.map((engine) => `CI must have ${engine}, and it cannot be had.`),
    })
  }

  for (const reason of counts.reasons) warn(reason)
  say(`\nTook ${duration(performance.now() - started)}.`)
  const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : ''
  process.stdout.write(`${counts.passed} passed, ${counts.failed} failed${skipped}\n`)
  process.exitCode = counts.failed > 0 || counts.passed === 0 ? 1 : 0
}

try {
  await main()
} catch (error) {
  warn(error instanceof Error ? error.message : String(error))
  process.stdout.write('0 passed, 1 failed\n')
  process.exitCode = 1
}
