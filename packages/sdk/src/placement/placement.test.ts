/** How the device of a table is chosen. */
import { expect, test } from 'vitest'
import { queries } from '../../test/placement-table.ts'
import { COUNT, rightLists, visit } from '../../test/placement-visit.ts'

const lists = await rightLists()

test('home stays where nothing is faster, and every device’s estimate is told', async () => {
  const { placement, settled, stored } = await visit({ ms: { wasm: 1, scalar: 5 } })
  expect(placement.status()).toMatchObject({ state: 'waiting', device: 'wasm', decided: null, estimates: [] })
  await settled()
  expect(placement.status()).toMatchObject({
    device: 'wasm',
    decided: 'probe',
    estimates: [
      { device: 'wasm', ms: 1, rows: COUNT, samples: 7, verdict: 'chosen' },
      { device: 'scalar', ms: 5, verdict: 'slower', why: '5 ms against 1 ms on wasm' },
      { device: 'sharded', ms: null, verdict: 'unavailable', why: 'This machine has one core.' },
      { device: 'webgpu', ms: null, verdict: 'unavailable', why: 'This browser has no WebGPU here.' },
    ],
    counts: { probes: 1, moves: 0, drifts: 0, failures: 0 },
  })
  expect(stored.verdict).toMatchObject({ revision: 'r-1', browser: 'Browser/1', device: 'wasm' })
})

test('searches that are fast enough are left alone: no worker and no GPU is started for them', async () => {
  const { placement, settled } = await visit({ ms: { wasm: 0.1, scalar: 0.5 } }, { cores: 8 })
  await settled()
  expect(placement.status()?.estimates).toMatchObject([
    { device: 'wasm', verdict: 'chosen' },
    { device: 'scalar', verdict: 'slower' },
    {
      device: 'sharded',
      verdict: 'not-tried',
      why: expect.stringMatching(/^wasm takes 0\.1 ms; below 0\.25 ms/) as string,
    },
    { device: 'webgpu', verdict: 'not-tried' },
  ])
})

test('a device that is faster takes over, and its lists are the same', async () => {
  const { placement, settled, search } = await visit({ ms: { wasm: 2, scalar: 1 } })
  await settled()
  expect(placement.status()).toMatchObject({
    device: 'scalar',
    estimates: [
      { device: 'wasm', verdict: 'slower', why: '2 ms against 1 ms on scalar' },
      { device: 'scalar', ms: 1, verdict: 'chosen' },
      {},
      {},
    ],
    counts: { moves: 1 },
  })
  for (const [at, query] of queries.entries()) expect(await search(query)).toEqual(lists[at])
})

test('a device that is hardly faster does not', async () => {
  const { placement, settled } = await visit({ ms: { wasm: 1, scalar: 0.9 } })
  await settled()
  expect(placement.status()?.device).toBe('wasm')
})

test('a few rows decide against a device, never for it: that takes the whole table', async () => {
  const { placement, settled, live } = await visit({
    ms: { wasm: 2, scalar: 1 },
    wholeMs: { scalar: 1.75 },
  })
  await settled()
  const { device, estimates } = placement.status()!
  expect(device).toBe('wasm')
  expect(estimates[1]).toMatchObject({ ms: 1.75, rows: COUNT, samples: 7, verdict: 'slower' })
  expect(live).toEqual(['wasm'])
})

test('a device that computes wrong is not used however fast it is, and it is said what was wrong', async () => {
  const { placement, settled, live } = await visit({ ms: { wasm: 2, scalar: 0.5 }, broken: 'wrong' })
  await settled()
  const { device, estimates } = placement.status()!
  expect(device).toBe('wasm')
  expect(estimates[1]).toMatchObject({
    verdict: 'wrong',
    why: expect.stringMatching(/^its answer to golden search 0 differs at rank 9: row \d+ with/) as string,
  })
  expect(live).toEqual(['wasm'])
})

test('probing goes on only when nobody searches, and never holds a list up for longer than a slice and a search', async () => {
  const { clock, placement, search, settled, placed } = await visit({ ms: { wasm: 1, scalar: 3 } })
  // A shopper who asks every 100 ms is left alone for as long as that lasts.
  for (let at = 0; at < 30; at++) {
    clock.spend(100)
    await clock.runDue()
    await search()
  }
  expect(placed.searches).toBe(30)
  expect(placement.status()?.estimates).toEqual([])
  await settled()
  expect(clock.longestTask).toBeGreaterThanOrEqual(4)
  expect(clock.longestTask).toBeLessThanOrEqual(4 + 3)
})
