/** How a device is kept, left and looked for again. */
import { expect, test } from 'vitest'
import { queries } from '../../test/placement-table.ts'
import { type Behavior, createGate, rightLists, visit } from '../../test/placement-visit.ts'

const lists = await rightLists()

test('a device that fails while it serves loses no list: home answers, and the next visit knows', async () => {
  const behavior: Behavior = { ms: { wasm: 2, scalar: 1 } }
  const { clock, placement, placed, settled, search, stored, live } = await visit(behavior)
  await settled()
  behavior.broken = 'fails'
  const answers = await Promise.all(queries.map((query) => search(query)))
  expect(answers).toEqual(lists)
  await clock.until(() => stored.writes === 2)
  expect(placed.device).toBe('wasm')
  expect(placement.status()).toMatchObject({
    device: 'wasm',
    failure: 'scalar: the device was lost',
    counts: { failures: 1 },
    estimates: [
      { verdict: 'chosen', why: 'scalar failed' },
      { verdict: 'failed', why: 'the device was lost' },
      {},
      {},
    ],
  })
  expect(live).toEqual(['wasm'])
  const next = await visit({ ms: { wasm: 2, scalar: 1 } }, { stored })
  await next.settled()
  expect(next.placement.status()).toMatchObject({ device: 'wasm', decided: 'earlier-visit' })
})

test('a move waits for nobody and loses nothing: the device before ends its searches first', async () => {
  const behavior: Behavior = { ms: { wasm: 2, scalar: 1 } }
  const { placed, settled, search, live, placement } = await visit(behavior)
  await settled()
  const { opened, open } = createGate()
  behavior.gate = opened
  const before = queries.map((query) => search(query))
  let hasLeft = false
  const left = placed.moveTo(placed.home).then(() => (hasLeft = true))
  expect(await search(queries[1])).toEqual(lists[1])
  expect(hasLeft).toBe(false)
  expect(placed.device).toBe('wasm')
  expect(placement.status()?.parallel).toMatchObject({ tasks: 5, mostTasks: 6 })
  open()
  await left
  expect(await Promise.all(before)).toEqual(lists)
  expect(live).toEqual(['wasm', 'scalar'])
})

test('the next visit goes by what the last one found, another browser, revision or release by its own probe', async () => {
  const { settled, stored } = await visit({ ms: { wasm: 2, scalar: 1 } })
  await settled()
  const again = await visit({ ms: { wasm: 2, scalar: 1 } }, { stored })
  await again.settled()
  expect(again.placement.status()).toMatchObject({
    device: 'scalar',
    decided: 'earlier-visit',
    counts: { probes: 0, moves: 1 },
  })
  for (const other of [{ browser: 'Browser/2' }, { release: '1.0.1' }, { cores: 2 }]) {
    const different = await visit(
      { ms: { wasm: 1, scalar: 2 } },
      { stored: structuredClone(stored), ...other },
    )
    await different.settled()
    expect(different.placement.status()).toMatchObject({
      device: 'wasm',
      decided: 'probe',
      counts: { probes: 1 },
    })
  }
})

test('what is stored is not trusted: anything but a verdict is measured anew', async () => {
  const circumstances = {
    revision: 'r-1',
    browser: 'Browser/1',
    release: '1.0.0',
    cores: 1,
    at: 1,
    estimates: [],
  }
  for (const verdict of [
    'wasm',
    null,
    7,
    {},
    { ...circumstances, device: 'toaster' },
    { ...circumstances, device: 'scalar', estimates: 3 },
  ]) {
    const { settled, placement, errors } = await visit(
      { ms: { wasm: 1, scalar: 2 } },
      { stored: { verdict, writes: 0 } },
    )
    await settled()
    expect(placement.status()).toMatchObject({ device: 'wasm', decided: 'probe' })
    expect(errors).toEqual([])
  }
})

test('a device of an earlier visit that no longer serves is passed over, and the others are measured', async () => {
  const { settled, stored } = await visit({ ms: { wasm: 2, scalar: 1 } })
  await settled()
  const again = await visit({ ms: { wasm: 2, scalar: 1 }, broken: 'fails' }, { stored })
  await again.settled()
  expect(again.placement.status()).toMatchObject({
    device: 'wasm',
    decided: 'probe',
    failure: 'scalar: the device was lost',
    counts: { probes: 1, moves: 0, failures: 1 },
  })
})

test('latencies that drift bring another probe, but not soon after the last', async () => {
  const behavior: Behavior = { ms: { wasm: 2, scalar: 1 } }
  const { clock, placement, settled, search, stored } = await visit(behavior)
  const probes = (): number => placement.status()!.counts.probes
  const shop = async (searches: number): Promise<void> => {
    for (let at = 0; at < searches; at++) await search()
  }
  await settled()
  await shop(64)
  expect(stored.verdict).toMatchObject({ baselineMs: 1 })
  behavior.ms.scalar = 6
  await shop(100)
  await clock.runDue()
  expect(placement.status()).toMatchObject({ state: 'settled', device: 'scalar', latency: { baselineMs: 1 } })
  expect(placement.status()!.latency.recentMs).toBeCloseTo(6, 3)

  clock.spend(600_000)
  await shop(1)
  expect(placement.status()).toMatchObject({ state: 'waiting', counts: { drifts: 1 } })
  await settled()
  expect(probes()).toBe(2)
  expect(placement.status()).toMatchObject({ device: 'wasm', counts: { moves: 1 } })
  expect(await search(queries[2])).toEqual(lists[2])
})

test('a model that goes takes everything along, also in the middle of a probe', async () => {
  const { clock, placed, placement, live, errors } = await visit({ ms: { wasm: 2, scalar: 1 } })
  await clock.until(() => placement.status()?.state === 'probing')
  placed.dispose()
  await clock.runDue()
  await new Promise((resolve) => setTimeout(resolve, 5))
  expect(live).toEqual([])
  expect(errors).toEqual([])

  const moved = await visit({ ms: { wasm: 2, scalar: 1 } })
  await moved.settled()
  moved.placed.dispose()
  await new Promise((resolve) => setTimeout(resolve, 5))
  expect(moved.live).toEqual([])
})
