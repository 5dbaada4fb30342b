/** Adds up what fault tests counted, each unit for itself, and reads it from the runners' JSON reports. */

/** @typedef {import('@vitrine/trials').Figures} Figures */

/** @typedef {{ meta?: { figures?: Figures[] } }} VitestTest */
/** @typedef {{ annotations?: { type: string, description?: string }[] }} Annotated */

const SUMS = /** @type {const} */ (['events', 'lost', 'doubled', 'accepted'])

/**
 * @param {readonly Figures[]} figures
 * @returns {Figures[]} one for each promise and unit, in the order of the promises; what nobody counted stays missing
 */
export function sumByUnit(figures) {
  /** @type {Map<string, Figures>} */
  const sums = new Map()
  for (const one of figures) {
    const key = `${one.promise} ${one.unit}`
    const sum = sums.get(key) ?? { promise: one.promise, unit: one.unit, trials: 0 }
    sum.trials += one.trials
    for (const name of SUMS) {
      const value = one[name]
      if (value !== undefined) sum[name] = (sum[name] ?? 0) + value
    }
    sums.set(key, sum)
  }
  return [...sums.values()].toSorted((a, b) => a.promise - b.promise)
}

/** @param {{ testResults: { assertionResults: VitestTest[] }[] }} report Vitest's @returns {Figures[]} of failed tests, too */
export function figuresOfVitest({ testResults }) {
  return testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .flatMap(({ meta }) => meta?.figures ?? [])
}

/**
 * @typedef {object} PlaywrightSuite
 * @property {PlaywrightSuite[]} [suites]
 * @property {{ tests: { results: Annotated[] }[] }[]} [specs]
 */

/** @param {PlaywrightSuite} suite Playwright's report is one @returns {Figures[]} of failed tests, too */
export function figuresOfPlaywright({ suites = [], specs = [] }) {
  const results = specs.flatMap(({ tests }) => tests).flatMap((test) => test.results)
  const own = results
    .flatMap(({ annotations = [] }) => annotations)
    .filter(({ type }) => type === 'figures')
    .map(({ description = '' }) => /** @type {Figures} */ (JSON.parse(description)))
  return [...own, ...suites.flatMap((inner) => figuresOfPlaywright(inner))]
}
