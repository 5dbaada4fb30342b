/** Tries a compiled kernel on small searches whose results are known, because an engine may compute wrong. */
import { quantiseQuery } from '../query.ts'
import { copyRows, scanRows } from '../scalar.ts'
import { checkTable } from '../table.ts'
import type { Query, Table } from '../top-k.ts'
import { KernelMemory } from './memory.ts'

const COUNT = 80
const DIMENSION = 32
const SEARCHES = 8

/** True when the kernel returns the same bits as plain JavaScript, with and without rescoring. */
export function computesRight(module: WebAssembly.Module): boolean {
  const table = irregularTable()
  const shape = checkTable(table)
  const rows = copyRows(table)
  const searches: Query[] = Array.from({ length: SEARCHES }, (_, at) => ({
    vector: Float32Array.from({ length: DIMENSION }, (_, j) => Math.cos((at + 1) * (j + 0.5))),
    // One row only: a sum that is wrong for it then shows.
    k: 1,
    rescore: at % 2 === 1,
  }))
  const queries = searches.map((search) => quantiseQuery(search, shape))
  const results = new KernelMemory(module, table, shape).search(queries, COUNT)
  return results.every(({ indices, scores }, at) => {
    const expected = scanRows(rows, shape, queries[at]!)
    return indices[0] === expected.indices[0] && scores[0] === expected.scores[0]
  })
}

/** Rows that differ in direction alone, so that only the dot product ranks them. */
function irregularTable(): Table {
  return {
    count: COUNT,
    dimension: DIMENSION,
    values: Int8Array.from({ length: COUNT * DIMENSION }, (_, at) => Math.round(127 * Math.sin(at * at))),
    scales: new Float32Array(COUNT).fill(0.01),
  }
}
