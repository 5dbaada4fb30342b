/** Dense layers in WASM SIMD: many rows of inputs at once, with the bits of plain JavaScript. */
import type { DenseLayer, DenseLayers } from '../layers.ts'

/** Numbers in a page of WASM memory. */
const PAGE_NUMBERS = 8192
/** Rows that go through all layers together: what a layer hands on stays in the first-level cache. Even. */
const ROWS = 32

/** What the module exports for layers: see `assembly/dense.ts`. Addresses are in bytes. */
interface DenseExports {
  multiplyRows(
    weights: number,
    width: number,
    offsets: number,
    outputs: number,
    rows: number,
    stride: number,
    count: number,
    inputs: number,
    out: number,
    floor: number,
  ): void
}

/** Puts layers into a memory of their own, where all numbers are float64. */
export function placeLayers(module: WebAssembly.Module, layers: readonly DenseLayer[]): DenseLayers {
  const stride = layers[0]!.inputs
  const { outputs } = layers.at(-1)!
  // A tile of rows comes first. Places are counted in numbers.
  let end = ROWS * stride
  const take = (count: number): number => (end += count) - count
  const places = layers.map(({ inputs, outputs }) => {
    const padded = (outputs + 1) & ~1 // The kernel takes outputs in pairs.
    return {
      inputs,
      padded,
      weightsAt: take(padded * inputs),
      offsetsAt: take(padded),
      outAt: take(ROWS * padded),
    }
  })
  const memory = new WebAssembly.Memory({ initial: 1 + Math.floor(end / PAGE_NUMBERS) })
  const { exports } = new WebAssembly.Instance(module, { env: { memory } })
  const kernel = exports as unknown as DenseExports
  const numbers = new Float64Array(memory.buffer)
  for (const [at, { weights, biases }] of layers.entries()) {
    numbers.set(weights, places[at]!.weightsAt)
    numbers.set(biases, places[at]!.offsetsAt)
  }
  return {
    score(rows, count, width, offsets, scores) {
      numbers.set(offsets, places[0]!.offsetsAt)
      for (let first = 0; first < count; first += ROWS) {
        const tile = Math.min(ROWS, count - first)
        numbers.set(rows.subarray(first * stride, (first + tile) * stride))
        let from = 0
        let step = stride
        for (const [at, { inputs, padded, weightsAt, offsetsAt, outAt }] of places.entries()) {
          kernel.multiplyRows(
            8 * weightsAt,
            inputs,
            8 * offsetsAt,
            padded,
            8 * from,
            step,
            tile,
            at ? inputs : width,
            8 * outAt,
            at + 1 < places.length ? 0 : -Infinity,
          )
          from = outAt
          step = padded
        }
        for (let row = 0; row < tile; row++) {
          const at = from + row * step
          for (let o = 0; o < outputs; o++) scores[(first + row) * outputs + o] = numbers[at + o]!
        }
      }
    },
  }
}
