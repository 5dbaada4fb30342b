/**
 * Training of item embeddings and session encoder on TensorFlow.js, on the backend that is set: in a browser on its
 * GPU, too. With the same seed it sees the same cases, negatives and dropout as `trainSessionEncoder`, so that the
 * losses agree up to rounding.
 */
import { type Scalar, stack } from '@tensorflow/tfjs-core'
import { createDropout } from './dropout.ts'
import { createBatches } from './session-batches.ts'
import { type SessionModel, modelOf } from './session-model.ts'
import { correctionsOf, countItems, createDraws, fillParameters, stepsOf } from './session-plan.ts'
import { POSITIONS, type SessionRecipe } from './session-recipe.ts'
import { SessionTensors } from './session-tensors.ts'
import { type Sessions, casesOf } from './sessions.ts'

/** How to run. */
export interface TensorTrainingOptions {
  readonly seed: number
  readonly signal?: AbortSignal
  /** Called every few steps: the share of all steps that are done, and the mean loss of each whole epoch. */
  readonly onProgress?: (share: number, losses: readonly number[]) => void
}

/** Steps that are sent before their losses are asked for: waiting for each would leave a GPU idle. */
const STEPS_AHEAD = 8

/**
 * Trains on every prefix of `sessions`: items that follow alike histories come to lie together.
 *
 * @throws the reason of `signal` once aborted.
 */
export async function trainOnTensors(
  sessions: Sessions,
  itemCount: number,
  recipe: SessionRecipe,
  { seed, signal, onProgress }: TensorTrainingOptions,
): Promise<SessionModel> {
  const { dimension, epochs, batch, negatives, rate, dropout } = recipe
  const cases = casesOf(sessions)
  const steps = stepsOf(cases, recipe)
  const counts = countItems(sessions, itemCount)
  const start = {
    embeddings: new Float32Array(itemCount * dimension),
    weights: new Float32Array(2 * dimension * dimension),
    positions: new Float32Array(POSITIONS),
  }
  fillParameters(start, recipe, seed)
  const drawEpoch = createDraws(sessions, cases, counts, recipe, seed)
  const batchOf = createBatches(cases, itemCount, correctionsOf(counts, recipe), recipe)
  const order = new Int32Array(steps * batch)
  const draws = new Int32Array(steps * negatives)
  const losses: number[] = []
  const training = new SessionTensors(start, recipe)
  try {
    for (let epoch = 0; epoch < epochs; epoch++) {
      drawEpoch(epoch, order, draws)
      const drop = createDropout(seed + epoch + 1, dropout)
      let loss = 0
      const pending: Scalar[] = []
      for (let step = 0; step < steps; step++) {
        const number = epoch * steps + step + 1
        const mask = new Float32Array(batch * 2 * dimension)
        drop(mask)
        const places = order.subarray(step * batch, (step + 1) * batch)
        const drawn = draws.subarray(step * negatives, (step + 1) * negatives)
        const falling = rate * (1 - number / (epochs * steps + 1))
        pending.push(training.step(batchOf(places, drawn), mask, falling, number))
        if (pending.length < STEPS_AHEAD && step < steps - 1) continue
        loss += await takeSum(pending)
        onProgress?.(number / (epochs * steps), losses)
        // Lets a message arrive, such as the wish to stop.
        await new Promise((resolve) => setTimeout(resolve))
        signal?.throwIfAborted()
      }
      losses.push(loss / order.length)
    }
    onProgress?.(1, losses)
    return modelOf(await training.read(), counts, recipe, losses)
  } finally {
    training.dispose()
  }
}

/** Returns the sum of `scalars`, which end here. */
async function takeSum(scalars: Scalar[]): Promise<number> {
  const together = stack(scalars)
  const values = await together.data<'float32'>()
  together.dispose()
  for (const taken of scalars.splice(0)) taken.dispose()
  return values.reduce((sum, value) => sum + value, 0)
}
