/**
 * Turns a search into the integer keys that the GPU sorts rows by, and says how far a key can be off.
 *
 * WGSL leaves open how floats are rounded, whether a product and a sum become one operation and whether
 * subnormals are flushed, so a GPU cannot compute the scores that `TopK` defines. It computes a key,
 *
 *     key = floor(CENTRE + scaleFactor * relativeScale * (dotWhole + dotRest / 256) + biasFactor * relativeBias)
 *
 * from exact integer dot products; with scales and biases relative to the table's largest, no term exceeds 2^19
 * and none can overflow. Whatever the GPU's rounding, a row whose score is among the k best has a key of at
 * least the k-th largest key less `margin`. The few rows above that are scored on the CPU, as defined.
 */
import type { QuantisedQuery } from '../query.ts'
import type { TableShape } from '../table.ts'

/** Keys are 1 to 2^20 - 1; 0 is a row that is masked. */
export const KEY_BITS = 20
const LARGEST_KEY = 2 ** KEY_BITS - 1
const CENTRE = 2 ** (KEY_BITS - 1)
/** Keys of the highest scores, less than half the range so that rounding cannot leave it. */
const HALF_RANGE = CENTRE - 16
/** Steps of the second part of a query, and so the precision of a rescored search's keys. */
const REST_STEPS = 256
/**
 * Rounding down costs less than 1; eight float operations of 2^-23 each on terms of at most 2^19, 1/2; the three
 * roundings in the definition of the score, less than 1/8.
 */
const ROUNDING_ERROR = 2
/** Half the smallest subnormal float32: what a rounding in the definition can cost where scores are that small. */
const SUBNORMAL_ERROR = 2 ** -150
/** Largest magnitude of a table's element. */
const LARGEST_ELEMENT = 128

/** What the GPU needs to compute a search's keys. */
export interface KeyTerms {
  /** Float32 when written. */
  readonly scaleFactor: number
  readonly biasFactor: number
  /** In keys. */
  readonly margin: number
  /** `[d]`, the second part of a rescored query: what rounding to int8 left over, in steps of 1/256. */
  readonly rest: Int8Array | undefined
}

/** The query has been checked: no score of it exceeds float32. */
export function keyTermsOf(query: QuantisedQuery, shape: TableShape): KeyTerms {
  const { queryScale, quantised, unrounded, biasWeight } = query
  const rest = unrounded && new Int8Array(quantised.length)
  let magnitudes = 0
  let residuals = 0
  for (let j = 0; j < quantised.length; j++) {
    if (!unrounded || !rest) {
      magnitudes += Math.abs(quantised[j]!)
      continue
    }
    const left = (unrounded[j]! - quantised[j]!) * REST_STEPS
    rest[j] = Math.max(-128, Math.min(127, Math.round(left)))
    magnitudes += Math.abs(unrounded[j]!)
    residuals += Math.abs(left - rest[j]!) / REST_STEPS
  }
  const largestDot = LARGEST_ELEMENT * (magnitudes + residuals)
  const largestScale = queryScale * shape.largestScale
  const largestBias = Math.abs(biasWeight) * shape.largestBias
  const bound = largestScale * largestDot + largestBias
  // Where every score is zero, every key is the same.
  const keysPerScore = bound > 0 ? HALF_RANGE / bound : 0
  const scaleFactor = largestScale * keysPerScore
  const error =
    ROUNDING_ERROR +
    scaleFactor * LARGEST_ELEMENT * residuals +
    SUBNORMAL_ERROR * (largestDot + 2) * keysPerScore
  return {
    scaleFactor,
    biasFactor: biasWeight * shape.largestBias * keysPerScore,
    margin: Math.min(LARGEST_KEY, Math.ceil(2 * error)),
    rest,
  }
}
