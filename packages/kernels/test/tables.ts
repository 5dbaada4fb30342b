/** Tables and vectors for tests, the same for the same seed. */
import type { Table } from '../src/top-k.ts'

/** Rows of a normal distribution, quantised symmetrically: what embeddings look like. */
export function normalTable(count: number, dimension: number, seed: number): Table {
  const values = new Int8Array(count * dimension)
  const scales = new Float32Array(count)
  const floatValues = normals(count * dimension, seed)
  for (let row = 0; row < count; row++) {
    const elements = floatValues.subarray(row * dimension, (row + 1) * dimension)
    scales[row] = elements.reduce((largest, x) => Math.max(largest, Math.abs(x)), 0) / 127
    for (let j = 0; j < dimension; j++) values[row * dimension + j] = Math.round(elements[j]! / scales[row]!)
  }
  return { count, dimension, values, scales }
}

/** `[length]` of the standard normal distribution. */
export function normals(length: number, seed: number): Float32Array {
  const random = generator(seed)
  return Float32Array.from(
    { length },
    () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()),
  )
}

/** mulberry32: uniform in [0, 1), one sequence a seed. */
export function generator(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
