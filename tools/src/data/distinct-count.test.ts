import { describe, expect, it } from 'vitest'
import { DistinctCount } from './distinct-count.ts'

function countOf(ids: number, exactLimit?: number): number {
  const distinct = new DistinctCount(exactLimit === undefined ? {} : { exactLimit })
  for (let i = 0; i < ids; i++) {
    distinct.add(`user-${i}`)
    distinct.add(`user-${i >> 1}`)
  }
  return distinct.count
}

describe('DistinctCount', () => {
  it('is exact up to its limit', () => {
    expect(countOf(5000)).toBe(5000)
  })

  it('is within 0.1% beyond it', () => {
    const count = countOf(300_000, 1000)
    expect(count).not.toBe(300_000)
    expect(Math.abs(count - 300_000)).toBeLessThan(300)
  })
})
