/** Cross-entropy of a sampled softmax: the target against negatives that the whole batch shares. */
import { bytesOf, dot, exp, largestLane, sumOfLanes } from './simd'

/**
 * Turns `logits` `[B, K]`, cosines of queries and negatives, into the gradient of the mean loss by those
 * cosines, and fills `targetSlopes` `[B]`, the same of the targets. Returns the sum of the batch's losses.
 *
 * A negative drawn with expected count c stands for 1/c of its kind: log c, `corrections` `[K]`, is taken off
 * its logit. A negative that is the target itself (`negatives` `[K]`, `targets` `[B]`) does not count.
 */
export function sampledSoftmax(
  logits: usize,
  queries: usize,
  embeddings: usize,
  targets: usize,
  negatives: usize,
  corrections: usize,
  targetSlopes: usize,
  batch: i32,
  count: i32,
  dimension: i32,
  temperature: f32,
): f64 {
  const end = bytesOf(count)
  const factor = f32x4.splat(temperature)
  const slopeOfCosine = temperature / <f32>batch
  let loss: f64 = 0
  for (let b = 0; b < batch; b++) {
    const row = logits + bytesOf(b * count)
    const target = load<i32>(targets + bytesOf(b))
    const query = queries + bytesOf(b * dimension)
    const targetLogit = temperature * dot(query, embeddings + bytesOf(target * dimension), dimension)
    const sameAs = i32x4.splat(target)
    let largest4 = f32x4.splat(targetLogit)
    for (let at: usize = 0; at < end; at += 16) {
      const corrected = f32x4.sub(f32x4.mul(factor, v128.load(row + at)), v128.load(corrections + at))
      const isTarget = i32x4.eq(v128.load(negatives + at), sameAs)
      const logit = v128.bitselect(f32x4.splat(-1e9), corrected, isTarget)
      v128.store(row + at, logit)
      largest4 = f32x4.max(largest4, logit)
    }
    const largest = largestLane(largest4)
    const offset = f32x4.splat(largest)
    let total4 = f32x4.splat(0)
    for (let at: usize = 0; at < end; at += 16) {
      const weight = exp(f32x4.sub(v128.load(row + at), offset))
      v128.store(row + at, weight)
      total4 = f32x4.add(total4, weight)
    }
    const targetWeight = Mathf.exp(targetLogit - largest)
    const total = sumOfLanes(total4) + targetWeight
    loss += <f64>largest + Math.log(<f64>total) - <f64>targetLogit
    const slope = f32x4.splat(slopeOfCosine / total)
    for (let at: usize = 0; at < end; at += 16) v128.store(row + at, f32x4.mul(v128.load(row + at), slope))
    store<f32>(targetSlopes + bytesOf(b), (targetWeight / total - 1) * slopeOfCosine)
  }
  return loss
}
