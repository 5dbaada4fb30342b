/** Tells trainings apart: two that may share checkpoints have the same fingerprint. */
import { createHash } from 'node:crypto'
import type { TrainInput } from './types.ts'

/** Raised when training changes: a checkpoint of other code is no part of this one's model. */
const TRAINING = 2

/** Hash of what a training depends on: the same hash, the same model. */
export function fingerprintOf(
  {
    modelId,
    catalogue,
    sessions,
    shoppers,
    times,
    types,
    pairs,
    encoders,
    tuning,
    sizeBudget,
    embeddingBits,
    seed,
  }: TrainInput,
  ...further: readonly (string | number | undefined)[]
): string {
  const hash = createHash('sha256')
    .update(
      JSON.stringify([
        TRAINING,
        modelId,
        seed,
        catalogue.map(({ id }) => id),
        tuning,
        sizeBudget,
        embeddingBits,
        further,
      ]),
    )
    .update(sessions.offsets)
    .update(sessions.items)
  if (shoppers) hash.update(shoppers)
  if (times) hash.update(times.started).update(times.ended)
  if (types) hash.update(types)
  if (pairs) {
    const { from, to, distances, ages, counts } = pairs
    for (const column of [from, to, distances, ages, counts]) hash.update(column)
  }
  for (const { embeddings, encoder } of encoders ? [encoders.head, encoders.all] : []) {
    for (const table of [embeddings.values, encoder.weights, encoder.positions]) hash.update(table)
  }
  return hash.digest('hex')
}
