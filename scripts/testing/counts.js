/** How many tests passed, failed and were skipped, read from what each test runner reports as JSON. */
import { existsSync, readFileSync } from 'node:fs'

/** @typedef {{ passed: number, failed: number, skipped: number, reasons: string[] }} Counts */

/** @returns {Counts} */
export function noCounts() {
  return { passed: 0, failed: 0, skipped: 0, reasons: [] }
}

/** @param {Counts} a @param {Counts} b @returns {Counts} */
export function sum(a, b) {
  return {
    passed: a.passed + b.passed,
    failed: a.failed + b.failed,
    skipped: a.skipped + b.skipped,
    reasons: [...a.reasons, ...b.reasons],
  }
}

/**
 * @typedef {object} VitestReport
 * @property {number} numPassedTests
 * @property {number} numFailedTests
 * @property {number} numPendingTests
 * @property {number} numTodoTests
 * @property {{ name: string, status: string, message: string, assertionResults: { status: string }[] }[]} testResults
 */

/** @param {VitestReport} report @returns {Counts} */
export function countVitest(report) {
  // A file that fails outside of any test (it does not load, its clean-up throws) has no failed test to count.
  const broken = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && assertionResults.every((result) => result.status !== 'failed'),
  )
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + broken.length,
    skipped: report.numPendingTests + report.numTodoTests,
    reasons: broken.map(({ name, message }) => `${name} failed as a whole: ${message}`),
  }
}

/**
 * @typedef {object} PlaywrightReport
 * @property {{ expected: number, unexpected: number, flaky: number, skipped: number }} stats
 * @property {{ message?: string }[]} errors outside of any test
 */

/** @param {PlaywrightReport} report @returns {Counts} */
export function countPlaywright({ stats, errors }) {
  return {
    passed: stats.expected,
    // Passing at a second try is no pass.
    failed: stats.unexpected + stats.flaky + errors.length,
    skipped: stats.skipped,
    reasons: errors.map(({ message }) => message ?? 'an error without a message'),
  }
}

/** @typedef {{ name: string, promise: number, result: string, said: string }} Guard */

/** @param {string} lines one guard a line, as `scripts/mutation.js --json` writes them @returns {Guard[]} */
export function guardsIn(lines) {
  return (
    lines
      .split('\n')
      // Vite says on standard output when it bundles dependencies anew.
      .filter((text) => text.startsWith('{'))
      .map((text) => JSON.parse(text))
  )
}

/** @param {string} lines as {@link guardsIn} takes them @returns {Counts} */
export function countMutation(lines) {
  const guards = guardsIn(lines)
  const count = (/** @type {string} */ wanted) => guards.filter(({ result }) => result === wanted).length
  const skipped = count('skipped')
  const bad = guards.filter(({ result }) => result !== 'killed' && result !== 'skipped')
  return {
    passed: count('killed'),
    failed: bad.length,
    skipped,
    reasons: bad.map(({ name, result, said }) => `guard ${name} ${result}: ${said}`),
  }
}

/**
 * Counts of one run. A runner that ended badly without saying what failed counts as one failure.
 *
 * @template Report
 * @param {string} name of the runner
 * @param {string} file its JSON report
 * @param {number} code its exit code
 * @param {(report: Report) => Counts} count
 * @returns {Counts}
 */
export function countRun(name, file, code, count) {
  if (!existsSync(file)) {
    return { ...noCounts(), failed: 1, reasons: [`${name} ended with code ${code} and left no report.`] }
  }
  /** @type {Report} */
  const report = JSON.parse(readFileSync(file, 'utf8'))
  const counts = count(report)
  if (code !== 0 && counts.failed === 0) {
    return {
      ...counts,
      failed: 1,
      reasons: [...counts.reasons, `${name} ended with code ${code}, though no test of its report failed.`],
    }
  }
  if (counts.passed + counts.failed + counts.skipped === 0) {
    return { ...counts, failed: 1, reasons: [`${name} found no tests.`] }
  }
  return counts
}
