/** Consent that is withdrawn while the whole browser is killed: the next visit leaves nothing, here or at the endpoint. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { seed, seeded, trials } from '@vitrine/trials'
import { ROOT } from '../../scripts/run-command.js'
import { browserOf } from '../../scripts/setup/browsers.js'
import { strictPolicy } from '../../scripts/serving/static-server.js'
import { type RawBrowser, startRawBrowser } from './kills/raw-browser.ts'
import { startWitness } from './kills/witness.ts'
import { reportFigures } from './servers/figures.ts'
import { SDK } from './servers/sdk.ts'
import { openShop } from './servers/shop.ts'
import { expect, test } from './test.ts'

const KILLS_IN_TEST = { chromium: 4, firefox: 2, webkit: 0 }
/** An erasure takes a few transactions and a request. */
const LATEST_KILL_MS = 150

// Seen to fail with the note whom to erase left out of log.ts: the endpoint kept what had been sent.
test('a browser that is killed while consent is withdrawn leaves nothing after the next visit', async ({
  engine,
  edge,
}) => {
  const kills = trials({ test: KILLS_IN_TEST[engine], soak: 50 })
  test.setTimeout(60_000 + kills * 120_000)
  const random = seeded(seed())
  const browser = browserOf(engine)
  test.skip(browser?.by !== 'playwright', 'WebKitGTK has no profile to start on again.')
  if (browser?.by !== 'playwright') return
  const profile = await mkdtemp(join(tmpdir(), 'vitrine-erasures-'))
  const witness = await startWitness()
  const shop = await openShop(edge, {
    folders: { '/': join(ROOT, 'tests', 'e2e', 'kills'), '/sdk/': SDK },
    documents: (settings) => ({ '/config.json': { ...settings, witness: witness.url } }),
    policy: (endpoint) => strictPolicy([endpoint, witness.url]),
  })
  const visit = async (consent: string): Promise<{ running: RawBrowser; said: Record<string, string> }> => {
    witness.clear()
    const url = `${shop.url}/consent.html?consent=${consent}`
    const running = await startRawBrowser(engine, browser, { profile, url })
    return { running, said: await witness.next() }
  }
  try {
    let [kept, killed] = [0, 0]
    for (; killed < kills && kept === 0; killed++) {
      const before = await visit('granted')
      expect(before.said).toEqual({ tracked: '10' })
      await new Promise((resolve) => setTimeout(resolve, random() * LATEST_KILL_MS))
      await before.running.kill()
      const after = await visit('denied')
      expect(after.said['failed']).toBeUndefined()
      kept += after.said['left']!.split(' ').filter(Boolean).length + (await shop.tenant.events()).length
      await after.running.kill()
    }
    reportFigures({
      promise: 10,
      unit: 'kills of a whole browser during an erasure',
      trials: killed,
      accepted: kept,
    })
    expect(kept, 'databases here and events there').toBe(0)
  } finally {
    await shop.close()
    await witness.close()
    await rm(profile, { recursive: true, force: true, maxRetries: 5 })
  }
})
