/** Checks a table once, when it enters a kernel, so that no scan has to. */
import type { Table } from './top-k.ts'

const LARGEST_DIMENSION = 65_536
const LARGEST_COUNT = 2 ** 31 - 16

/** What a kernel remembers of its table besides the arrays. */
export interface TableShape {
  readonly count: number
  readonly dimension: number
  /** Largest scale and largest magnitude of a bias: they tell whether a search's scores can overflow. */
  readonly largestScale: number
  readonly largestBias: number
}

/** @throws `RangeError` that names the field and the value at fault. */
export function checkTable(table: Table): TableShape {
  const { count, dimension, values, scales, bias } = table
  if (!Number.isInteger(count) || count < 0 || count > LARGEST_COUNT) {
    throw new RangeError(`A table's count must be an integer from 0 to ${LARGEST_COUNT}, not ${count}.`)
  }
  if (
    !Number.isInteger(dimension) ||
    dimension < 16 ||
    dimension > LARGEST_DIMENSION ||
    dimension % 16 !== 0
  ) {
    throw new RangeError(
      `A table's dimension must be a multiple of 16 from 16 to ${LARGEST_DIMENSION}, not ${dimension}. Pad rows with zeros.`,
    )
  }
  checkLength('values', values.length, count * dimension)
  checkLength('scales', scales.length, count)
  if (bias) checkLength('bias', bias.length, count)
  return {
    count,
    dimension,
    largestScale: largestMagnitude('scale', scales, 0),
    largestBias: bias ? largestMagnitude('bias', bias, -Infinity) : 0,
  }
}

function checkLength(field: string, length: number, expected: number): void {
  if (length !== expected) {
    throw new RangeError(`A table's ${field} must have ${expected} elements, not ${length}.`)
  }
}

function largestMagnitude(field: string, array: Float32Array, least: number): number {
  let largest = 0
  for (let row = 0; row < array.length; row++) {
    const value = array[row]!
    if (!Number.isFinite(value) || value < least) {
      throw new RangeError(
        `The ${field} of row ${row} is ${value}; it must be finite${least === 0 ? ' and not negative' : ''}.`,
      )
    }
    const magnitude = Math.abs(value)
    if (magnitude > largest) largest = magnitude
  }
  return largest
}
