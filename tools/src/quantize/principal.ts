/** Fewer dimensions without training again: embeddings and encoder on the principal axes of the items. */
import { VitrineError } from '@vitrine/contracts'
import type { Embeddings, Encoder, Evidence } from '@vitrine/recommender'
import { jacobi } from '../train/jacobi.ts'

/**
 * Projects on the `kept` axes along which items differ most (the eigenvectors of `EᵀE` with the largest
 * eigenvalues): `e′ = Pᵀ e`, `W′ = Pᵀ W (P ⊕ P)`.
 *
 * @throws `VitrineError('INVALID_OPTIONS')` when `kept` is no multiple of 16 below the dimension.
 */
export function projectOnPrincipal(
  { embeddings, encoder }: Pick<Evidence, 'embeddings' | 'encoder'>,
  kept: number,
): { embeddings: Embeddings; encoder: Encoder } {
  const { count, dimension } = embeddings
  if (kept % 16 !== 0 || kept <= 0 || kept > dimension) {
    throw new VitrineError(
      'INVALID_OPTIONS',
      `The model has ${dimension} dimensions and cannot keep ${kept}: give a multiple of 16 up to that.`,
    )
  }
  const axes = principalAxes(embeddings, kept)
  const values = new Float32Array(count * kept)
  for (let item = 0; item < count; item++) {
    const scale = embeddings.scales[item]!
    for (let axis = 0; axis < kept; axis++) {
      let sum = 0
      for (let i = 0; i < dimension; i++) sum += embeddings.values[item * dimension + i]! * axes[axis]![i]!
      values[item * kept + axis] = scale * sum
    }
  }
  const weights = new Float32Array(2 * kept * kept)
  for (let out = 0; out < kept; out++) {
    // The row of Pᵀ W, then its two halves along the axes.
    const row = new Float64Array(2 * dimension)
    for (let i = 0; i < dimension; i++) {
      const share = axes[out]![i]!
      for (let j = 0; j < 2 * dimension; j++) row[j]! += share * encoder.weights[i * 2 * dimension + j]!
    }
    for (let half = 0; half < 2; half++) {
      for (let axis = 0; axis < kept; axis++) {
        let sum = 0
        for (let j = 0; j < dimension; j++) sum += row[half * dimension + j]! * axes[axis]![j]!
        weights[out * 2 * kept + half * kept + axis] = sum
      }
    }
  }
  return {
    embeddings: { count, dimension: kept, values, scales: new Float32Array(count).fill(1) },
    encoder: { ...encoder, dimension: kept, weights },
  }
}

/** Unit vectors `[d]`, the axis of the largest spread first. */
function principalAxes({ count, dimension, values, scales }: Embeddings, kept: number): Float64Array[] {
  const products = new Float64Array(dimension * dimension)
  for (let item = 0; item < count; item++) {
    const square = scales[item]! ** 2
    const row = values.subarray(item * dimension, (item + 1) * dimension)
    for (let i = 0; i < dimension; i++) {
      const factor = square * row[i]!
      for (let j = 0; j < dimension; j++) products[i * dimension + j]! += factor * row[j]!
    }
  }
  const { values: spreads, vectors } = jacobi(products, dimension)
  return [...spreads.keys()]
    .toSorted((a, b) => spreads[b]! - spreads[a]!)
    .slice(0, kept)
    .map((column) => Float64Array.from({ length: dimension }, (_, i) => vectors[i * dimension + column]!))
}
