/** `track()` resolved means durable: the whole browser is killed at random moments, and nothing acknowledged is lost. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { seed, seeded, trials } from '@vitrine/trials'
import { ROOT } from '../../scripts/run-command.js'
import { type Engine, browserOf } from '../../scripts/setup/browsers.js'
import { strictPolicy } from '../../scripts/serving/static-server.js'
import { breakOffRecord } from './kills/broken-record.ts'
import { type Collector, startCollector } from './kills/collector.ts'
import { startRawBrowser } from './kills/raw-browser.ts'
import type { Edge } from './servers/edge.ts'
import { openShop } from './servers/shop.ts'
import { reportFigures } from './servers/figures.ts'
import { SDK } from './servers/sdk.ts'
import { expect, test } from './test.ts'

const KILLS = trials({ test: 20, soak: 200 })
const BROKEN_RECORDS = trials({ test: 4, soak: 20 })
/** The kill comes within so many ms after the first event of a life is durable. */
const LATEST_KILL_MS = 600

/** A shop whose one page tracks without a pause, and a profile on which a browser visits it in each of its lives. */
interface Lives {
  profile: string
  collector: Collector
  /** Starts a browser and kills it so many ms after the first event of this life is durable. */
  live(ms: number): Promise<void>
  /** Of what was promised: what is not at the endpoint, and how many are there more than once. */
  compare(promised: readonly string[]): Promise<{ lost: string[]; doubled: number; devices: number }>
  close(): Promise<void>
}

async function openLives(engine: Engine, edge: Edge): Promise<Lives> {
  const browser = browserOf(engine)
  if (browser?.by !== 'playwright') throw new Error(`There is no ${engine} on this machine.`)
  const profile = await mkdtemp(join(tmpdir(), 'vitrine-kills-'))
  const collector = await startCollector()
  const shop = await openShop(edge, {
    folders: { '/': join(ROOT, 'tests', 'e2e', 'kills'), '/sdk/': SDK },
    documents: (settings) => ({ '/config.json': { ...settings, collector: collector.url } }),
    policy: (endpoint) => strictPolicy([endpoint, collector.url]),
  })
  return {
    profile,
    collector,
    async live(ms) {
      const running = await startRawBrowser(engine, browser, { profile, url: `${shop.url}/` })
      try {
        await collector.untilTracking()
        await new Promise((resolve) => setTimeout(resolve, ms))
      } finally {
        await running.kill()
      }
    },
    async compare(promised) {
      const counts = new Map<string, number>()
      const stored = await shop.tenant.events()
      for (const { item } of stored) counts.set(item!, (counts.get(item!) ?? 0) + 1)
      return {
        lost: promised.filter((item) => !counts.has(item)),
        doubled: [...counts.values()].filter((count) => count > 1).length,
        devices: new Set(stored.map(({ device }) => device)).size,
      }
    },
    async close() {
      await shop.close()
      await collector.close()
      await rm(profile, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

// Seen to fail with transactions not waited for in storage/connection.ts.
const TITLE = 'no kill of the whole browser costs an event that was durable, or doubles one'
test(TITLE, { tag: '@alone' }, async ({ engine, edge }) => {
  test.setTimeout(KILLS * 30_000)
  test.skip(browserOf(engine)?.by !== 'playwright', `There is no ${engine} on this machine.`)
  const random = seeded(seed())
  const lives = await openLives(engine, edge)
  const { collector } = lives
  try {
    let events = 0
    let result: Awaited<ReturnType<Lives['compare']>> = { lost: [], doubled: 0, devices: 0 }
    // The last life only shows what the kill before left.
    let kills = 0
    let refused = 0
    for (let life = 0; life <= KILLS && result.lost.length + result.doubled === 0; life++) {
      const promised = [...collector.durable]
      await lives.live(random() * LATEST_KILL_MS)
      kills = life
      if (collector.refusals.length > 0) {
        refused++
        console.warn(`Life ${life}: the browser refused to store (${collector.refusals.splice(0)[0]}).`)
      }
      // Of all lives so far: what is missing now will be missing at the end.
      events = promised.length
      result = await lives.compare(promised)
    }
    const { lost, doubled, devices } = result
    const { discards } = collector
    const figures = { promise: 1, unit: 'kills of a whole browser', trials: kills, events }
    reportFigures({ ...figures, lost: lost.length, doubled })
    // Each name begins with the life that tracked it: whether all of one is gone, or its end, tells what to look for; a
    // second device, or a discard, that the browser threw the whole database away.
    expect({ lost, doubled, discards }, `from ${devices} devices`).toEqual({
      lost: [],
      doubled: 0,
      discards: 0,
    })
    expect(events).toBeGreaterThan(10 * KILLS)
    // More of them, and the kills above tell nothing.
    expect(refused).toBeLessThanOrEqual(KILLS / 10)
  } finally {
    await lives.close()
  }
})

// Seen to fail without renew-journal.ts: every second start threw all databases away (`dataLoss: 'total'`).
test(
  'a record that a kill broke off costs Chromium’s databases nothing',
  { tag: '@alone' },
  async ({ engine, edge }) => {
    test.skip(
      engine !== 'chromium',
      'Databases of other engines take a record that is broken off for what it is.',
    )
    test.setTimeout(60_000 + BROKEN_RECORDS * 30_000)
    const lives = await openLives(engine, edge)
    const { collector } = lives
    try {
      for (let life = 0; life < BROKEN_RECORDS; life++) {
        await lives.live(0)
        expect(await breakOffRecord(lives.profile)).toBeGreaterThan(0)
      }
      const promised = [...collector.durable]
      await lives.live(0)
      const { lost, doubled } = await lives.compare(promised)
      const figures = { promise: 1, unit: 'records that a kill broke off', trials: BROKEN_RECORDS }
      reportFigures({ ...figures, events: promised.length, lost: lost.length, doubled })
      expect({ lost, doubled, discards: collector.discards }).toEqual({ lost: [], doubled: 0, discards: 0 })
    } finally {
      await lives.close()
    }
  },
)
