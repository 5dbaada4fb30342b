import { expect, it } from 'vitest'
import { createRandom } from '../../train/random.ts'
import { thresholdOf } from './largest.ts'

it('is what sorting would have found, with many equal values too', () => {
  const random = createRandom(1)
  for (let round = 0; round < 200; round++) {
    const count = 1 + Math.floor(60 * random())
    const kinds = 1 + Math.floor(20 * random())
    const values = Float64Array.from({ length: count + 5 }, () => Math.floor(kinds * random()))
    const sorted = values.slice(0, count).toSorted((a, b) => b - a)
    const most = 1 + Math.floor(count * random())
    expect(thresholdOf(values, count, most)).toBe(sorted[most - 1])
  }
})
