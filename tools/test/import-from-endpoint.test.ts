/** What devices sent becomes a model: endpoint, import, train. */
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { createKey, silentLogger } from '@vitrine/cloud'
import { type RunningServer, openFolder, serve } from '@vitrine/cloud/node'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { run } from './command.ts'
import { syntheticVisits } from './synthetic-shop.ts'

const ERASED = 'f'.repeat(32)
const idOf = (n: number) => n.toString(16).padStart(32, '0')

let folder = ''
let server: RunningServer
let key = ''
let sent = 0

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrine-from-endpoint-'))
  const { store } = openFolder(join(folder, 'endpoint'))
  key = (await createKey(store, { kind: 'secret', tenant: 'a' })).key
  for (const [n, visit] of syntheticVisits().entries()) {
    const device = n === 0 ? ERASED : idOf(n)
    const events = visit.items.map((item, i) => ({
      seq: i + 1,
      type: 'view' as const,
      item,
      at: visit.at + i * 1000,
    }))
    await store.appendEvents('a', { device, epoch: idOf(1), firstSeq: 1, events, receivedAt: 1 })
    if (n > 0) sent += events.length
  }
  const shown = [{ seq: 1, type: 'impression' as const, item: 'shown', at: 1_700_000_000_000, value: 0 }]
  await store.appendEvents('a', {
    device: idOf(2),
    epoch: idOf(2),
    firstSeq: 1,
    events: shown,
    receivedAt: 1,
  })
  await store.eraseDevice('a', ERASED, 2)
  await store.close()
  server = await serve({ folder: join(folder, 'endpoint'), port: 0, logger: silentLogger })
}, 60_000)
afterAll(async () => {
  await server.close()
  await rm(folder, { recursive: true })
})

it('imports what the endpoint collected, without whom it forgot, and trains on it', async () => {
  const out = join(folder, 'shop')
  const env = { VITRINE_KEY: key }
  const imported = await run(['import', '--from-endpoint', server.url, '--out', out, '--json'], { env })
  expect(imported.stderr).toContain('download: ')
  expect(JSON.parse(imported.stdout)).toMatchObject({
    events: sent,
    dropped: [{ reason: 'an impression', rows: 1 }],
  })
  const text = gunzipSync(await readFile(join(out, 'events.ndjson.gz'))).toString()
  expect(text).not.toContain(ERASED)
  // The download itself is gone.
  expect((await readdir(out)).toSorted()).toEqual(['catalogue.ndjson', 'events.ndjson.gz', 'import.json'])

  const model = join(folder, 'model')
  const trained = await run(['train', '--events', out, '--holdout', '0.1', '--out', model, '--json'])
  expect(trained.code).toBe(0)
  expect(await readdir(model)).toContain('manifest.json')
}, 180_000)

it('says what it lacks', async () => {
  const from = ['import', '--from-endpoint', server.url, '--out', join(folder, 'none')]
  const refused = [
    [...from, '--key', 'pk_live_x'],
    [...from, '--key', key, 'a-file.csv'],
    [...from, '--key', key, '--since', 'yesterday'],
  ]
  for (const args of refused) {
    expect((await run(args)).stderr).toMatch(/^error INVALID_OPTIONS: /mu)
  }
}, 60_000)
