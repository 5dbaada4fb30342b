/** The reliability report: a row a promise, all that was counted by its unit, and what failed. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { format, resolveConfig } from 'prettier'
import { ROOT } from '../run-command.js'
import { PROMISES } from './promises.js'

/** @typedef {import('./figures.js').Figures} Figures */

/**
 * One promise. Trials are of its own unit, the other figures of all that was counted for it; null where nothing was.
 *
 * @typedef {object} Row
 * @property {number} promise
 * @property {number} trials
 * @property {number | null} events
 * @property {number | null} lost
 * @property {number | null} doubled
 * @property {number | null} accepted
 * @property {string | null} mutation_check guards whose tests fail without them, of all guards of this promise
 */

/** @typedef {Figures & { measured: string }} Count what was counted of one unit, and on which day */

/** @typedef {{ task: string, seed: number, measured: string, said: string }} Failure a task that failed: its seed repeats it */

/**
 * @typedef {object} Report
 * @property {Row[]} rows
 * @property {Count[]} counts
 * @property {Failure[]} failures
 */

/**
 * What one soak found out.
 *
 * @typedef {object} Findings
 * @property {readonly Figures[]} figures one for each promise and unit; they take the place of older ones
 * @property {readonly string[]} tasks those that ran: their older failures are history
 * @property {readonly Omit<Failure, 'measured'>[]} failures
 * @property {ReadonlyMap<number, string>} [checks] mutation checks by promise; the older ones stay where missing
 */

/** @typedef {(name: 'events' | 'lost' | 'doubled' | 'accepted') => number | null} Sum */

/** @param {string} file JSON; Markdown is written beside it @param {Findings} findings @returns {Promise<Report>} as written */
export async function writeReport(file, findings) {
  /** @type {Partial<Report>} */
  const before = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {}
  const report = merge(before, findings, new Date().toISOString().slice(0, 10))
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, `${JSON.stringify(report, undefined, 1)}\n`)
  const style = await resolveConfig(join(ROOT, 'README.md'))
  const text = await format(markdown(report), { ...style, parser: 'markdown' })
  writeFileSync(file.replace(/\.json$/u, '.md'), text)
  return report
}

/** @param {Partial<Report>} before @param {Findings} findings @param {string} measured day @returns {Report} */
function merge({ rows = [], counts = [], failures = [] }, findings, measured) {
  const isNew = (/** @type {Figures} */ { promise, unit }) =>
    findings.figures.some((one) => one.promise === promise && one.unit === unit)
  const all = [
    ...counts.filter((count) => !isNew(count)),
    ...findings.figures.map((one) => Object.assign({}, one, { measured })),
  ].toSorted((a, b) => a.promise - b.promise)
  const checkOf = (/** @type {number} */ promise) =>
    findings.checks?.get(promise) ?? rows.find((row) => row.promise === promise)?.mutation_check ?? null
  return {
    rows: Object.keys(PROMISES).map((name) => rowOf(Number(name), all, checkOf(Number(name)))),
    counts: all,
    failures: [
      ...failures.filter(({ task }) => !findings.tasks.includes(task)),
      ...findings.failures.map((failure) => Object.assign({}, failure, { measured })),
    ],
  }
}

/** @param {number} promise @param {readonly Count[]} counts @param {string | null} mutation_check @returns {Row} */
function rowOf(promise, counts, mutation_check) {
  const own = counts.filter((count) => count.promise === promise)
  /** @type {Sum} */
  const sum = (name) => {
    const values = own.map((count) => count[name]).filter((value) => value !== undefined)
    return values.length === 0 ? null : values.reduce((total, value) => total + value, 0)
  }
  const trials = own.filter(({ unit }) => unit === PROMISES[promise]?.trial)
  return {
    promise,
    trials: trials.reduce((total, count) => total + count.trials, 0),
    events: sum('events'),
    lost: sum('lost'),
    doubled: sum('doubled'),
    accepted: sum('accepted'),
    mutation_check,
  }
}

/** @param {readonly (readonly string[])[]} rows @returns {string} */
function table(rows) {
  return rows.map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

/** @param {Row | Count} row @returns {string[]} */
function figuresOf({ trials, events, lost, doubled, accepted }) {
  const number = new Intl.NumberFormat('en')
  return [trials, events, lost, doubled, accepted].map((value) =>
    typeof value === 'number' ? number.format(value) : '',
  )
}

/** @param {Report} report @returns {string} */
export function markdown({ rows, counts, failures }) {
  const promises = rows.map((row) =>
    [`${row.promise}. ${PROMISES[row.promise]?.promise}`, PROMISES[row.promise]?.trial ?? '']
      .concat(figuresOf(row))
      .concat(row.mutation_check ?? ''),
  )
  const units = counts.map((count) =>
    [`${count.promise}`, count.unit].concat(figuresOf(count), count.measured),
  )
  const failed = failures.map(
    ({ task, seed, measured, said }) => `- ${task}, seed ${seed}, ${measured}: ${said}`,
  )
  return `# Reliability

Written by \`npm run soak\`. What each promise says is in [docs/promises.md](../promises.md).

${table([
  ['Promise', 'A trial', 'Trials', 'Events', 'Lost', 'Doubled', 'Accepted', 'Mutation check'],
  ['---', '---', '---:', '---:', '---:', '---:', '---:', '---:'],
  ...promises,
])}

*Events* were acknowledged to a page or a device and had to arrive once. *Accepted* counts what had to be refused, or kept from happening, and was not. *Mutation check*: guards of the source whose test was seen to fail without them, of all that stand in [tests/mutation](../../tests/mutation) for this promise.

${failed.length > 0 ? `**Failed:**\n\n${failed.join('\n')}` : 'No test failed.'}

## All that was counted

${table([
  ['Promise', 'What', 'Times', 'Events', 'Lost', 'Doubled', 'Accepted', 'Measured'],
  ['---:', '---', '---:', '---:', '---:', '---:', '---:', '---'],
  ...units,
])}
`
}
