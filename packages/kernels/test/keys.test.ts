/** The promise that the WebGPU device rests on: a key is off by no more than half the margin, however floats round. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { quantiseQuery } from '../src/query.ts'
import { checkTable } from '../src/table.ts'
import { keyTermsOf } from '../src/webgpu/keys.ts'
import { anyQuery, anyTable, fitQuery } from './arbitraries.ts'
import { reference } from './reference.ts'
import { generator } from './tables.ts'

const CENTRE = 2 ** 19
const ULP = 2 ** -23

test('keys of rows keep the order of their scores up to the margin, with the worst rounding that WGSL allows', () => {
  fc.assert(
    fc.property(anyTable, anyQuery, fc.integer(), (table, draft, seed) => {
      const random = generator(seed)
      // WGSL may round to either neighbour: any value within an ulp stands for both, and for fused operations.
      const rounded = (x: number): number => x * (1 + (2 * random() - 1) * ULP)
      const shape = checkTable(table)
      const query = { ...fitQuery(draft, table), k: table.count }
      const quantised = quantiseQuery(query, shape)
      const { scaleFactor, biasFactor, margin, rest } = keyTermsOf(quantised, shape)
      const keyOf = (row: number): number => {
        let whole = 0
        let left = 0
        for (let j = 0; j < table.dimension; j++) {
          const value = table.values[row * table.dimension + j]!
          whole += value * quantised.quantised[j]!
          left += value * (rest?.[j] ?? 0)
        }
        const dot = rounded(rounded(whole) + rounded(left / 256))
        const scale = shape.largestScale > 0 ? rounded(table.scales[row]! / shape.largestScale) : 0
        const bias = shape.largestBias > 0 ? rounded((table.bias?.[row] ?? 0) / shape.largestBias) : 0
        const similarity = rounded(rounded(dot * scale) * rounded(scaleFactor))
        const height = rounded(similarity + rounded(bias * rounded(biasFactor)))
        return Math.floor(Math.min(2 * CENTRE - 1, Math.max(1, rounded(height + CENTRE))))
      }
      const best = reference(table, query)
      let lowest = Infinity
      for (const { index } of best) {
        const key = keyOf(index)
        // Whoever comes later has a lower score, or the same.
        expect(key).toBeLessThanOrEqual(lowest + margin)
        lowest = Math.min(lowest, key)
      }
    }),
    { numRuns: 2000 },
  )
})
