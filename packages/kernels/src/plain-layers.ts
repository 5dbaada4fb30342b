/** Dense layers in plain JavaScript: the numbers that the WASM kernel has to give, bit by bit. */
import type { DenseLayer, DenseLayers } from './layers.ts'

/**
 * Returns layers that run as they are, for training and for browsers without WASM.
 *
 * @example
 * ```ts
 * const layers = plainLayers([{ inputs: 2, outputs: 1, weights: Float32Array.of(3, 4), biases: Float32Array.of(0) }])
 * layers.score(Float32Array.of(1, 10), 1, 2, Float64Array.of(0.5), scores) // scores: [43.5]
 * ```
 */
export function plainLayers(layers: readonly DenseLayer[]): DenseLayers {
  const stride = layers[0]!.inputs
  const outs = layers.map(({ outputs }) => new Float32Array(outputs))
  return {
    score(rows, count, width, offsets, scores) {
      for (let row = 0; row < count; row++) {
        multiply(layers[0]!, width, rows, row * stride, offsets, outs[0]!)
        for (let at = 1; at < layers.length; at++) {
          const from = outs[at - 1]!
          for (let i = 0; i < from.length; i++) from[i] = Math.max(0, from[i]!)
          multiply(layers[at]!, from.length, from, 0, layers[at]!.biases, outs[at]!)
        }
        const out = outs.at(-1)!
        scores.set(out, row * out.length)
      }
    },
  }
}

/**
 * Writes `offsets[o] + Σ weights[o, i] · input[start + i]`, over the first `width` inputs, into `out[o]`. Four outputs at
 * a time read the input once, and no sum waits for its own last term; each is added up as it would be alone.
 */
function multiply(
  { inputs, outputs, weights }: DenseLayer,
  width: number,
  input: Float32Array,
  start: number,
  offsets: ArrayLike<number>,
  out: Float32Array,
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
    for (let i = 0; i < width; i++) {
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
    for (let i = 0; i < width; i++) sum += weights[row * inputs + i]! * input[start + i]!
    out[row] = sum
  }
}
