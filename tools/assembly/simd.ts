/** Vectors of float32 in memory, four lanes at a time; lengths are divisible by 4. */

/** Bytes of `count` numbers of 32 bits. */
export function bytesOf(count: i32): usize {
  return (<usize>count) << 2
}

export function sumOfLanes(v: v128): f32 {
  return (
    f32x4.extract_lane(v, 0) + f32x4.extract_lane(v, 1) + f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3)
  )
}

export function largestLane(v: v128): f32 {
  return max(
    max(f32x4.extract_lane(v, 0), f32x4.extract_lane(v, 1)),
    max(f32x4.extract_lane(v, 2), f32x4.extract_lane(v, 3)),
  )
}

/** Returns `a · b`, both `[length]`. */
export function dot(a: usize, b: usize, length: i32): f32 {
  let sum = f32x4.splat(0)
  for (let at: usize = 0, end = bytesOf(length); at < end; at += 16) {
    sum = f32x4.add(sum, f32x4.mul(v128.load(a + at), v128.load(b + at)))
  }
  return sumOfLanes(sum)
}

/** `out += weight · vector`, both `[length]`. */
export function addScaled(out: usize, vector: usize, weight: f32, length: i32): void {
  const weights = f32x4.splat(weight)
  for (let at: usize = 0, end = bytesOf(length); at < end; at += 16) {
    v128.store(out + at, f32x4.add(v128.load(out + at), f32x4.mul(weights, v128.load(vector + at))))
  }
}

/** `vector *= weight`, `[length]`. */
export function scale(vector: usize, weight: f32, length: i32): void {
  const weights = f32x4.splat(weight)
  for (let at: usize = 0, end = bytesOf(length); at < end; at += 16) {
    v128.store(vector + at, f32x4.mul(v128.load(vector + at), weights))
  }
}

/** `vector *= other`, place by place, `[length]`. */
export function multiply(vector: usize, other: usize, length: i32): void {
  for (let at: usize = 0, end = bytesOf(length); at < end; at += 16) {
    v128.store(vector + at, f32x4.mul(v128.load(vector + at), v128.load(other + at)))
  }
}

/** Makes `vector` a unit vector and returns what it was multiplied by. */
export function normalize(vector: usize, length: i32): f32 {
  const factor = <f32>1 / (Mathf.sqrt(dot(vector, vector, length)) + <f32>1e-12)
  scale(vector, factor, length)
  return factor
}

/** Returns e^x in each lane, to about 2 ulp for −87 ≤ x ≤ 88 (the polynomial of Cephes' expf). */
export function exp(x: v128): v128 {
  const clamped = f32x4.max(f32x4.min(x, f32x4.splat(88.0)), f32x4.splat(-87.0))
  const power = f32x4.nearest(f32x4.mul(clamped, f32x4.splat(1.44269504088896341)))
  // ln 2 in two parts, so that the rest keeps its digits.
  let rest = f32x4.sub(clamped, f32x4.mul(power, f32x4.splat(0.693359375)))
  rest = f32x4.sub(rest, f32x4.mul(power, f32x4.splat(-2.1219444e-4)))
  let sum = f32x4.splat(1.98756915e-4)
  sum = f32x4.add(f32x4.mul(sum, rest), f32x4.splat(1.3981999507e-3))
  sum = f32x4.add(f32x4.mul(sum, rest), f32x4.splat(8.3334519073e-3))
  sum = f32x4.add(f32x4.mul(sum, rest), f32x4.splat(4.1665795894e-2))
  sum = f32x4.add(f32x4.mul(sum, rest), f32x4.splat(1.6666665459e-1))
  sum = f32x4.add(f32x4.mul(sum, rest), f32x4.splat(5.0000001201e-1))
  sum = f32x4.add(f32x4.add(f32x4.mul(sum, f32x4.mul(rest, rest)), rest), f32x4.splat(1))
  const exponent = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(power), i32x4.splat(127)), 23)
  return f32x4.mul(sum, exponent)
}
