/** Top-k in plain JavaScript, for places where WASM is forbidden or missing. */
import { BestRows } from './best-rows.ts'
import type { QuantisedQuery } from './query.ts'
import { quantiseQuery } from './query.ts'
import type { TableShape } from './table.ts'
import type { Query, Table, TopK, TopKResult } from './top-k.ts'

/** The table has been checked; `shape` is what `checkTable` said. */
export function createScalarTopK(table: Table, shape: TableShape): TopK {
  return new ScalarTopK(table, shape)
}

interface Arrays {
  readonly values: Int8Array
  readonly scales: Float32Array
  readonly bias?: Float32Array | undefined
}

class ScalarTopK implements TopK {
  readonly device = 'scalar'
  readonly variant = 'scalar'
  readonly #shape: TableShape
  #arrays: Arrays | undefined

  constructor(table: Table, shape: TableShape) {
    this.#shape = shape
    this.#arrays = { values: table.values.slice(), scales: table.scales.slice(), bias: table.bias?.slice() }
  }

  get bytes(): number {
    if (!this.#arrays) return 0
    const { values, scales, bias } = this.#arrays
    return values.byteLength + scales.byteLength + (bias?.byteLength ?? 0)
  }

  async search(query: Query): Promise<TopKResult> {
    if (!this.#arrays) throw new Error('This table was disposed; create a new one to search.')
    return scanInJavaScript(this.#arrays, this.#shape, quantiseQuery(query, this.#shape))
  }

  async searchMany(queries: readonly Query[]): Promise<TopKResult[]> {
    return Promise.all(queries.map((query) => this.search(query)))
  }

  dispose(): void {
    this.#arrays = undefined
  }
}

/** Also what the WASM kernels are tried against. */
export function scanInJavaScript(
  arrays: Arrays,
  { count, dimension }: TableShape,
  query: QuantisedQuery,
): TopKResult {
  const { values, scales, bias } = arrays
  const { queryScale, quantised, unrounded, biasWeight, mask } = query
  const best = new BestRows(query.k)
  const { fround } = Math
  for (let row = 0; row < count; row++) {
    if (mask && mask[row] !== 0) continue
    const dot = unrounded
      ? floatDot(values, row * dimension, unrounded)
      : intDot(values, row * dimension, quantised)
    const scaled = fround(fround(queryScale * scales[row]!) * fround(dot))
    // The bias is added even when it is zero: that turns -0 into 0, as on every device.
    const score = fround(scaled + (bias ? fround(biasWeight * bias[row]!) : 0)) + 0
    if (score > best.threshold) best.add(score, row)
  }
  return best.sorted()
}

function intDot(values: Int8Array, start: number, query: Int8Array): number {
  let even = 0
  let odd = 0
  // By four: d is a multiple of 16, and the loop's own work is a good part of the whole.
  for (let j = 0, at = start; j < query.length; j += 4, at += 4) {
    even = (even + Math.imul(values[at]!, query[j]!) + Math.imul(values[at + 1]!, query[j + 1]!)) | 0
    odd = (odd + Math.imul(values[at + 2]!, query[j + 2]!) + Math.imul(values[at + 3]!, query[j + 3]!)) | 0
  }
  return even + odd
}

function floatDot(values: Int8Array, start: number, query: Float64Array): number {
  let sum0 = 0
  let sum1 = 0
  let sum2 = 0
  let sum3 = 0
  for (let j = 0, at = start; j < query.length; j += 4, at += 4) {
    sum0 += values[at]! * query[j]!
    sum1 += values[at + 1]! * query[j + 1]!
    sum2 += values[at + 2]! * query[j + 2]!
    sum3 += values[at + 3]! * query[j + 3]!
  }
  return sum0 + sum1 + (sum2 + sum3)
}
