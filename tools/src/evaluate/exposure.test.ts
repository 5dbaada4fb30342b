import { describe, expect, it } from 'vitest'
import { exposureOf, giniOf } from './exposure.ts'

function mean(of: readonly number[]): number {
  return of.reduce((sum, x) => sum + x, 0) / of.length
}

describe('giniOf', () => {
  it('is 0 for equal shares and nears 1 for one item alone', () => {
    expect(giniOf(Float64Array.of(3, 3, 3, 3), 4)).toBeCloseTo(0)
    expect(giniOf(Float64Array.of(7), 1000)).toBeCloseTo(0.999)
    expect(giniOf(new Float64Array(), 10)).toBe(0)
  })

  it('is the mean difference over twice the mean, items never listed included', () => {
    const all = [0, 0, 1, 4, 5]
    const differences = all.flatMap((a) => all.map((b) => Math.abs(a - b)))
    expect(giniOf(Float64Array.of(5, 1, 4), 5)).toBeCloseTo(mean(differences) / (2 * mean(all)))
  })
})

describe('exposureOf', () => {
  it('compares the popularity of what is listed with that of what shoppers chose', () => {
    const counts = new Map([
      ['a', 90],
      ['b', 10],
    ])
    const exposures = new Map([
      ['a', 3],
      ['b', 1],
    ])
    const input = { exposures, items: 4, targets: ['a', 'b', 'unknown', 'b'], counts }
    expect(exposureOf(input)).toMatchObject({
      coverage: 0.5,
      popularity_lift: (3 * 90 + 10) / 4 / ((90 + 10 + 0 + 10) / 4),
    })
    expect(exposureOf({ exposures, items: 4, targets: [] })).not.toHaveProperty('popularity_lift')
  })
})
