import { describe, expect, it } from 'vitest'
import { numbers } from '../../test/batches.ts'
import { createRateLimit } from './rate-limits.ts'

describe('a rate limit', () => {
  it('lets a burst pass, then so many a second, and says when to come back', () => {
    let now = 0
    const admit = createRateLimit({ perSecond: 2, burst: 3 }, { clock: () => now })
    expect(numbers(1, 4).map(() => admit('a'))).toEqual([0, 0, 0, 0.5])
    expect(admit('b')).toBe(0)
    now = 499
    expect(admit('a')).toBeGreaterThan(0)
    now = 500
    expect([admit('a'), admit('a')]).toEqual([0, 0.5])
    now = 60_000
    expect(numbers(1, 4).map(() => admit('a') === 0)).toEqual([true, true, true, false])
  })

  it('is not fooled by a clock that is set back', () => {
    let now = 10_000
    const admit = createRateLimit({ perSecond: 1, burst: 1 }, { clock: () => now })
    admit('a')
    now = 0
    expect(admit('a')).toBe(1)
  })

  it('keeps no more buckets than it may, and those in use', () => {
    const admit = createRateLimit({ perSecond: 1, burst: 1 }, { clock: () => 0, maxBuckets: 2 })
    admit('old')
    admit('used')
    expect(admit('used')).toBe(1)
    admit('new')
    expect([admit('used'), admit('old')]).toEqual([1, 0])
  })
})
