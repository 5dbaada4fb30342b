/**
 * Item embeddings by truncated factorisation of the pair evidence: randomised subspace iteration
 * (Halko, Martinsson, Tropp 2011, https://arxiv.org/abs/0909.4061) on a symmetric sparse matrix.
 */
import { jacobi } from './jacobi.ts'
import type { PairCounts } from './pairs.ts'
import { normal } from './random.ts'

/** Extra columns that make the wanted ones converge; dropped in the end. */
const OVERSAMPLING = 16
const ITERATIONS = 4

/** A symmetric sparse matrix in compressed rows. */
export interface SparseMatrix {
  readonly offsets: Uint32Array
  readonly columns: Uint32Array
  readonly values: Float32Array
}

/** The largest eigenpairs: `values [d]` falling, `vectors [N, d]` row-major. */
export interface Eigenpairs {
  readonly values: Float64Array
  readonly vectors: Float32Array
}

/**
 * Returns the positive pointwise mutual information of pairs, `max(0, log(c_ab · T / ((o_a + λ)(o_b + λ))))`:
 * how much oftener two items meet than chance has it. `pairs` must be symmetric (counted with `backward` 1).
 */
export function mutualInformation(pairs: PairCounts, smoothing: number): SparseMatrix {
  const { offsets, others, counts } = pairs
  const itemCount = offsets.length - 1
  const totals = new Float64Array(itemCount)
  let total = 0
  for (let a = 0; a < itemCount; a++) {
    for (let i = offsets[a]!; i < offsets[a + 1]!; i++) totals[a]! += counts[i]!
    total += totals[a]!
  }
  const values = new Float32Array(counts.length)
  for (let a = 0; a < itemCount; a++) {
    for (let i = offsets[a]!; i < offsets[a + 1]!; i++) {
      const chance = ((totals[a]! + smoothing) * (totals[others[i]!]! + smoothing)) / total
      values[i] = Math.max(0, Math.log(counts[i]! / chance))
    }
  }
  return { offsets, columns: others, values }
}

/** Returns the `wanted` largest positive eigenpairs of `matrix`; vectors of missing ones are zero. */
export async function factorize(
  matrix: SparseMatrix,
  wanted: number,
  random: () => number,
  pause: () => Promise<void>,
): Promise<Eigenpairs> {
  const count = matrix.offsets.length - 1
  const width = Math.min(count, wanted + OVERSAMPLING)
  let basis = Float64Array.from({ length: count * width }, () => normal(random))
  orthonormalize(basis, width)
  for (let i = 0; i < ITERATIONS; i++) {
    basis = multiply(matrix, basis, width)
    orthonormalize(basis, width)
    await pause()
  }
  const image = multiply(matrix, basis, width)
  const small = new Float64Array(width * width)
  for (let row = 0; row < count; row++) {
    for (let i = 0; i < width; i++) {
      const value = basis[row * width + i]!
      for (let j = 0; j < width; j++) small[i * width + j]! += value * image[row * width + j]!
    }
  }
  const { values, vectors } = jacobi(small, width)
  const order = [...values.keys()].toSorted((a, b) => values[b]! - values[a]!)
  const chosen = order.filter((column) => values[column]! > 0).slice(0, wanted)
  const out = new Float32Array(count * wanted)
  for (let row = 0; row < count; row++) {
    for (const [rank, column] of chosen.entries()) {
      let sum = 0
      for (let i = 0; i < width; i++) sum += basis[row * width + i]! * vectors[i * width + column]!
      out[row * wanted + rank] = sum
    }
  }
  const falling = new Float64Array(wanted)
  for (const [rank, column] of chosen.entries()) falling[rank] = values[column]!
  return { values: falling, vectors: out }
}

/** Returns unit rows of `vectors · diag(values ^ power)`; rows of items without evidence stay zero. */
export function embed({ values, vectors }: Eigenpairs, power: number): Float32Array {
  const width = values.length
  const factors = values.map((value) => (value > 0 ? value ** power : 0))
  const table = new Float32Array(vectors.length)
  for (let at = 0; at < table.length; at += width) {
    let squares = 0
    for (let i = 0; i < width; i++) {
      table[at + i] = vectors[at + i]! * factors[i]!
      squares += table[at + i]! ** 2
    }
    const scale = squares > 1e-20 ? 1 / Math.sqrt(squares) : 0
    for (let i = 0; i < width; i++) table[at + i]! *= scale
  }
  return table
}

function multiply(
  { offsets, columns, values }: SparseMatrix,
  basis: Float64Array,
  width: number,
): Float64Array<ArrayBuffer> {
  const out = new Float64Array(basis.length)
  for (let row = 0; row < offsets.length - 1; row++) {
    const to = row * width
    for (let i = offsets[row]!; i < offsets[row + 1]!; i++) {
      const value = values[i]!
      if (!value) continue
      const from = columns[i]! * width
      for (let j = 0; j < width; j++) out[to + j]! += value * basis[from + j]!
    }
  }
  return out
}

/** Modified Gram–Schmidt over the columns of a row-major matrix, in place; dependent columns become zero. */
function orthonormalize(matrix: Float64Array, width: number): void {
  const count = matrix.length / width
  const products = new Float64Array(width)
  for (let column = 0; column < width; column++) {
    products.fill(0, column)
    for (let at = 0; at < count * width; at += width) {
      const value = matrix[at + column]!
      for (let j = column; j < width; j++) products[j]! += value * matrix[at + j]!
    }
    const squares = products[column]!
    const scale = squares > 1e-24 ? 1 / Math.sqrt(squares) : 0
    for (let j = column + 1; j < width; j++) products[j]! *= scale
    for (let at = 0; at < count * width; at += width) {
      const value = matrix[at + column]! * scale
      matrix[at + column] = value
      for (let j = column + 1; j < width; j++) matrix[at + j]! -= products[j]! * value
    }
  }
}
