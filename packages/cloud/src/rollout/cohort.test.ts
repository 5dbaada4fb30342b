import { describe, expect, it } from 'vitest'
import { numbers, randomIdOf } from '../../test/batches.ts'
import { placeOf, revisionFor } from './cohort.ts'

const ROLLOUT = { model: 'shop', stable: 'r1', candidate: 'r2', share: 0.1, changedAt: 0 }
const DEVICES = numbers(1, 4000).map(randomIdOf)

async function cohort(share: number, candidate = 'r2'): Promise<Set<string>> {
  const served = await Promise.all(
    DEVICES.map(
      async (device) => [device, await revisionFor({ ...ROLLOUT, candidate, share }, device)] as const,
    ),
  )
  return new Set(served.filter(([, revision]) => revision === candidate).map(([device]) => device))
}

describe('the cohort of a candidate', () => {
  it.each([0, 0.01, 0.1, 0.5, 1])('is a share of %d of the devices', async (share) => {
    const expected = share * DEVICES.length
    const deviation = Math.sqrt(DEVICES.length * share * (1 - share))
    expect(Math.abs((await cohort(share)).size - expected)).toBeLessThanOrEqual(4 * deviation)
  })

  it('only grows with the share', async () => {
    const [few, more] = await Promise.all([cohort(0.1), cohort(0.3)])
    expect([...few].every((device) => more.has(device))).toBe(true)
  })

  it('is drawn anew for each revision', async () => {
    const [one, other] = await Promise.all([cohort(0.1), cohort(0.1, 'r3')])
    const both = [...one].filter((device) => other.has(device)).length
    // A tenth of a tenth, were it not for chance.
    expect(both).toBeLessThan(DEVICES.length * 0.02)
  })

  it('is the same everywhere and every time', async () => {
    expect(await placeOf(randomIdOf(7), 'r2')).toBeCloseTo(0.18057, 5)
  })
})

describe('who tells no device', () => {
  it('gets the candidate once all devices do, and the stable revision before and after', async () => {
    expect(await revisionFor(ROLLOUT, undefined)).toBe('r1')
    expect(await revisionFor({ ...ROLLOUT, share: 1 }, undefined)).toBe('r2')
    expect(await revisionFor({ ...ROLLOUT, share: 1, haltedAt: 1 }, undefined)).toBe('r1')
  })
})
