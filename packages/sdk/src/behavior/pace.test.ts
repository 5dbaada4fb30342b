import { expect, test } from 'vitest'
import { type Pace, UNKNOWN_PACE_MS, nextPace } from './pace.ts'

test('the pace follows what the device does, a change within a few times', () => {
  let pace: Pace | undefined
  for (let sent = 0; sent <= 20; sent++) pace = nextPace(pace, sent * 5000)
  expect(pace!.everyMs).toBeGreaterThan(5000)
  expect(pace!.everyMs).toBeLessThan(5500)
  for (let sent = 1; sent <= 10; sent++) pace = nextPace(pace, 100_000 + sent * 120_000)
  expect(pace!.everyMs).toBeGreaterThan(110_000)
})

test('a device that never sent, one that comes once a day and one whose clock was set stay within bounds', () => {
  const first = nextPace(undefined, 0)
  expect(first).toEqual({ sentAt: 0, everyMs: UNKNOWN_PACE_MS })
  let daily = first
  for (let day = 1; day <= 30; day++) daily = nextPace(daily, day * 86_400_000)
  expect(daily.everyMs).toBeLessThanOrEqual(600_000)
  expect(nextPace(first, -315_360_000_000).everyMs).toBe(0.75 * UNKNOWN_PACE_MS)
})
