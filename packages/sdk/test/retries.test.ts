/** Three tabs, ten thousand events, and a network that loses, repeats, delays and cuts: every event arrives once. */
import { report, seed, seeded, trials } from '@vitrine/trials'
import { beforeAll, expect, test } from 'vitest'
import { SimulatedClock } from './simulation/clock.ts'
import { SimulatedDevice } from './simulation/device.ts'
import type { Fate } from './simulation/network.ts'
import { installBrowserGlobals } from './simulation/node.ts'
import { type Mood, SimulatedServer } from './simulation/server.ts'

const TABS = 3
const EVENTS = 10_000
const SEEDS = trials({ test: 1, soak: 20 })
/** Tracked by one tab before it looks up: batches of every size come about. */
const MOST_AT_ONCE = 25
const HOURS_MS = 24 * 60 * 60_000

const FATES: readonly Fate[] = [
  'answered',
  'answered',
  'lost',
  'answer lost',
  'half an answer',
  'late',
  'repeated',
]
const MOODS: readonly Mood[] = ['well', 'well', 'well', 'well', 'busy', 'down']

beforeAll(installBrowserGlobals)

test(`${SEEDS} × ${EVENTS} events from ${TABS} tabs: the endpoint has the device’s set, and the sums hold at every look`, async ({
  task,
}) => {
  let [batches, lost, doubled, looks, unaccounted] = [0, 0, 0, 0, 0]
  for (let run = 0; run < SEEDS; run++) {
    const random = seeded(seed() + run)
    const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!
    const server = new SimulatedServer()
    let isTroubled = true
    const device = new SimulatedDevice({
      clock: new SimulatedClock(),
      server,
      seed: run,
      fate: () => (isTroubled ? pick(FATES) : 'answered'),
    })
    const tabs = await Promise.all(
      Array.from({ length: TABS }, async () => {
        const { tab, opened } = device.openTab('granted')
        await opened
        return tab
      }),
    )
    for (let offered = 0; offered < EVENTS;) {
      server.mood = pick(MOODS)
      const { api } = pick(tabs)
      const count = Math.min(EVENTS - offered, Math.ceil(random() * MOST_AT_ONCE))
      const tracked = Array.from({ length: count }, (_, at) =>
        api.track({ type: 'view', item: `e-${offered + at}` }),
      )
      offered += count
      // In turn: before the events are on disk, after, at once, or later.
      if (random() < 0.5) await Promise.all(tracked)
      if (random() < 0.5) {
        await Promise.all(tabs.map(({ api: other }) => other.flush().catch(() => undefined)))
      }
      await Promise.all(tracked)
      await device.advance(random() * 4000)
      if (random() < 0.05) {
        const { events } = await api.diagnostics()
        looks++
        unaccounted += Math.abs(offered - events.stored)
        unaccounted += Math.abs(events.stored - events.waiting - events.acknowledged)
      }
    }
    isTroubled = false
    server.mood = 'well'
    await device.advance(HOURS_MS)

    const pages = await Promise.all(tabs.map(({ api }) => api.diagnostics()))
    const offeredInAll = pages.reduce((sum, { events }) => sum + events.page.offered, 0)
    looks++
    unaccounted += Math.abs(offeredInAll - EVENTS) + Math.abs(pages[0]!.events.acknowledged - EVENTS)
    const stored = server.stored()
    lost += EVENTS - stored.size
    doubled += [...stored.values()].filter((count) => count > 1).length
    batches += server.batches
  }
  const events = SEEDS * EVENTS
  report(task, { promise: 2, unit: 'batches of simulated tabs', trials: batches, events, lost, doubled })
  report(task, { promise: 12, unit: 'comparisons of the sums', trials: looks, events, lost: unaccounted })
  expect({ lost, doubled, unaccounted }).toEqual({ lost: 0, doubled: 0, unaccounted: 0 })
}, 3_600_000)
