/** A catalogue and queries that are the same for the same seed: what embeddings look like, without a data set. */
import type { Table } from '@vitrine/kernels'

/** N rows of d elements: a bell curve over int8, and a scale a row. */
export function randomTable(count: number, dimension: number, seed: number): Table {
  const next = xorshift(seed)
  const values = new Int8Array(count * dimension)
  for (let at = 0; at < values.length; at++) values[at] = bell(next())
  const scales = Float32Array.from({ length: count }, () => 0.002 + (next() >>> 8) * 2 ** -34)
  return { count, dimension, values, scales }
}

/** `[d]` */
export function randomQuery(dimension: number, seed: number): Float32Array {
  const next = xorshift(seed)
  return Float32Array.from({ length: dimension }, () => bell(next()) / 100)
}

/** The table as the peers that know no int8 take it, `[N, d]` row-major. */
export function floatRows({ count, dimension, values, scales }: Table): Float32Array<ArrayBuffer> {
  const rows = new Float32Array(count * dimension)
  for (let row = 0; row < count; row++) {
    const from = row * dimension
    for (let j = 0; j < dimension; j++) rows[from + j] = values[from + j]! * scales[row]!
  }
  return rows
}

/** Turns `[N, d]` into `[d, N]`. */
export function transposed<T extends Float32Array<ArrayBuffer> | Int8Array<ArrayBuffer>>(
  from: ArrayLike<number>,
  into: T,
  count: number,
): T {
  const dimension = from.length / count
  for (let row = 0; row < count; row++) {
    for (let j = 0; j < dimension; j++) into[j * count + row] = from[row * dimension + j]!
  }
  return into
}

/** The sum of four random bytes, scaled to int8: near enough to a normal distribution of deviation 37. */
function bell(bits: number): number {
  const sum = (bits & 255) + ((bits >>> 8) & 255) + ((bits >>> 16) & 255) + (bits >>> 24)
  return (sum - 510) >> 2
}

/** xorshift32: 32 random bits a call. */
function xorshift(seed: number): () => number {
  let state = Math.imul(seed, 0x9e3779b1) | 1
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return state >>> 0
  }
}
