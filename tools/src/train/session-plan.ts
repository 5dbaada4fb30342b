/**
 * Where a training of the session encoder starts, and which cases and negatives it then sees: all that one seed
 * decides, wherever the arithmetic runs.
 */
import { createRandom, normal, shuffle } from './random.ts'
import { POSITIONS, type SessionRecipe } from './session-recipe.ts'
import { type Cases, type Sessions, sessionCount } from './sessions.ts'

/** What is learned. */
export interface SessionParameters {
  /** `[N, d]`, unit rows. */
  readonly embeddings: Float32Array
  /** W transposed, `[2d, d]`. */
  readonly weights: Float32Array
  /** `[POSITIONS]`, logits. */
  readonly positions: Float32Array
}

/** Fills in the order of one epoch: which cases, batch by batch, and which negatives, batch by batch. */
export type DrawEpoch = (epoch: number, order: Int32Array, draws: Int32Array) => void

/** The first weights of W are half of each identity, with this much noise. */
const NOISE = 0.02
/** The first logits of the positions fall by this a step. */
const FADING = 0.3

/** Steps an epoch. */
export function stepsOf({ targets }: Cases, { batch }: SessionRecipe): number {
  return Math.max(1, Math.floor(targets.length / batch))
}

/** Fills in what a training with `seed` starts from. */
export function fillParameters(
  { embeddings, weights, positions }: SessionParameters,
  { dimension }: SessionRecipe,
  seed: number,
): void {
  const random = createRandom(seed ^ 0x5e55)
  for (let i = 0; i < embeddings.length; i++) embeddings[i] = normal(random)
  for (let at = 0; at < embeddings.length; at += dimension) {
    const row = embeddings.subarray(at, at + dimension)
    const scale = 1 / Math.hypot(...row)
    for (let i = 0; i < dimension; i++) row[i]! *= scale
  }
  for (let i = 0; i < weights.length; i++) {
    const isDiagonal = Math.floor(i / dimension) % dimension === i % dimension
    weights[i] = (isDiagonal ? 0.5 : 0) + NOISE * normal(random)
  }
  for (let p = 0; p < POSITIONS; p++) positions[p] = -FADING * p
}

/** Returns how often each of `itemCount` items occurs. */
export function countItems({ items }: Sessions, itemCount: number): Float64Array {
  const counts = new Float64Array(itemCount)
  for (const item of items) counts[item]!++
  return counts
}

/** Returns the log of how often each item is expected among a batch's negatives, by its count. */
export function correctionsOf(
  counts: Float64Array,
  { negatives, samplingPower }: SessionRecipe,
): Float32Array {
  let total = 0
  for (const value of counts) total += value ** samplingPower
  return Float32Array.from(counts, (count) => Math.log((negatives * count ** samplingPower) / total))
}

/** Returns a function that fills in each epoch's cases and negatives. */
export function createDraws(
  sessions: Sessions,
  cases: Cases,
  counts: Float64Array,
  { samplingPower, ageDecay }: SessionRecipe,
  seed: number,
): DrawEpoch {
  const drawCase = createSampler(caseWeights(cases, sessions, ageDecay))
  const drawItem = createSampler(counts.map((value) => value ** samplingPower))
  return (epoch, order, draws) => {
    // Randomness of its own, so that an epoch is the same whether or not others ran before it in this process.
    const random = createRandom((seed ^ 0x5e55) + Math.imul(epoch + 1, 0x9e3779b1))
    // One from each of as many strata as there are places: as even as drawing once, with age's weight.
    const chosen = Uint32Array.from(order, (_, i) => drawCase((i + random()) / order.length))
    shuffle(chosen, random)
    order.set(chosen)
    for (let i = 0; i < draws.length; i++) draws[i] = drawItem(random())
  }
}

/** A newer session's cases weigh more. */
function caseWeights({ targets }: Cases, sessions: Sessions, ageDecay: number): Float64Array {
  const count = sessionCount(sessions)
  let session = 0
  return Float64Array.from(targets, (target) => {
    while (sessions.offsets[session + 1]! <= target) session++
    return Math.exp(-ageDecay * (1 - session / count))
  })
}

/** Returns a function from [0, 1) to a place of `weights`, each as wide as its weight. */
function createSampler(weights: Float64Array): (at: number) => number {
  const ends = weights.slice()
  for (let i = 1; i < ends.length; i++) ends[i]! += ends[i - 1]!
  const total = ends.at(-1)!
  return (at) => {
    const wanted = at * total
    let low = 0
    let high = ends.length - 1
    while (low < high) {
      const middle = (low + high) >> 1
      if (ends[middle]! <= wanted) low = middle + 1
      else high = middle
    }
    return low
  }
}
