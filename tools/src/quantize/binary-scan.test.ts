import { describe, expect, it } from 'vitest'
import { createTopK } from '@vitrine/kernels'
import { createRandom, normal } from '../train/random.ts'
import { createBinaryScan } from './binary-scan.ts'
import { quantizeRows } from './int8.ts'

const [COUNT, DIMENSION, K] = [2000, 64, 10]
const random = createRandom(2)
/** Directions around forty centres, as items lie around tastes. */
const centres = Float32Array.from({ length: 40 * DIMENSION }, () => normal(random))
const directions = Float32Array.from(
  { length: COUNT * DIMENSION },
  (_, i) => centres[(Math.floor(i / DIMENSION) % 40) * DIMENSION + (i % DIMENSION)]! + 0.5 * normal(random),
)
const table = {
  count: COUNT,
  dimension: DIMENSION,
  ...quantizeRows(directions, DIMENSION),
  bias: Float32Array.from({ length: COUNT }, () => random()),
}

describe('createBinaryScan', () => {
  it('finds most of what the exact scan finds, with the same scores', async () => {
    const exact = await createTopK(table, { devices: ['scalar'] })
    const binary = createBinaryScan(table)
    let common = 0
    for (let at = 0; at < 20; at++) {
      const vector = directions.slice(at * DIMENSION, (at + 1) * DIMENSION)
      const wanted = await exact.search({ vector, k: K, biasWeight: 0 })
      const found = await binary.search({ vector, k: K, biasWeight: 0 })
      expect(found.indices).toHaveLength(K)
      expect([...found.scores]).toEqual([...found.scores].toSorted((a, b) => b - a))
      common += found.indices.filter((row) => wanted.indices.includes(row)).length
    }
    expect(common).toBeGreaterThan(0.9 * 20 * K)
  })

  it('leaves out what is masked, and ranks by the bias alone for a query of zeros', async () => {
    const binary = createBinaryScan(table)
    const mask = Uint8Array.from(table.bias, (_, row) => row % 2)
    const vector = new Float32Array(DIMENSION)
    const { indices, scores } = await binary.search({ vector, k: K, mask, biasWeight: 1 })
    expect([...indices].every((row) => row % 2 === 0)).toBe(true)
    const best = Math.max(...table.bias.filter((_, row) => row % 2 === 0))
    expect(scores[0]).toBeCloseTo(best, 6)
  })
})
