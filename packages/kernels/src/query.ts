/** Checks and quantises a query, once for all devices, so that they score the same numbers. */
import type { TableShape } from './table.ts'
import type { Query } from './top-k.ts'

const LARGEST_FLOAT32 = 3.4028234663852886e38
/** The smallest normal float32: below it a scale would be too coarse to quantise with. */
const SMALLEST_NORMAL = 2 ** -126

/** A query as the devices take it. */
export interface QuantisedQuery {
  /** At most the table's count. */
  readonly k: number
  readonly queryScale: number
  /** `[d]`, -127..127. */
  readonly quantised: Int8Array
  /** `[d]`, `vector / queryScale`; present when the search is to be rescored. */
  readonly unrounded: Float64Array | undefined
  /** Float32. */
  readonly biasWeight: number
  readonly mask: Uint8Array | undefined
}

/** @throws `RangeError` as `TopK.search` says. */
export function quantiseQuery(query: Query, table: TableShape): QuantisedQuery {
  const { vector, k, mask } = query
  if (vector.length !== table.dimension) {
    throw new RangeError(
      `The query vector has ${vector.length} elements; the table's dimension is ${table.dimension}.`,
    )
  }
  if (!Number.isInteger(k) || k < 1) throw new RangeError(`k must be a positive integer, not ${k}.`)
  if (mask && mask.length !== table.count) {
    throw new RangeError(`The mask has ${mask.length} elements; the table has ${table.count} rows.`)
  }
  const biasWeight = Math.fround(query.biasWeight ?? 1)
  if (!Number.isFinite(biasWeight))
    throw new RangeError(`biasWeight must be finite, not ${query.biasWeight}.`)

  const queryScale = scaleOf(vector)
  // 2^15 * d exceeds any dot product of two int8 vectors, and the kernels' upper bounds of it.
  const largestScore =
    queryScale * table.largestScale * 2 ** 15 * table.dimension + Math.abs(biasWeight) * table.largestBias
  if (largestScore > LARGEST_FLOAT32) {
    throw new RangeError(
      `Scores could reach ${largestScore}, more than a float32 holds. Scale the query vector down.`,
    )
  }
  const quantised = new Int8Array(vector.length)
  const unrounded = query.rescore ? new Float64Array(vector.length) : undefined
  if (queryScale > 0) {
    for (let j = 0; j < vector.length; j++) {
      const element = vector[j]! / queryScale
      quantised[j] = Math.round(element)
      if (unrounded) unrounded[j] = element
    }
  }
  return { k: Math.min(k, table.count), queryScale, quantised, unrounded, biasWeight, mask }
}

/** The largest magnitude / 127, in float32; 0 for a vector that is zero or too small to tell from it. */
function scaleOf(vector: Float32Array): number {
  let largest = 0
  for (let j = 0; j < vector.length; j++) {
    const magnitude = Math.abs(vector[j]!)
    if (!(magnitude < Infinity)) {
      throw new RangeError(`Element ${j} of the query vector is ${vector[j]}; every element must be finite.`)
    }
    if (magnitude > largest) largest = magnitude
  }
  const scale = Math.fround(largest / 127)
  return scale < SMALLEST_NORMAL ? 0 : scale
}
