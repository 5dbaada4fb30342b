/**
 * Training of the session encoder by sampled softmax: tables, one batch's gradient, a run of steps.
 * Shapes: N items, d dimensions (divisible by 16), P positions (divisible by 4), B cases a batch (divisible
 * by 4), K negatives a batch (divisible by 8).
 */
import { adam, correctedRate } from './adam'
import { backThroughNormalize, backToPositions, encodeInputs, normalizeQueries } from './encoder'
import { gemm } from './gemm'
import { forgetRows, gradientOf, stepRows, useRowGradients } from './row-gradients'
import { addScaled, bytesOf, multiply } from './simd'
import { sampledSoftmax } from './softmax'
import { clearTables, endOfTables, placeTable } from './tables'

let dimension: i32 = 0
let positionCount: i32 = 0
let batch: i32 = 0
let negativeCount: i32 = 0
let temperature: f32 = 0
let dropout: f32 = 0

// Learned: unit rows [N, d]; W transposed [2d, d]; logits of the positions [P].
export let embeddings: usize = 0
export let weights: usize = 0
export let positions: usize = 0
// Given: all events; place of each case's target among them and of its session's first; log of an item's
// expected count among a batch's negatives [N]; for each step the cases [steps, B] and negatives [steps, K].
export let events: usize = 0
export let targetPlaces: usize = 0
export let firstPlaces: usize = 0
export let corrections: usize = 0
export let order: usize = 0
export let draws: usize = 0
/** Steps done since the tables were placed, for whoever watches from another thread. */
export let progress: usize = 0

// Moments of Adam.
let embeddingsFirst: usize = 0
let embeddingsSecond: usize = 0
let weightsFirst: usize = 0
let weightsSecond: usize = 0
let positionsFirst: usize = 0
let positionsSecond: usize = 0
// One batch.
let histories: usize = 0
let lengths: usize = 0
let targets: usize = 0
let shares: usize = 0
let inputs: usize = 0
let masks: usize = 0
let queries: usize = 0
let factors: usize = 0
let negativeRows: usize = 0
let negativeColumns: usize = 0
let negativeCorrections: usize = 0
let logits: usize = 0
let targetSlopes: usize = 0
let querySlopes: usize = 0
let negativeSlopes: usize = 0
let inputSlopes: usize = 0
let weightRows: usize = 0
let scratch: usize = 0
export let weightSlopes: usize = 0
export let positionSlopes: usize = 0

/**
 * Places the tables, which are to be zero where they are not filled, and returns where memory has to reach.
 * Same arguments, same places: a second instance on the same memory finds them alike.
 */
export function placeSessionTables(
  items: i32,
  width: i32,
  positionsRead: i32,
  cases: i32,
  eventCount: i32,
  steps: i32,
  batchSize: i32,
  negatives: i32,
): usize {
  dimension = width
  positionCount = positionsRead
  batch = batchSize
  negativeCount = negatives
  clearTables()
  progress = placeTable(1)
  embeddings = placeTable(items * dimension)
  embeddingsFirst = placeTable(items * dimension)
  embeddingsSecond = placeTable(items * dimension)
  weights = placeTable(2 * dimension * dimension)
  weightsFirst = placeTable(2 * dimension * dimension)
  weightsSecond = placeTable(2 * dimension * dimension)
  weightRows = placeTable(2 * dimension * dimension)
  weightSlopes = placeTable(2 * dimension * dimension)
  positions = placeTable(positionCount)
  positionsFirst = placeTable(positionCount)
  positionsSecond = placeTable(positionCount)
  positionSlopes = placeTable(positionCount)
  events = placeTable(eventCount)
  targetPlaces = placeTable(cases)
  firstPlaces = placeTable(cases)
  corrections = placeTable(items)
  order = placeTable(steps * batch)
  draws = placeTable(steps * negativeCount)
  histories = placeTable(batch * positionCount)
  lengths = placeTable(batch)
  targets = placeTable(batch)
  shares = placeTable(batch * positionCount)
  inputs = placeTable(batch * 2 * dimension)
  masks = placeTable(batch * 2 * dimension)
  inputSlopes = placeTable(batch * 2 * dimension)
  queries = placeTable(batch * dimension)
  querySlopes = placeTable(batch * dimension)
  factors = placeTable(batch)
  negativeRows = placeTable(negativeCount * dimension)
  negativeColumns = placeTable(negativeCount * dimension)
  negativeSlopes = placeTable(negativeCount * dimension)
  negativeCorrections = placeTable(negativeCount)
  logits = placeTable(batch * negativeCount)
  targetSlopes = placeTable(batch)
  scratch = placeTable(positionCount)
  const most = min(items, batch * (positionCount + 1) + negativeCount)
  const itemPlaces = placeTable(items)
  const touched = placeTable(most)
  const gradients = placeTable(most * dimension)
  const end = endOfTables()
  itemPlacesAt = itemPlaces
  touchedAt = touched
  gradientsAt = gradients
  itemCount = items
  return end
}

let itemPlacesAt: usize = 0
let touchedAt: usize = 0
let gradientsAt: usize = 0
let itemCount: i32 = 0

/** Makes the placed tables ready; memory must reach their end. */
export function startSessionTraining(logitFactor: f32, dropoutShare: f32): void {
  temperature = logitFactor
  dropout = dropoutShare
  useRowGradients(itemPlacesAt, touchedAt, gradientsAt, itemCount, dimension)
}

/** Copies the batch of `step` out of the events: targets, and histories with the last item first. */
function gatherBatch(step: i32): void {
  for (let b = 0; b < batch; b++) {
    const chosen = load<i32>(order + bytesOf(step * batch + b))
    const place = load<i32>(targetPlaces + bytesOf(chosen))
    const length = min(positionCount, place - load<i32>(firstPlaces + bytesOf(chosen)))
    store<i32>(targets + bytesOf(b), load<i32>(events + bytesOf(place)))
    store<i32>(lengths + bytesOf(b), length)
    for (let p = 0; p < length; p++) {
      const item = load<i32>(events + bytesOf(place - 1 - p))
      store<i32>(histories + bytesOf(b * positionCount + p), item)
    }
  }
}

/** Copies the embeddings of `negatives` `[K]` as rows `[K, d]` and as columns `[d, K]`, with their corrections. */
function gatherNegatives(negatives: usize): void {
  for (let j = 0; j < negativeCount; j++) {
    const item = load<i32>(negatives + bytesOf(j))
    const row = embeddings + bytesOf(item * dimension)
    store<f32>(negativeCorrections + bytesOf(j), load<f32>(corrections + bytesOf(item)))
    memory.copy(negativeRows + bytesOf(j * dimension), row, bytesOf(dimension))
    for (let i = 0; i < dimension; i++) {
      store<f32>(negativeColumns + bytesOf(i * negativeCount + j), load<f32>(row + bytesOf(i)))
    }
  }
}

function transposeWeights(): void {
  for (let i = 0; i < 2 * dimension; i++) {
    for (let j = 0; j < dimension; j++) {
      store<f32>(weightRows + bytesOf(j * 2 * dimension + i), load<f32>(weights + bytesOf(i * dimension + j)))
    }
  }
}

/**
 * Computes the gradient of the mean loss of batch `step`: of W in `weightSlopes`, of the positions in
 * `positionSlopes`, of embeddings in rows by `gradientOf`. Returns the sum of the batch's losses.
 */
export function computeGradient(step: i32): f64 {
  const d = dimension
  const negatives = draws + bytesOf(step * negativeCount)
  gatherBatch(step)
  gatherNegatives(negatives)
  transposeWeights()

  encodeInputs(
    inputs,
    masks,
    shares,
    embeddings,
    histories,
    lengths,
    positions,
    batch,
    positionCount,
    d,
    dropout,
  )
  gemm(queries, inputs, weights, batch, d, 2 * d, 2 * d, 1)
  normalizeQueries(queries, factors, batch, d)
  gemm(logits, queries, negativeColumns, batch, negativeCount, d, d, 1)
  const loss = sampledSoftmax(
    logits,
    queries,
    embeddings,
    targets,
    negatives,
    negativeCorrections,
    targetSlopes,
    batch,
    negativeCount,
    d,
    temperature,
  )

  // `logits` now holds slopes.
  gemm(querySlopes, logits, negativeRows, batch, d, negativeCount, negativeCount, 1)
  gemm(negativeSlopes, logits, queries, negativeCount, d, batch, 1, negativeCount)
  for (let j = 0; j < negativeCount; j++) {
    const item = load<i32>(negatives + bytesOf(j))
    addScaled(gradientOf(item), negativeSlopes + bytesOf(j * d), 1, d)
  }
  for (let b = 0; b < batch; b++) {
    const target = load<i32>(targets + bytesOf(b))
    const slope = load<f32>(targetSlopes + bytesOf(b))
    addScaled(querySlopes + bytesOf(b * d), embeddings + bytesOf(target * d), slope, d)
    addScaled(gradientOf(target), queries + bytesOf(b * d), slope, d)
  }
  backThroughNormalize(querySlopes, queries, factors, batch, d)
  gemm(inputSlopes, querySlopes, weightRows, batch, 2 * d, d, d, 1)
  gemm(weightSlopes, inputs, querySlopes, 2 * d, d, batch, 1, 2 * d)
  memory.fill(positionSlopes, 0, bytesOf(positionCount))
  for (let b = 0; b < batch; b++) scatterInput(b)
  return loss
}

/** Adds the slopes of case `b`'s input to its items' gradients and to the positions'. */
function scatterInput(b: i32): void {
  const d = dimension
  const slope = inputSlopes + bytesOf(b * 2 * d)
  if (dropout > 0) multiply(slope, masks + bytesOf(b * 2 * d), 2 * d)
  const history = histories + bytesOf(b * positionCount)
  const share = shares + bytesOf(b * positionCount)
  const length = load<i32>(lengths + bytesOf(b))
  addScaled(gradientOf(load<i32>(history)), slope, 1, d)
  for (let p = 0; p < length; p++) {
    const item = load<i32>(history + bytesOf(p))
    addScaled(gradientOf(item), slope + bytesOf(d), load<f32>(share + bytesOf(p)), d)
  }
  backToPositions(positionSlopes, slope, share, history, embeddings, length, d, scratch)
}

/** Returns where the gradient of `item` lies; of an item that the batch did not touch, zeros. */
export function gradientOfItem(item: i32): usize {
  return gradientOf(item)
}

/** Forgets the gradient of {@link computeGradient}; without this, the next one is added to it. */
export function forgetGradient(): void {
  forgetRows()
}

/**
 * Takes the placed steps, which are steps `done + 1` to `done + count` of `total`; the rate falls linearly.
 * Returns the sum of the losses of all cases.
 */
export function takeSessionSteps(done: i32, count: i32, total: i32, rate: f32): f64 {
  let loss: f64 = 0
  for (let step = 0; step < count; step++) {
    loss += computeGradient(step)
    const number = done + step + 1
    const falling = rate * (1 - <f32>number / <f32>(total + 1))
    const corrected = correctedRate(falling, number)
    stepRows(embeddings, embeddingsFirst, embeddingsSecond, corrected)
    adam(weights, weightsFirst, weightsSecond, weightSlopes, 2 * dimension * dimension, corrected)
    adam(positions, positionsFirst, positionsSecond, positionSlopes, positionCount, corrected)
    store<i32>(progress, number)
  }
  return loss
}
