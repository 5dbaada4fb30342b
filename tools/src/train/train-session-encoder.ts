/** Training of item embeddings and session encoder together, on a thread of its own. */
import type { Encoder } from '@vitrine/recommender'
import type { Checkpoints } from './checkpoints.ts'
import { Numerics } from './numerics.ts'
import { cancelled } from './run.ts'
import { type SessionModel, modelOf } from './session-model.ts'
import {
  type SessionParameters,
  correctionsOf,
  countItems,
  createDraws,
  fillParameters,
  stepsOf,
} from './session-plan.ts'
import { POSITIONS, type SessionRecipe } from './session-recipe.ts'
import { type Sessions, type Cases, casesOf } from './sessions.ts'

/** How to run. */
export interface SessionTrainingOptions {
  readonly seed: number
  readonly signal?: AbortSignal
  /** Called now and then: the share of all steps that are done, and the mean loss of the last whole epoch. */
  readonly onProgress?: (share: number, loss: number) => void
  /** After each epoch all that was learned is kept under `name`; a later run goes on there, to the same result. */
  readonly start?: SessionStart
  readonly checkpoint?: { readonly store: Checkpoints; readonly name: string }
}

/** An earlier model that a training goes on from. */
export interface SessionStart {
  /** `[N, d]`; rows of items that it did not have are zero and begin at random. */
  readonly embeddings: Float32Array
  readonly encoder: Encoder
  /** `[N]`, 1 for rows that stay as they are, as does the encoder then; missing where everything goes on learning. */
  readonly frozen?: Uint8Array
}

const PROGRESS_MS = 500

/**
 * Trains on every prefix of `sessions`: items that follow alike histories come to lie together.
 *
 * @throws `VitrineError('CANCELLED')` when the signal aborts.
 */
export async function trainSessionEncoder(
  sessions: Sessions,
  itemCount: number,
  recipe: SessionRecipe,
  { seed, signal, onProgress, checkpoint, start }: SessionTrainingOptions,
): Promise<SessionModel> {
  const { dimension, epochs, batch, negatives, rate, dropout, temperature } = recipe
  const cases = casesOf(sessions)
  const count = cases.targets.length
  const steps = stepsOf(cases, recipe)
  const training = await Numerics.create()
  const stop = (): void => void training.dispose()
  signal?.addEventListener('abort', stop, { once: true })
  const sizes = [itemCount, dimension, POSITIONS, count, cases.items.length, steps, batch, negatives]
  let watch: NodeJS.Timeout | undefined
  const losses: number[] = []
  try {
    training.reserve(training.call('placeSessionTables', ...sizes) >>> 0)
    const counts = countItems(sessions, itemCount)
    fillTables(training, sessions, cases, counts, recipe, seed)
    if (start) beginFrom(training, start)
    losses.push(...((await restore(training, checkpoint)) ?? []))
    await training.callOnThread('placeSessionTables', ...sizes)
    await training.callOnThread('startSessionTraining', temperature, dropout)
    const order = training.integers('order', steps * batch)
    const draws = training.integers('draws', steps * negatives)
    const progress = training.integers('progress', 1)
    if (onProgress) {
      watch = setInterval(
        () => onProgress(progress[0]! / (epochs * steps), losses.at(-1) ?? NaN),
        PROGRESS_MS,
      )
    }
    const drawEpoch = createDraws(sessions, cases, counts, recipe, seed)
    for (let epoch = losses.length; epoch < epochs; epoch++) {
      drawEpoch(epoch, order, draws)
      await training.callOnThread('seedRandom', seed + epoch + 1)
      const done = epoch * steps
      const loss = await training.callOnThread('takeSessionSteps', done, steps, epochs * steps, rate)
      losses.push(loss / order.length)
      if (start?.frozen) refreeze(training, start, start.frozen)
      await checkpoint?.store.write(checkpoint.name, stateOf(training, losses))
    }
    return modelOf(readParameters(training, itemCount, dimension), counts, recipe, losses)
  } catch (cause) {
    throw signal?.aborted ? cancelled(signal) : cause
  } finally {
    clearInterval(watch)
    signal?.removeEventListener('abort', stop)
    await training.dispose()
  }
}

/** Puts in what the earlier model had. */
function beginFrom(training: Numerics, { embeddings, encoder }: SessionStart): void {
  const { dimension } = encoder
  const table = training.floats('embeddings', embeddings.length)
  for (let at = 0; at < embeddings.length; at += dimension) {
    const row = embeddings.subarray(at, at + dimension)
    if (row.some((value) => value !== 0)) table.set(row, at)
  }
  putEncoder(training, encoder)
}

/** Takes back what an epoch did to all that is to stay. */
function refreeze(training: Numerics, { embeddings, encoder }: SessionStart, frozen: Uint8Array): void {
  const { dimension } = encoder
  const table = training.floats('embeddings', embeddings.length)
  for (const [item, stays] of frozen.entries()) {
    const at = item * dimension
    if (stays) table.set(embeddings.subarray(at, at + dimension), at)
  }
  putEncoder(training, encoder)
}

function putEncoder(training: Numerics, { dimension, positions, weights }: Encoder): void {
  training.floats('positions', positions.length).set(positions)
  const transposed = training.floats('weights', weights.length)
  for (let j = 0; j < dimension; j++) {
    for (let i = 0; i < 2 * dimension; i++) transposed[i * dimension + j] = weights[j * 2 * dimension + i]!
  }
}

/** Parameters and Adam's moments lie between these addresses. */
const LEARNED = ['embeddings', 'events'] as const

/** A checkpoint: the number of epochs done, the loss of each (float64), and everything learned. */
function stateOf(training: Numerics, losses: readonly number[]): Uint8Array {
  const header = Float64Array.of(losses.length, ...losses)
  return Buffer.concat([new Uint8Array(header.buffer), training.bytes(...LEARNED)])
}

/** Puts a checkpoint back and returns its losses; `undefined` where there is none. */
async function restore(
  training: Numerics,
  checkpoint: SessionTrainingOptions['checkpoint'],
): Promise<number[] | undefined> {
  const state = await checkpoint?.store.read(checkpoint.name)
  if (!state) return undefined
  const view = new DataView(state.buffer, state.byteOffset, state.byteLength)
  const epochs = view.getFloat64(0, true)
  training.bytes(...LEARNED).set(state.subarray(8 * (1 + epochs)))
  return Array.from({ length: epochs }, (_, epoch) => view.getFloat64(8 * (1 + epoch), true))
}

/** Fills what training starts from and reads. */
function fillTables(
  training: Numerics,
  { items }: Sessions,
  cases: Cases,
  counts: Float64Array,
  recipe: SessionRecipe,
  seed: number,
): void {
  const { dimension } = recipe
  const parameters = {
    embeddings: training.floats('embeddings', counts.length * dimension),
    weights: training.floats('weights', 2 * dimension * dimension),
    positions: training.floats('positions', POSITIONS),
  }
  fillParameters(parameters, recipe, seed)
  training.integers('events', items.length).set(items)
  training.integers('targetPlaces', cases.targets.length).set(cases.targets)
  training.integers('firstPlaces', cases.starts.length).set(cases.starts)
  training.floats('corrections', counts.length).set(correctionsOf(counts, recipe))
}

/** Copies what was learned. */
function readParameters(training: Numerics, itemCount: number, dimension: number): SessionParameters {
  return {
    embeddings: training.floats('embeddings', itemCount * dimension).slice(),
    weights: training.floats('weights', 2 * dimension * dimension).slice(),
    positions: training.floats('positions', POSITIONS).slice(),
  }
}
