/** When latencies count as drifted. */
import { expect, test } from 'vitest'
import { Drift } from './drift.ts'

function after(drift: Drift, ms: number, times: number): (string | undefined)[] {
  return Array.from({ length: times }, () => drift.add(ms))
}

test('the first 64 searches are the baseline, and like ones never drift', () => {
  const drift = new Drift()
  expect(after(drift, 2, 63)).toEqual(Array.from({ length: 63 }))
  expect(drift.figures).toEqual({ baselineMs: null, recentMs: 2 })
  expect(drift.add(2)).toBe('settled')
  expect(after(drift, 3.9, 500)).not.toContain('drifted')
  expect(after(drift, 1.1, 500)).not.toContain('drifted')
})

test.each([
  ['slower', 5],
  ['faster', 0.5],
])('searches that are %s for good have drifted, within 40', (_, ms) => {
  const drift = new Drift(2)
  expect(after(drift, ms, 15)).not.toContain('drifted')
  expect(after(drift, ms, 25)).toContain('drifted')
})

test('a pause now and then is no drift', () => {
  const drift = new Drift(2)
  for (let time = 0; time < 50; time++) {
    expect(drift.add(30)).toBeUndefined()
    expect(after(drift, 2, 30)).not.toContain('drifted')
  }
})
