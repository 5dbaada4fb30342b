/** What a training of the session encoder has learned, as a device reads it. */
import type { Embeddings, Encoder } from '@vitrine/recommender'
import type { SessionParameters } from './session-plan.ts'
import type { SessionRecipe } from './session-recipe.ts'

/** What was learned, in float32. */
export interface SessionModel {
  readonly embeddings: Embeddings
  readonly encoder: Encoder
  /** Mean loss a case, by epoch. */
  readonly losses: readonly number[]
}

/**
 * Returns `parameters` as a model. Rows of items without any event (`counts` `[N]`) learned nothing: they become
 * zero. The embeddings are taken over, not copied.
 */
export function modelOf(
  { embeddings: values, weights: transposed, positions }: SessionParameters,
  counts: Float64Array,
  { dimension, temperature }: SessionRecipe,
  losses: readonly number[],
): SessionModel {
  const count = counts.length
  for (let item = 0; item < count; item++) {
    if (!counts[item]) values.fill(0, item * dimension, (item + 1) * dimension)
  }
  const weights = new Float32Array(transposed.length)
  for (let i = 0; i < 2 * dimension; i++) {
    for (let j = 0; j < dimension; j++) weights[j * 2 * dimension + i] = transposed[i * dimension + j]!
  }
  return {
    embeddings: { count, dimension, values, scales: new Float32Array(count).fill(1) },
    encoder: { dimension, temperature, priorWeight: 0, positions, weights },
    losses,
  }
}
