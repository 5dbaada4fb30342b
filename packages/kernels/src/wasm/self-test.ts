/** Tries a compiled kernel on small searches whose results are known, because an engine may compute wrong. */
import { quantiseQuery } from '../query.ts'
import { checkTable } from '../table.ts'
import type { Query, Table } from '../top-k.ts'
import { KernelMemory } from './memory.ts'

const COUNT = 80
const DIMENSION = 32
/** The best score of each search in plain JavaScript, whose code few browsers load. */
const SCORES = [88_263, 57_256, 71_610, 69_219.5, 58_837, 56_114.5]

/** True when the kernel returns the same bits as plain JavaScript, with and without rescoring. */
export function computesRight(module: WebAssembly.Module): boolean {
  const { table, searches } = trial()
  const shape = checkTable(table)
  const queries = searches.map((search) => quantiseQuery(search, shape))
  const results = new KernelMemory(module, table, shape).search(queries, COUNT)
  return results.every(({ scores }, at) => scores[0] === SCORES[at])
}

/** What is tried: exact arithmetic alone, since engines differ in the last digits of a sine. */
export function trial(): { table: Table; searches: Query[] } {
  return {
    // Rows that differ in direction alone, so that only the dot product ranks them.
    table: {
      count: COUNT,
      dimension: DIMENSION,
      values: Int8Array.from({ length: COUNT * DIMENSION }, (_, at) => ((31 * at * at + 7 * at) % 255) - 127),
      scales: new Float32Array(COUNT).fill(1),
    },
    searches: SCORES.map((_, at) => ({
      // Halves, which count where a search is rescored; the first element makes the query's scale one.
      vector: Float32Array.from({ length: DIMENSION }, (_, j) =>
        j ? (((at + 1) * (j + 2) * (j + 5) * 37) % 509) / 2 - 127 : 127,
      ),
      // One row only: a sum that is wrong for it then shows.
      k: 1,
      rescore: at % 2 === 1,
    })),
  }
}
