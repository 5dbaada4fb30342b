import { describe, expect, it } from 'vitest'
import { pairedBootstrap } from './bootstrap.ts'
import { measureRanker } from './measure-ranker.ts'
import { quantile, ratesByPopularity, ratesByPrefix, ratesOf } from './metrics.ts'

describe('ratesOf', () => {
  it('is the hit rate, MRR and NDCG by their definitions', () => {
    expect(ratesOf(Uint16Array.of(1, 2, 0, 4))).toEqual({
      cases: 4,
      hit_rate: 3 / 4,
      mrr: (1 + 1 / 2 + 1 / 4) / 4,
      ndcg: (1 + 1 / Math.log2(3) + 1 / Math.log2(5)) / 4,
    })
    expect(ratesOf(new Uint16Array())).toEqual({ cases: 0, hit_rate: 0, mrr: 0, ndcg: 0 })
  })
})

describe('breakdowns', () => {
  it('put every case in one class', () => {
    const byPrefix = ratesByPrefix(Uint16Array.of(1, 0, 1, 1), Uint32Array.of(1, 2, 4, 50))
    expect(byPrefix['1']).toMatchObject({ cases: 1, hit_rate: 1 })
    expect(byPrefix['2']).toMatchObject({ cases: 1, hit_rate: 0 })
    expect(byPrefix['10+']).toMatchObject({ cases: 1, hit_rate: 1 })
    const counts = new Map(Array.from({ length: 10 }, (_, i) => [`i${i}`, 100 - i]))
    const targets = ['i0', 'i4', 'i5', 'new', 'x']
    const ranks = Uint16Array.of(1, 1, 0, 2, 0)
    const byPopularity = ratesByPopularity(ranks, targets, counts, (id) => id === 'new')
    expect(Object.values(byPopularity).map(({ cases }) => cases)).toEqual([1, 1, 1, 1, 1])
    expect(byPopularity.new.hit_rate).toBe(1)
    expect(byPopularity.absent.hit_rate).toBe(0)
  })
})

describe('measureRanker', () => {
  it('asks every prefix of every session, and ranks from 1', async () => {
    const asked: string[] = []
    const ranker = (prefix: readonly string[]): string[] => {
      asked.push(prefix.join(''))
      return ['x', 'b', 'c']
    }
    const { ranks, exposures } = await measureRanker(ranker, [['a', 'b', 'c'], ['a'], ['b', 'd']], { k: 3 })
    expect(asked).toEqual(['a', 'ab', 'b'])
    expect([...ranks]).toEqual([2, 3, 0])
    expect(Object.fromEntries(exposures)).toEqual({ x: 3, b: 3, c: 3 })
  })
})

describe('quantile', () => {
  it('is the value below which the share lies', () => {
    expect(quantile(Float64Array.of(3, 1, 2, 4), 0.5)).toBe(3)
    expect(quantile(new Float64Array(), 0.5)).toBeNaN()
  })
})

describe('pairedBootstrap', () => {
  const sessions = Uint32Array.from({ length: 400 }, (_, i) => Math.floor(i / 4))

  it('holds the mean, and not zero where one ranker is better throughout', () => {
    const { mean, low, high } = pairedBootstrap(
      Float64Array.from({ length: 400 }, (_, i) => (i % 5 === 0 ? 0 : 0.1)),
      sessions,
    )
    expect(mean).toBeCloseTo(0.08)
    expect(low).toBeGreaterThan(0.05)
    expect(high).toBeLessThan(0.1)
  })

  it('is wider where cases of a session agree, and the same for the same seed', () => {
    const width = (differences: Float64Array): number => {
      const { low, high } = pairedBootstrap(differences, sessions)
      return high - low
    }
    const alone = Float64Array.from({ length: 400 }, (_, i) => (i % 2 === 0 ? 1 : -1))
    const together = Float64Array.from({ length: 400 }, (_, i) => (Math.floor(i / 4) % 2 === 0 ? 1 : -1))
    expect(width(together)).toBeGreaterThan(5 * width(alone) + 0.1)
    expect(pairedBootstrap(together, sessions)).toEqual(pairedBootstrap(together, sessions))
  })
})
