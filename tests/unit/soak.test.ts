/** The reliability report: what is lost stands in it, units are not added to each other, and old failures go with their repair. */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { figuresOfPlaywright, figuresOfVitest, sumByUnit } from '../../scripts/soak/figures.js'
import { PROMISES } from '../../scripts/soak/promises.js'
import { writeReport } from '../../scripts/soak/report.js'
import { guardsIn } from '../../scripts/testing/counts.js'

let folder: string
let file: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrine-soak-'))
  file = join(folder, 'reliability.json')
})
afterEach(() => rm(folder, { recursive: true }))

const KILLS = PROMISES[1]!.trial

it('has a row for each promise, with trials of its own unit and the losses of all', async () => {
  const figures = sumByUnit([
    { promise: 1, unit: KILLS, trials: 20, events: 100, lost: 0, doubled: 0 },
    { promise: 1, unit: KILLS, trials: 20, events: 100, lost: 2, doubled: 1 },
    { promise: 1, unit: 'kills of a tab', trials: 200, events: 50, lost: 3, doubled: 0 },
  ])
  const { rows } = await writeReport(file, {
    figures,
    tasks: ['a'],
    failures: [],
    checks: new Map([[1, '2/3']]),
  })
  expect(rows.map(({ promise }) => promise)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])
  expect(rows[0]).toEqual({
    promise: 1,
    trials: 40,
    events: 250,
    lost: 5,
    doubled: 1,
    accepted: null,
    mutation_check: '2/3',
  })
  expect(rows[1]).toMatchObject({ trials: 0, events: null, lost: null, mutation_check: null })
})

it('keeps what was measured before, except of the same unit, and a failure until its task ran again', async () => {
  const failure = { task: 'a', seed: 7, said: 'Error: expected 0 to be 1' }
  await writeReport(file, {
    figures: [
      { promise: 1, unit: KILLS, trials: 1, lost: 1 },
      { promise: 2, unit: 'b', trials: 5, lost: 1 },
    ],
    tasks: ['a'],
    failures: [failure],
    checks: new Map([[1, '1/1']]),
  })
  expect(await readFile(join(folder, 'reliability.md'), 'utf8')).toMatch(/- a, seed 7, .*expected 0 to be 1/u)
  const other = await writeReport(file, { figures: [], tasks: ['b'], failures: [] })
  expect(other.failures).toMatchObject([failure])
  const { rows, failures } = await writeReport(file, {
    figures: [{ promise: 1, unit: KILLS, trials: 9, lost: 0 }],
    tasks: ['a'],
    failures: [],
  })
  expect(failures).toEqual([])
  expect(rows[0]).toMatchObject({ trials: 9, lost: 0, mutation_check: '1/1' })
  expect(rows[1]).toMatchObject({ lost: 1 })
})

it('takes the figures of tests that failed, too', () => {
  const figures = { promise: 2, unit: 'a', trials: 3, lost: 1 }
  const failed = { status: 'failed', meta: { figures: [figures] } }
  expect(figuresOfVitest({ testResults: [{ assertionResults: [failed, { meta: {} }] }] })).toEqual([figures])
  const annotations = [{ type: 'figures', description: JSON.stringify(figures) }, { type: 'other' }]
  const suite = { suites: [{ specs: [{ tests: [{ results: [{ annotations }] }] }] }] }
  expect(figuresOfPlaywright(suite)).toEqual([figures])
})

it('reads guards from between what else is printed', () => {
  const guard = { name: 'a', promise: 1, result: 'killed', said: 'no' }
  expect(guardsIn(`[vite] optimized\n${JSON.stringify(guard)}\n\n  bundled\n`)).toEqual([guard])
})
