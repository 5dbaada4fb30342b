/** What a compiled kernel is tried on, in Node. */
import { expect, test } from 'vitest'
import { createScalarTopK } from '../src/scalar.ts'
import { checkTable } from '../src/table.ts'
import { compileKernel } from '../src/wasm/module.ts'
import { computesRight, trial } from '../src/wasm/self-test.ts'

test('the scores that a kernel is tried against are those of plain JavaScript', async () => {
  const { table, searches } = trial()
  const scalar = createScalarTopK(table, checkTable(table))
  const results = await scalar.searchMany(searches)
  expect(results.map(({ scores }) => scores[0])).toEqual([88_263, 57_256, 71_610, 69_219.5, 58_837, 56_114.5])
  // A row that is lost shows: the next best scores less.
  for (const search of searches) {
    const { scores } = await scalar.search({ ...search, k: 2 })
    expect(scores[1]).toBeLessThan(scores[0]!)
  }
  expect(computesRight((await compileKernel('simd')).module)).toBe(true)
})
