/**
 * A scan over one bit a number, its sign, by Hamming distance; what comes first is scored again with all eight bits.
 * For measuring what that costs and gains: devices scan int8, which WASM reads as fast as JavaScript reads the bits.
 */
import type { Query, Table, TopKResult } from '@vitrine/kernels'
import type { Scan } from '@vitrine/recommender'

/** Rows that are scored again, a place of the list. */
const SHORTLIST = 8
const BUCKETS = 1024

/** Returns a scan of `table` that reads its signs first. */
export function createBinaryScan(table: Table): Scan {
  const { count, dimension, values, scales, bias } = table
  const words = Math.ceil(dimension / 32)
  const signs = new Uint32Array(count * words)
  for (let i = 0; i < values.length; i++) {
    const at = i % dimension
    if (values[i]! > 0) signs[Math.floor(i / dimension) * words + (at >> 5)]! |= 1 << (at & 31)
  }
  // An angle of π · h/d is what a Hamming distance of h bits means for directions at random.
  const cosines = Float64Array.from({ length: dimension + 1 }, (_, h) => Math.cos((Math.PI * h) / dimension))
  const guesses = new Float32Array(count)
  const query = new Uint32Array(words)

  return {
    device: 'scalar',
    rows: { count, dimension, values, scales },
    search: async ({ vector, k, mask, biasWeight = 1 }: Query): Promise<TopKResult> => {
      query.fill(0)
      for (let i = 0; i < dimension; i++) if (vector[i]! > 0) query[i >> 5]! |= 1 << (i & 31)
      const length = Math.hypot(...vector)
      for (let row = 0; row < count; row++) {
        if (mask?.[row]) {
          guesses[row] = -Infinity
          continue
        }
        let distance = 0
        for (let w = 0; w < words; w++) distance += bitCount(query[w]! ^ signs[row * words + w]!)
        guesses[row] = length * cosines[distance]! + biasWeight * (bias?.[row] ?? 0)
      }
      const rows = largest(guesses, SHORTLIST * k)
      const scores = Float32Array.from(rows, (row) => {
        let sum = 0
        for (let i = 0; i < dimension; i++) sum += vector[i]! * values[row * dimension + i]!
        return sum * scales[row]! + biasWeight * (bias?.[row] ?? 0)
      })
      const order = Uint32Array.from(rows.keys())
        .toSorted((a, b) => scores[b]! - scores[a]! || rows[a]! - rows[b]!)
        .subarray(0, k)
      return {
        indices: order.map((place) => rows[place]!),
        scores: Float32Array.from(order, (place) => scores[place]!),
      }
    },
    // Nothing to free: all of it is the garbage collector's.
    dispose: () => undefined,
  }
}

/** Ones among 32 bits. */
function bitCount(bits: number): number {
  const pairs = bits - ((bits >>> 1) & 0x55555555)
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333)
  return (((fours + (fours >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24
}

/** The places of about the `most` largest finite values, rising: by buckets, one pass each to count and to collect. */
function largest(values: Float32Array, most: number): Uint32Array {
  let least = Infinity
  let top = -Infinity
  for (const value of values) {
    if (value === -Infinity) continue
    if (value < least) least = value
    if (value > top) top = value
  }
  const scale = top > least ? (BUCKETS - 1) / (top - least) : 0
  const counts = new Uint32Array(BUCKETS)
  for (const value of values) if (value !== -Infinity) counts[Math.floor((value - least) * scale)]!++
  let bucket = BUCKETS - 1
  for (let kept = counts[bucket]!; bucket > 0 && kept < most; kept += counts[--bucket]!);
  const rows: number[] = []
  for (let row = 0; row < values.length; row++) {
    if (values[row] !== -Infinity && Math.floor((values[row]! - least) * scale) >= bucket) rows.push(row)
  }
  return Uint32Array.from(rows)
}
