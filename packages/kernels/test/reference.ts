/** The definition of a search, with nothing clever about it. */
import type { Query, Table, TopKResult } from '../src/top-k.ts'

/** A row of a result. */
export interface ScoredRow {
  index: number
  /** Float32, never -0. */
  score: number
}

/** Scores every allowed row, sorts, cuts. */
export function reference(table: Table, query: Query): ScoredRow[] {
  const { fround, abs, max, round } = Math
  const { dimension, count } = table
  let queryScale = fround(max(...query.vector.map(abs)) / 127)
  if (queryScale < 2 ** -126) queryScale = 0
  const divided = Array.from(query.vector, (x) => (queryScale === 0 ? 0 : x / queryScale))
  const rows: ScoredRow[] = []
  for (let index = 0; index < count; index++) {
    if (query.mask && query.mask[index] !== 0) continue
    const sums = [0, 0, 0, 0]
    for (let j = 0; j < dimension; j++) {
      sums[j % 4]! +=
        table.values[index * dimension + j]! * (query.rescore ? divided[j]! : round(divided[j]!))
    }
    const dot = fround(sums[0]! + sums[1]! + (sums[2]! + sums[3]!))
    const product = fround(fround(queryScale * table.scales[index]!) * dot)
    const bias = fround(fround(query.biasWeight ?? 1) * (table.bias?.[index] ?? 0))
    rows.push({ index, score: fround(product + bias) + 0 })
  }
  rows.sort((a, b) => b.score - a.score || a.index - b.index)
  return rows.slice(0, query.k)
}

/** A device's result in the same form. */
export function rowsOf({ indices, scores }: TopKResult): ScoredRow[] {
  return Array.from(indices, (index, rank) => ({ index, score: scores[rank]! }))
}
