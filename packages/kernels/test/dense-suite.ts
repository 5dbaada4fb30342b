/** What dense layers must do, checked against plain loops; run in Node and in browsers. */
import { expect, test } from 'vitest'
import { createDense } from '../src/dense.ts'
import type { DenseLayer } from '../src/layers.ts'
import { normals } from './tables.ts'

/** Registers the suite. */
export function denseSuite(): void {
  test.each([
    ['one weighted sum', [7, 1], 7],
    ['a hidden layer', [33, 64, 1], 22],
    ['odd widths', [5, 3, 7, 1], 4],
    ['several outputs, as an encoder has them', [32, 16], 32],
    ['an odd number of outputs', [6, 4, 3], 6],
  ] as const)('%s gives the bits of plain loops, for any number of rows', async (_, widths, read) => {
    const layers = layersOf(widths)
    const offsets = Float64Array.from(normals(widths[1], 99))
    for (const devices of [['wasm'], ['scalar']] as const) {
      const dense = await createDense(layers, { devices })
      for (const count of [0, 1, 2, 31, 32, 33, 100]) {
        const rows = normals(count * widths[0], count + 1)
        const scores = new Float32Array(count * widths.at(-1)!)
        dense.score(rows, count, read, offsets, scores)
        expect(scores).toEqual(plain(layers, rows, count, read, offsets))
      }
    }
  })

  test('layers larger than a page of memory find room', async () => {
    const layers = layersOf([64, 1024, 1])
    const rows = normals(64 * 3, 5)
    const scores = new Float32Array(3)
    const offsets = new Float64Array(1024)
    ;(await createDense(layers)).score(rows, 3, 64, offsets, scores)
    expect(scores).toEqual(plain(layers, rows, 3, 64, offsets))
  })
}

function layersOf(widths: readonly number[]): DenseLayer[] {
  return widths.slice(1).map((outputs, at) => ({
    inputs: widths[at]!,
    outputs,
    weights: normals(widths[at]! * outputs, 10 + at),
    biases: normals(outputs, 20 + at),
  }))
}

function plain(
  layers: readonly DenseLayer[],
  rows: Float32Array,
  count: number,
  read: number,
  offsets: Float64Array,
): Float32Array {
  const all = Array.from({ length: count }, (_, row) => {
    const width = layers[0]!.inputs
    let from = rows.subarray(row * width, row * width + read)
    for (const [at, { inputs, outputs, weights, biases }] of layers.entries()) {
      const given = at ? from.map((value) => (value < 0 ? 0 : value)) : from
      from = Float32Array.from({ length: outputs }, (_, o) =>
        given.reduce<number>(
          (sum, value, i) => sum + weights[o * inputs + i]! * value,
          at ? biases[o]! : offsets[o]!,
        ),
      )
    }
    return [...from]
  })
  return Float32Array.from(all.flat())
}
