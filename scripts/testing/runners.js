/** The test runs: each shows its output on stderr and is counted from what it reports as JSON. */
import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { say, warn } from '../progress.js'
import { ROOT, run } from '../run-command.js'
import { countMutation, countPlaywright, countRun, countVitest, noCounts, sum } from './counts.js'

/** @typedef {import('./counts.js').Counts} Counts */
/** @typedef {import('../setup/browsers.js').Engine} Engine */
/** @typedef {'node' | 'browser' | 'mutation' | 'perf' | 'e2e'} Part */

/** What can be run on its own, with the engines that it needs. @type {Readonly<Record<Part, readonly Engine[]>>} */
export const PARTS = {
  node: [],
  browser: ['chromium', 'firefox'],
  mutation: ['chromium'],
  perf: ['chromium'],
  e2e: ['chromium', 'firefox', 'webkit'],
}

const REPORTS = join(ROOT, 'test-results', 'reports')

/** @param {string} name @returns {string} path of a report that is not there yet */
function newReport(name) {
  mkdirSync(REPORTS, { recursive: true })
  const file = join(REPORTS, `${name}.json`)
  rmSync(file, { force: true })
  return file
}

/** @param {'node' | 'browser' | 'perf'} project @returns {Promise<Counts>} */
async function runVitest(project) {
  const file = newReport(project)
  const cli = join(ROOT, 'node_modules', 'vitest', 'vitest.mjs')
  const { code } = await run(process.execPath, [
    cli,
    'run',
    `--project=${project}`,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${file}`,
  ])
  return countRun(`vitest (${project})`, file, code, countVitest)
}

/** @param {string} name of the report @param {readonly string[]} chosen which tests @returns {Promise<Counts>} */
async function runPlaywright(name, chosen) {
  const file = newReport(name)
  const cli = join(ROOT, 'node_modules', '@playwright', 'test', 'cli.js')
  const { code } = await run(process.execPath, [cli, 'test', '--reporter=list,json', ...chosen], {
    env: { PLAYWRIGHT_JSON_OUTPUT_FILE: file },
  })
  return countRun(`playwright (${name})`, file, code, countPlaywright)
}

/** What kills browsers has the machine to itself. @returns {Promise<Counts>} */
async function runScenarios() {
  const beside = await runPlaywright('e2e', ['--grep-invert=@alone'])
  return sum(beside, await runPlaywright('e2e-alone', ['--grep=@alone', '--workers=1']))
}

/** Each guard counts as one test, passed when its test fails without it. @returns {Promise<Counts>} */
async function runMutation() {
  const { code, output, stdout } = await run(
    process.execPath,
    [join(ROOT, 'scripts', 'mutation.js'), '--json'],
    { output: 'keep' },
  )
  say(output.trimEnd())
  const counts = countMutation(stdout)
  if (code === 0 || counts.failed > 0) return counts
  return sum(counts, { ...noCounts(), failed: 1, reasons: [`mutation ended with code ${code}.`] })
}

/** @returns {string[]} the unit tests that need a browser, relative to the root */
function browserTests() {
  return readdirSync(join(ROOT, 'packages'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.browser.test.ts') && !path.includes('node_modules'))
    .map((path) => join('packages', path))
}

/** @param {readonly Engine[]} missing @returns {Counts} one skipped test a file and engine, each named */
function skippedBrowserTests(missing) {
  const counts = noCounts()
  for (const engine of PARTS.browser.filter((name) => missing.includes(name))) {
    for (const file of browserTests()) {
      warn(`Skipped for want of ${engine}: ${file}`)
      counts.skipped += 1
    }
  }
  return counts
}

/**
 * Runs one part of the tests.
 *
 * @param {Part} part
 * @param {readonly Engine[]} missing engines that this machine cannot have
 * @returns {Promise<Counts>}
 */
export async function runPart(part, missing) {
  say(`\n── ${part} tests`)
  if (part === 'e2e') return runScenarios()
  if (part === 'mutation') return runMutation()
  if (part === 'node' || part === 'perf') return runVitest(part)
  const skipped = skippedBrowserTests(missing)
  if (PARTS.browser.every((engine) => missing.includes(engine))) return skipped
  return sum(await runVitest('browser'), skipped)
}
