/**
 * Training of the ranker: one hidden layer, listwise softmax cross-entropy over each case's candidates.
 * Shapes: F inputs of a candidate, the last of them 1 (so that its weights are the biases; divisible by 4),
 * H hidden units (divisible by 8), R rows of a batch (candidates of all its cases, padded to a multiple of 4).
 */
import { adam, correctedRate } from './adam'
import { gemm } from './gemm'
import { addScaled, bytesOf, dot } from './simd'
import { clearTables, endOfTables, placeTable } from './tables'

let inputCount: i32 = 0
let hiddenCount: i32 = 0

/**
 * `[rows, F]` candidates of all cases, `[cases + 1]` where each case's begin, `[rows]` how much of its case each is to
 * have: 1 for the target alone, or the shares that a teacher gives.
 */
export let candidates: usize = 0
export let caseOffsets: usize = 0
export let targetShares: usize = 0
/** `[steps · batch]` the cases of an epoch. */
export let caseOrder: usize = 0
/** `[F, H]` and `[H]`. */
export let hiddenWeights: usize = 0
export let outputWeights: usize = 0
export let hiddenSlopes: usize = 0
export let outputSlopes: usize = 0

let hiddenFirst: usize = 0
let hiddenSecond: usize = 0
let outputFirst: usize = 0
let outputSecond: usize = 0
let rows: usize = 0
let activations: usize = 0
let activationSlopes: usize = 0
let scores: usize = 0

/** Places the tables and returns where memory has to reach; the same arguments give the same places. */
export function placeRankerTables(
  rowCount: i32,
  cases: i32,
  ordered: i32,
  inputs: i32,
  hidden: i32,
  mostRows: i32,
): usize {
  inputCount = inputs
  hiddenCount = hidden
  clearTables()
  candidates = placeTable(rowCount * inputs)
  caseOffsets = placeTable(cases + 1)
  targetShares = placeTable(rowCount)
  caseOrder = placeTable(ordered)
  hiddenWeights = placeTable(inputs * hidden)
  hiddenFirst = placeTable(inputs * hidden)
  hiddenSecond = placeTable(inputs * hidden)
  hiddenSlopes = placeTable(inputs * hidden)
  outputWeights = placeTable(hidden)
  outputFirst = placeTable(hidden)
  outputSecond = placeTable(hidden)
  outputSlopes = placeTable(hidden)
  rows = placeTable((mostRows + 3) * inputs)
  activations = placeTable((mostRows + 3) * hidden)
  activationSlopes = placeTable((mostRows + 3) * hidden)
  scores = placeTable(mostRows + 3)
  return endOfTables()
}

/**
 * Computes in `hiddenSlopes` and `outputSlopes` the gradient of the mean loss of cases `first` to
 * `first + count − 1` of the order. Returns the sum of their losses.
 */
export function computeRankerGradient(first: i32, count: i32): f64 {
  const height = gatherRows(first, count)
  gemm(activations, rows, hiddenWeights, height, hiddenCount, inputCount, inputCount, 1)
  const zero = f32x4.splat(0)
  for (let r = 0; r < height; r++) {
    const row = activations + bytesOf(r * hiddenCount)
    for (let at: usize = 0; at < bytesOf(hiddenCount); at += 16) {
      v128.store(row + at, f32x4.max(v128.load(row + at), zero))
    }
    store<f32>(scores + bytesOf(r), dot(row, outputWeights, hiddenCount))
  }
  const loss = listwiseSlopes(first, count, height)
  memory.fill(outputSlopes, 0, bytesOf(hiddenCount))
  for (let r = 0; r < height; r++) {
    const slope = load<f32>(scores + bytesOf(r))
    const row = activations + bytesOf(r * hiddenCount)
    const out = activationSlopes + bytesOf(r * hiddenCount)
    addScaled(outputSlopes, row, slope, hiddenCount)
    const slope4 = f32x4.splat(slope)
    for (let at: usize = 0; at < bytesOf(hiddenCount); at += 16) {
      const isActive = f32x4.gt(v128.load(row + at), zero)
      v128.store(out + at, v128.and(isActive, f32x4.mul(slope4, v128.load(outputWeights + at))))
    }
  }
  gemm(hiddenSlopes, rows, activationSlopes, inputCount, hiddenCount, height, 1, inputCount)
  return loss
}

/** Copies the candidates of the cases one after the other; returns the number of rows, padding included. */
function gatherRows(first: i32, count: i32): i32 {
  let height = 0
  for (let c = 0; c < count; c++) {
    const chosen = load<i32>(caseOrder + bytesOf(first + c))
    const from = load<i32>(caseOffsets + bytesOf(chosen))
    const length = load<i32>(caseOffsets + bytesOf(chosen + 1)) - from
    memory.copy(
      rows + bytesOf(height * inputCount),
      candidates + bytesOf(from * inputCount),
      bytesOf(length * inputCount),
    )
    height += length
  }
  const padded = (height + 3) & ~3
  memory.fill(rows + bytesOf(height * inputCount), 0, bytesOf((padded - height) * inputCount))
  return padded
}

/** Turns scores into slopes of the mean loss, case by case; padding gets none. Returns the sum of losses. */
function listwiseSlopes(first: i32, count: i32, height: i32): f64 {
  let loss: f64 = 0
  let start = 0
  for (let c = 0; c < count; c++) {
    const chosen = load<i32>(caseOrder + bytesOf(first + c))
    const from = load<i32>(caseOffsets + bytesOf(chosen))
    const end = start + load<i32>(caseOffsets + bytesOf(chosen + 1)) - from
    const shares = targetShares + bytesOf(from - start)
    let largest = load<f32>(scores + bytesOf(start))
    let wanted: f32 = 0
    for (let r = start; r < end; r++) {
      const score = load<f32>(scores + bytesOf(r))
      largest = max(largest, score)
      wanted += score * load<f32>(shares + bytesOf(r))
    }
    let total: f32 = 0
    for (let r = start; r < end; r++) {
      const weight = Mathf.exp(load<f32>(scores + bytesOf(r)) - largest)
      store<f32>(scores + bytesOf(r), weight)
      total += weight
    }
    loss += <f64>largest + Math.log(<f64>total) - <f64>wanted
    const share: f32 = 1 / <f32>count
    for (let r = start; r < end; r++) {
      const at = scores + bytesOf(r)
      store<f32>(at, (load<f32>(at) / total - load<f32>(shares + bytesOf(r))) * share)
    }
    start = end
  }
  for (let r = start; r < height; r++) store<f32>(scores + bytesOf(r), 0)
  return loss
}

/**
 * Learns from the first `cases` of the order in batches of `batch`, as steps `done + 1` onwards of `total`;
 * the rate falls linearly. Returns the sum of the losses of all cases.
 */
export function takeRankerSteps(cases: i32, batch: i32, done: i32, total: i32, rate: f32): f64 {
  let loss: f64 = 0
  let step = done
  for (let first = 0; first < cases; first += batch) {
    loss += computeRankerGradient(first, min(batch, cases - first))
    step++
    const corrected = correctedRate(rate * (1 - <f32>step / <f32>(total + 1)), step)
    adam(hiddenWeights, hiddenFirst, hiddenSecond, hiddenSlopes, inputCount * hiddenCount, corrected)
    adam(outputWeights, outputFirst, outputSecond, outputSlopes, hiddenCount, corrected)
  }
  return loss
}
