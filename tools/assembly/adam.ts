/** Adam (https://arxiv.org/abs/1412.6980) on dense tables, and lazily on the rows a batch touched. */
import { bytesOf } from './simd'

const FIRST: f32 = 0.9
const SECOND: f32 = 0.999

/** The rate of step `step` (from 1) with both moments' bias corrected. */
export function correctedRate(rate: f32, step: i32): f32 {
  return rate * <f32>(Math.sqrt(1 - Math.pow(0.999, step)) / (1 - Math.pow(0.9, step)))
}

/** One step on `values` with their moments and gradient, all `[length]`; length is divisible by 4. */
export function adam(
  values: usize,
  first: usize,
  second: usize,
  gradient: usize,
  length: i32,
  rate: f32,
): void {
  for (let at: usize = 0, end = bytesOf(length); at < end; at += 16) {
    const slope = v128.load(gradient + at)
    const mean = f32x4.add(
      f32x4.mul(v128.load(first + at), f32x4.splat(FIRST)),
      f32x4.mul(slope, f32x4.splat(1 - FIRST)),
    )
    const square = f32x4.add(
      f32x4.mul(v128.load(second + at), f32x4.splat(SECOND)),
      f32x4.mul(f32x4.mul(slope, slope), f32x4.splat(1 - SECOND)),
    )
    v128.store(first + at, mean)
    v128.store(second + at, square)
    const step = f32x4.div(
      f32x4.mul(f32x4.splat(rate), mean),
      f32x4.add(f32x4.sqrt(square), f32x4.splat(1e-10)),
    )
    v128.store(values + at, f32x4.sub(v128.load(values + at), step))
  }
}
