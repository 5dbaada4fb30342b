/** A tab dies at every named moment of an event's life, and of an erasure; the next one goes on, and the endpoint has each event once. */
import { report, seed, seeded, trials } from '@vitrine/trials'
import { beforeAll, describe, expect, test } from 'vitest'
import { SimulatedClock } from './simulation/clock.ts'
import { ENDPOINT, SimulatedDevice } from './simulation/device.ts'
import { installBrowserGlobals, turn } from './simulation/node.ts'
import { SimulatedServer } from './simulation/server.ts'

/** A number is an event's row, a string the log's bookkeeping. */
const LIFE: Readonly<Record<string, string>> = {
  'before an event is put': 'before put number',
  'after an event is put, before its commit': 'after put number',
  'before the bookkeeping is put': 'before put string',
  'after a commit, before its page hears of it': 'after commit undefined',
  'before a batch is sent': 'before send /v1/events',
  'after a batch is sent, before the endpoint stores it': 'after send /v1/events',
  'after the endpoint stored a batch, before its answer': 'before answer /v1/events',
  'after the answer, before the log hears of it': 'after answer /v1/events',
  'before what was acknowledged is deleted': 'before delete number',
  'after the deletion, before its commit': 'after delete number',
}
const ERASURE: Readonly<Record<string, string>> = {
  'before the erasure commits': 'after put string',
  'after the erasure committed': 'after commit undefined',
  'before the endpoint is told': 'before send /v1/erase',
  'after the endpoint is told, before it erases': 'after send /v1/erase',
  'after the endpoint erased, before its answer': 'before answer /v1/erase',
  'after its answer': 'after answer /v1/erase',
}
const TRIALS = trials({ test: 20, soak: 200 })
const HOURS_MS = 3 * 60 * 60_000

beforeAll(installBrowserGlobals)

class Crash {
  readonly server = new SimulatedServer()
  readonly device: SimulatedDevice
  #aim: { point: string; left: number } | undefined
  happened = false

  constructor(trial: number) {
    this.device = new SimulatedDevice({
      clock: new SimulatedClock(),
      server: this.server,
      seed: trial,
      onPoint: (point, tab) => {
        if (point !== this.#aim?.point || --this.#aim.left > 0) return
        this.#aim = undefined
        this.happened = true
        tab.kill()
      },
    })
  }

  /** The tab dies the `nth` time that it passes `point`. */
  aim(point: string, nth: number): void {
    this.#aim = { point, left: nth }
  }
}

describe.each(Object.entries(LIFE))('a tab that dies %s', (_, point) => {
  test(`loses no event that was acknowledged to the page, and doubles none, in ${TRIALS} trials`, async ({
    task,
  }) => {
    const random = seeded(seed())
    let [crashes, events, lost, doubled, mostUnstored] = [0, 0, 0, 0, 0]
    for (let trial = 0; trial < TRIALS; trial++) {
      const crash = new Crash(trial)
      const { device, server } = crash
      const { tab, opened } = device.openTab('granted')
      await opened
      const resolved: string[] = []
      let offered = 0
      const trackSome = async (): Promise<void> => {
        for (let left = Math.ceil(random() * 8); left > 0; left--) {
          const item = `event-${offered++}`
          tab.api.track({ type: 'view', item }).then(
            () => resolved.push(item),
            () => undefined, // Without a promise kept to the page, there is nothing to keep.
          )
          if (random() < 0.5) await device.settle()
        }
      }
      await trackSome()
      await device.advance(random() * 5000) // Some were sent before, most of the time.
      crash.aim(point, 1 + Math.floor(random() * 3))
      for (let round = 0; round < 4 && !crash.happened; round++) {
        await trackSome()
        await device.advance(3000)
      }
      crashes += Number(crash.happened)
      device.openTab('granted')
      await device.advance(HOURS_MS)

      const stored = server.stored()
      events += resolved.length
      lost += resolved.filter((item) => !stored.has(item)).length
      doubled += [...stored.values()].filter((count) => count > 1).length
      mostUnstored = Math.max(mostUnstored, offered - stored.size)
    }
    report(task, { promise: 2, unit: 'crashes at named points', trials: crashes, events, lost, doubled })
    expect({ lost, doubled }).toEqual({ lost: 0, doubled: 0 })
    // What was not promised may be missing, but only what the dead tab had in hand.
    expect(mostUnstored).toBeLessThanOrEqual(8)
    expect(crashes).toBeGreaterThan(TRIALS * 0.9)
  }, 300_000)
})

// Seen to fail with the commit not waited for in storage/connection.ts.
test('a tab that dies at any turn of its event loop loses nothing that was acknowledged to the page', async ({
  task,
}) => {
  const random = seeded(seed())
  const kills = 10 * TRIALS
  let [events, lost, doubled] = [0, 0, 0]
  for (let trial = 0; trial < kills; trial++) {
    const { device, server } = new Crash(trial)
    const { tab, opened } = device.openTab('granted')
    await opened
    const resolved: string[] = []
    for (let event = 0; event < 6; event++) {
      const item = `event-${event}`
      tab.api.track({ type: 'view', item }).then(
        () => resolved.push(item),
        () => undefined, // Nothing was promised.
      )
    }
    for (let turns = Math.floor(random() * 40); turns > 0; turns--) await turn()
    tab.kill()
    const promised = [...resolved]
    device.openTab('granted')
    await device.advance(10_000)
    const stored = server.stored()
    events += promised.length
    lost += promised.filter((item) => !stored.has(item)).length
    doubled += [...stored.values()].filter((count) => count > 1).length
  }
  report(task, { promise: 1, unit: 'kills of a simulated tab', trials: kills, events, lost, doubled })
  expect({ lost, doubled }).toEqual({ lost: 0, doubled: 0 })
  expect(events).toBeGreaterThan(kills)
}, 300_000)

describe.each(Object.entries(ERASURE))('consent that is withdrawn from a tab that dies %s', (_, point) => {
  test.for(['withdrawn', 'forgotten'] as const)(
    `leaves nothing here or there after the next start (%s), in ${TRIALS} trials`,
    { timeout: 300_000 },
    async (how, { task }) => {
      const random = seeded(seed())
      let [crashes, kept] = [0, 0]
      for (let trial = 0; trial < TRIALS; trial++) {
        const crash = new Crash(trial)
        const { device, server } = crash
        const { tab, opened } = device.openTab('granted')
        await opened
        for (let event = Math.ceil(random() * 9); event > 0; event--) {
          await tab.api.track({ type: 'view', item: `event-${event}` })
        }
        await device.advance(random() * 4000)
        crash.aim(point, 1)
        const erased = how === 'withdrawn' ? tab.api.setConsent('denied') : tab.api.forget()
        let isPromised = false
        erased.then(
          () => (isPromised = true),
          () => undefined, // The tab died before.
        )
        await device.settle()
        crashes += Number(crash.happened)
        // A page that starts without consent, or with a new one: both must finish what was begun.
        device.openTab(how === 'withdrawn' ? 'denied' : 'granted')
        await device.advance(HOURS_MS)
        const onDisk = [...(await device.disk.rows(`vitrine-behavior:${ENDPOINT}`)).keys()]
        if (how === 'withdrawn' || isPromised) {
          kept += server.events.size
          kept += onDisk.filter((key) => how === 'withdrawn' || typeof key === 'number').length
        }
        const databases = await device.disk.names()
        kept += Number(how === 'withdrawn' && databases.includes(`vitrine-behavior:${ENDPOINT}`))
      }
      report(task, { promise: 10, unit: 'kills during an erasure', trials: crashes, accepted: kept })
      expect(kept, 'events, rows and databases that should be gone').toBe(0)
      expect(crashes).toBeGreaterThan(TRIALS * 0.9)
    },
  )
})
