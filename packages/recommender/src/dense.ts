/** Matrix times vector, which encoder and ranker are made of. */

/** `[outputs, inputs]`, row-major. */
export interface Matrix {
  readonly inputs: number
  readonly outputs: number
  readonly weights: Float32Array
}

/**
 * Writes `offsets[row] + Σ weights[row, i] · input[start + i]`, over i from `from` to `to` (exclusive), into `out[row]`.
 * Four rows at a time read the input once, and no sum waits for its own last term; each is added up as it would be alone.
 *
 * @param offsets What `out` holds where missing.
 */
export function multiply(
  { inputs, outputs, weights }: Matrix,
  from: number,
  to: number,
  input: Float32Array,
  start: number,
  out: Float32Array | Float64Array,
  offsets: ArrayLike<number> = out,
): void {
  let row = 0
  for (; row + 3 < outputs; row += 4) {
    const first = row * inputs
    const second = first + inputs
    const third = second + inputs
    const fourth = third + inputs
    let a = offsets[row]!
    let b = offsets[row + 1]!
    let c = offsets[row + 2]!
    let d = offsets[row + 3]!
    for (let i = from; i < to; i++) {
      const value = input[start + i]!
      a += weights[first + i]! * value
      b += weights[second + i]! * value
      c += weights[third + i]! * value
      d += weights[fourth + i]! * value
    }
    out[row] = a
    out[row + 1] = b
    out[row + 2] = c
    out[row + 3] = d
  }
  for (; row < outputs; row++) {
    let sum = offsets[row]!
    for (let i = from; i < to; i++) sum += weights[row * inputs + i]! * input[start + i]!
    out[row] = sum
  }
}
