/** Adds up what fault tests counted, a row a promise, and reads it from the runners' JSON reports. */

/**
 * @typedef {object} Figures
 * @property {number} promise
 * @property {number} trials
 * @property {number} [events]
 * @property {number} [lost]
 * @property {number} [doubled]
 * @property {number} [accepted]
 */

/** @typedef {{ status: string, meta?: { figures?: Figures[] } }} VitestTest */
/** @typedef {{ annotations?: { type: string, description?: string }[] }} Annotated */

const SUMS = /** @type {const} */ (['trials', 'events', 'lost', 'doubled', 'accepted'])

/** @param {readonly Figures[]} figures @returns {Figures[]} one for each promise, in their order; what nobody counted stays missing */
export function sumByPromise(figures) {
  /** @type {Map<number, Figures>} */
  const rows = new Map()
  for (const one of figures) {
    const row = rows.get(one.promise) ?? { promise: one.promise, trials: 0 }
    for (const name of SUMS) {
      const value = one[name]
      if (value !== undefined) row[name] = (row[name] ?? 0) + value
    }
    rows.set(one.promise, row)
  }
  return [...rows.values()].toSorted((a, b) => a.promise - b.promise)
}

/**
 * @param {{ testResults: { assertionResults: VitestTest[] }[] }} report Vitest's
 * @param {number} [promise] whose trials the passed tests are that have no figures
 * @returns {Figures[]}
 */
export function figuresOfVitest({ testResults }, promise) {
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults)
  const counted = tests.flatMap(({ meta }) => meta?.figures ?? [])
  if (promise === undefined) return counted
  const passed = tests.filter(({ status, meta }) => status === 'passed' && !meta?.figures).length
  return [...counted, { promise, trials: passed, accepted: 0 }]
}

/**
 * @typedef {object} PlaywrightSuite
 * @property {PlaywrightSuite[]} [suites]
 * @property {{ tests: { results: Annotated[] }[] }[]} [specs]
 */

/** @param {PlaywrightSuite} suite Playwright's report is one @returns {Figures[]} */
export function figuresOfPlaywright({ suites = [], specs = [] }) {
  const results = specs.flatMap(({ tests }) => tests).flatMap((test) => test.results)
  const own = results
    .flatMap(({ annotations = [] }) => annotations)
    .filter(({ type }) => type === 'figures')
    .map(({ description = '' }) => /** @type {Figures} */ (JSON.parse(description)))
  return [...own, ...suites.flatMap((inner) => figuresOfPlaywright(inner))]
}
