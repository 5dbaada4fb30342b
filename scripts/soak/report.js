/** The reliability report: a row a promise, new figures in place of old ones of the same promise. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { format, resolveConfig } from 'prettier'
import { ROOT } from '../run-command.js'
import { PROMISES } from './promises.js'

/** @typedef {import('./figures.js').Figures} Figures */

/**
 * @typedef {object} Row
 * @property {number} promise
 * @property {number} trials
 * @property {number | null} events
 * @property {number | null} lost
 * @property {number | null} doubled
 * @property {number | null} accepted
 * @property {string | null} mutation_check guards whose tests fail without them, of all guards of this promise
 * @property {string} measured day
 */

const FILE = join(ROOT, 'docs', 'benchmarks', 'reliability.json')

/**
 * @param {readonly Figures[]} figures one for each promise
 * @param {ReadonlyMap<number, string>} checks mutation checks by promise
 * @returns {Promise<Row[]>} every row of the report, as written
 */
export async function writeReport(figures, checks) {
  /** @type {{ rows: Row[] }} */
  const before = existsSync(FILE) ? JSON.parse(readFileSync(FILE, 'utf8')) : { rows: [] }
  const rows = new Map(before.rows.map((row) => [row.promise, row]))
  const measured = new Date().toISOString().slice(0, 10)
  for (const { promise, trials, events, lost, doubled, accepted } of figures) {
    rows.set(promise, {
      promise,
      trials,
      events: events ?? null,
      lost: lost ?? null,
      doubled: doubled ?? null,
      accepted: accepted ?? null,
      mutation_check: checks.get(promise) ?? rows.get(promise)?.mutation_check ?? null,
      measured,
    })
  }
  const sorted = [...rows.values()].toSorted((a, b) => a.promise - b.promise)
  mkdirSync(join(ROOT, 'docs', 'benchmarks'), { recursive: true })
  writeFileSync(FILE, `${JSON.stringify({ rows: sorted }, undefined, 1)}\n`)
  const style = await resolveConfig(join(ROOT, 'README.md'))
  writeFileSync(
    FILE.replace(/json$/u, 'md'),
    await format(markdown(sorted), { ...style, parser: 'markdown' }),
  )
  return sorted
}

/** @param {readonly Row[]} rows @returns {string} */
export function markdown(rows) {
  const number = new Intl.NumberFormat('en')
  const cell = (/** @type {number | null} */ value) => (value === null ? '' : number.format(value))
  const lines = rows.map(
    ({ promise, trials, events, lost, doubled, accepted, mutation_check, measured }) =>
      `| ${promise}. ${PROMISES[promise]?.promise} | ${PROMISES[promise]?.trial} | ${cell(trials)} | ${cell(events)} | ${cell(lost)} | ${cell(doubled)} | ${cell(accepted)} | ${mutation_check ?? ''} | ${measured} |`,
  )
  return `# Reliability

Written by \`npm run soak\`. What each promise says is in [docs/promises.md](../promises.md).

| Promise | A trial | Trials | Events | Lost | Doubled | Accepted | Mutation check | Measured |
| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | --- |
${lines.join('\n')}

*Events* were acknowledged to a page or a device and had to arrive once. *Accepted* counts what had to be refused and was not. *Mutation check*: guards of the source whose test was seen to fail without them, of all that stand in [tests/mutation](../../tests/mutation) for this promise.
`
}
