/**
 * The session encoder, forwards and backwards: `q = normalise(W · [e_last ; Σ softmax(a)_p · e_p])`.
 * Shapes: N items, d dimensions, P positions (the last item first), B cases a batch.
 */
import { nextBits } from './random'
import { addScaled, bytesOf, dot, multiply, normalize, scale } from './simd'

/** Fills `shares` `[length]` with the softmax of the first `length` of `positions` `[P]`. */
function sharePositions(shares: usize, positions: usize, length: i32): void {
  let largest = load<f32>(positions)
  for (let p = 1; p < length; p++) largest = max(largest, load<f32>(positions + bytesOf(p)))
  let total: f32 = 0
  for (let p = 0; p < length; p++) {
    const weight = Mathf.exp(load<f32>(positions + bytesOf(p)) - largest)
    store<f32>(shares + bytesOf(p), weight)
    total += weight
  }
  for (let p = 0; p < length; p++) {
    store<f32>(shares + bytesOf(p), load<f32>(shares + bytesOf(p)) / total)
  }
}

/**
 * Fills `inputs` `[B, 2d]` from `histories` `[B, P]` of `lengths` `[B]`, with `shares` `[B, P]`. With a
 * `dropout` above 0, `masks` `[B, 2d]` gets 0 or 1 / (1 − dropout), by which inputs are multiplied.
 */
export function encodeInputs(
  inputs: usize,
  masks: usize,
  shares: usize,
  embeddings: usize,
  histories: usize,
  lengths: usize,
  positions: usize,
  batch: i32,
  positionCount: i32,
  dimension: i32,
  dropout: f32,
): void {
  const row = bytesOf(dimension)
  const threshold = <u32>(<f64>dropout * 4294967295.0)
  const kept: f32 = 1 / (1 - dropout)
  for (let b = 0; b < batch; b++) {
    const history = histories + bytesOf(b * positionCount)
    const share = shares + bytesOf(b * positionCount)
    const input = inputs + 2 * <usize>b * row
    const length = load<i32>(lengths + bytesOf(b))
    sharePositions(share, positions, length)
    memory.copy(input, embeddings + <usize>load<i32>(history) * row, row)
    memory.fill(input + row, 0, row)
    for (let p = 0; p < length; p++) {
      const item = embeddings + <usize>load<i32>(history + bytesOf(p)) * row
      addScaled(input + row, item, load<f32>(share + bytesOf(p)), dimension)
    }
    if (dropout <= 0) continue
    const mask = masks + 2 * <usize>b * row
    for (let at: usize = 0; at < 2 * row; at += 4) store<f32>(mask + at, nextBits() < threshold ? 0 : kept)
    multiply(input, mask, 2 * dimension)
  }
}

/** Makes the rows of `queries` `[B, d]` unit vectors and keeps in `factors` `[B]` what they were multiplied by. */
export function normalizeQueries(queries: usize, factors: usize, batch: i32, dimension: i32): void {
  for (let b = 0; b < batch; b++) {
    store<f32>(factors + bytesOf(b), normalize(queries + bytesOf(b * dimension), dimension))
  }
}

/** Takes `slopes` `[B, d]` by unit queries back to slopes by what was normalised, in place. */
export function backThroughNormalize(
  slopes: usize,
  queries: usize,
  factors: usize,
  batch: i32,
  dimension: i32,
): void {
  for (let b = 0; b < batch; b++) {
    const slope = slopes + bytesOf(b * dimension)
    const query = queries + bytesOf(b * dimension)
    addScaled(slope, query, -dot(query, slope, dimension), dimension)
    scale(slope, load<f32>(factors + bytesOf(b)), dimension)
  }
}

/**
 * Takes `slope` `[2d]`, by one case's input after dropout, back to the positions' logits: adds to
 * `positionSlopes` `[P]`. `scratch` is `[P]`. The slopes by the items are what the caller scatters.
 */
export function backToPositions(
  positionSlopes: usize,
  slope: usize,
  share: usize,
  history: usize,
  embeddings: usize,
  length: i32,
  dimension: i32,
  scratch: usize,
): void {
  const bySum = slope + bytesOf(dimension)
  let mean: f32 = 0
  for (let p = 0; p < length; p++) {
    const item = embeddings + bytesOf(load<i32>(history + bytesOf(p)) * dimension)
    const product = dot(bySum, item, dimension)
    store<f32>(scratch + bytesOf(p), product)
    mean += load<f32>(share + bytesOf(p)) * product
  }
  for (let p = 0; p < length; p++) {
    const at = positionSlopes + bytesOf(p)
    const change = load<f32>(share + bytesOf(p)) * (load<f32>(scratch + bytesOf(p)) - mean)
    store<f32>(at, load<f32>(at) + change)
  }
}
