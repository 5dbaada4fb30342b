/** Top-k in plain JavaScript, for places where WASM is forbidden or missing. */
export { plainLayers } from './plain-layers.ts'
import { BestRows } from './best-rows.ts'
import type { QuantisedQuery } from './query.ts'
import { quantiseQuery } from './query.ts'
import { firstWord } from './rows.ts'
import type { SharableTopK } from './sharded/sharable.ts'
import type { TableShape } from './table.ts'
import type { Query, Table, TableRows, TopKResult } from './top-k.ts'

/** Rows whose sums are carried together: they and their part of the table stay in the first-level cache. */
const TILE_ROWS = 256

/** The table has been checked; `shape` is what `checkTable` said. */
export function createScalarTopK(table: Table, shape: TableShape): SharableTopK {
  return new ScalarTopK(table, shape)
}

class ScalarTopK implements SharableTopK {
  readonly device = 'scalar'
  readonly variant = 'scalar'
  readonly shape: TableShape
  #rows: TableRows | undefined

  constructor(table: Table, shape: TableShape) {
    this.shape = shape
    this.#rows = copyRows(table)
  }

  get bytes(): number {
    if (!this.#rows) return 0
    const { values, scales, bias } = this.#rows
    return values.byteLength + scales.byteLength + (bias?.byteLength ?? 0)
  }

  get rows(): TableRows {
    if (!this.#rows) throw new Error('This table was disposed; create a new one to search.')
    return this.#rows
  }

  quantise(query: Query): QuantisedQuery {
    return quantiseQuery(query, this.shape)
  }

  searchRows(queries: readonly QuantisedQuery[], from: number, to: number): TopKResult[] {
    const { rows } = this
    return queries.map((query) => scanRows(rows, this.shape, query, from, to))
  }

  async search(query: Query): Promise<TopKResult> {
    return (await this.searchMany([query]))[0]!
  }

  async searchMany(queries: readonly Query[]): Promise<TopKResult[]> {
    return this.searchRows(
      queries.map((query) => this.quantise(query)),
      0,
      this.shape.count,
    )
  }

  dispose(): void {
    this.#rows = undefined
  }
}

/** A copy that nobody else writes to, row-major and aligned for reading four elements at a time. */
export function copyRows({ count, dimension, values, scales, bias }: Table): TableRows {
  return {
    count,
    dimension,
    values: values.slice(),
    scales: scales.slice(),
    bias: bias?.slice(),
    blockRows: 1,
  }
}

/** One search, of the rows `from` to `to` of a row-major table; also what the WASM kernels are tried against. */
export function scanRows(
  rows: TableRows,
  { count, dimension }: TableShape,
  query: QuantisedQuery,
  from = 0,
  to: number = count,
): TopKResult {
  const { values, scales, bias } = rows
  const { queryScale, quantised, unrounded, biasWeight, mask } = query
  const best = new BestRows(query.k)
  const dots = new Int32Array(TILE_ROWS)
  for (let first = from; first < to; first += TILE_ROWS) {
    const tile = Math.min(TILE_ROWS, to - first)
    if (!unrounded) multiplyTile(values, first, tile, quantised, dots)
    for (let at = 0; at < tile; at++) {
      const row = first + at
      if (mask && mask[row] !== 0) continue
      const dot = unrounded ? floatDot(values, row * dimension, unrounded, 4) : dots[at]!
      const score = scoreOf(dot, queryScale, scales[row]!, bias ? biasWeight * bias[row]! : 0)
      if (score > best.threshold) best.add(score, row)
    }
  }
  return best.sorted()
}

/** The k best of the rows of a shortlist, which none of them is masked in; of a table in any layout. */
export function rankRows(
  { dimension, values, scales, bias, blockRows }: TableRows,
  { k, queryScale, quantised, unrounded, biasWeight }: QuantisedQuery,
  shortlist: Uint32Array,
): TopKResult {
  const best = new BestRows(Math.min(k, shortlist.length))
  // Sums of integers are the same in float64, in any order.
  const query = unrounded ?? Float64Array.from(quantised)
  for (const row of shortlist.toSorted()) {
    const dot = floatDot(values, 4 * firstWord(row, dimension, blockRows), query, 4 * blockRows)
    const score = scoreOf(dot, queryScale, scales[row]!, bias ? biasWeight * bias[row]! : 0)
    if (score > best.threshold) best.add(score, row)
  }
  return best.sorted()
}

/** `TopK`'s definition of a score; `weightedBias` is not rounded yet. */
function scoreOf(dot: number, queryScale: number, scale: number, weightedBias: number): number {
  const { fround } = Math
  const scaled = fround(fround(queryScale * scale) * fround(dot))
  // Adding zero turns -0 into 0, as on every device.
  return fround(scaled + fround(weightedBias)) + 0
}

/**
 * `dots[at] = <row first + at, query>` for a tile of rows: eight elements of the query stay in registers while
 * all rows pass by, and elements of a row are read four at a time. Twice as fast as row by row.
 */
function multiplyTile(
  values: Int8Array,
  first: number,
  tile: number,
  query: Int8Array,
  dots: Int32Array,
): void {
  const { imul } = Math
  const quads = new Int32Array(values.buffer, values.byteOffset, values.length >> 2)
  const quadsInRow = query.length >> 2
  dots.fill(0)
  for (let j = 0; j < query.length; j += 8) {
    const [q0, q1, q2, q3, q4, q5, q6, q7] = query.subarray(j, j + 8) as unknown as EightNumbers
    let quad = first * quadsInRow + (j >> 2)
    for (let at = 0; at < tile; at++) {
      const a = quads[quad]!
      const b = quads[quad + 1]!
      dots[at] =
        dots[at]! +
        imul((a << 24) >> 24, q0) +
        imul((a << 16) >> 24, q1) +
        imul((a << 8) >> 24, q2) +
        imul(a >> 24, q3) +
        imul((b << 24) >> 24, q4) +
        imul((b << 16) >> 24, q5) +
        imul((b << 8) >> 24, q6) +
        imul(b >> 24, q7)
      quad += quadsInRow
    }
  }
}

type EightNumbers = [number, number, number, number, number, number, number, number]

/** `step` is from four elements to the next four. */
function floatDot(values: Int8Array, start: number, query: Float64Array, step: number): number {
  let sum0 = 0
  let sum1 = 0
  let sum2 = 0
  let sum3 = 0
  for (let j = 0, at = start; j < query.length; j += 4, at += step) {
    sum0 += values[at]! * query[j]!
    sum1 += values[at + 1]! * query[j + 1]!
    sum2 += values[at + 2]! * query[j + 2]!
    sum3 += values[at + 3]! * query[j + 3]!
  }
  return sum0 + sum1 + (sum2 + sum3)
}
