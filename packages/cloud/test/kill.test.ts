/** The acknowledgement is durable: a server is killed under load, again and again, and loses nothing it promised. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import Database from 'libsql'
import { parseEventAck } from '@vitrine/contracts'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createKey } from '../src/auth/keys.ts'
import { openFolder } from '../src/node.ts'
import { bundleForNode } from './bundle.ts'
import { eventsOf, numbers, randomIdOf } from './batches.ts'

const KILLS = 5
const DEVICES = 4
const BATCH = 20

let bundle: Awaited<ReturnType<typeof bundleForNode>>
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrine-kill-'))
  bundle = await bundleForNode(new URL('server-process.ts', import.meta.url))
}, 60_000)

afterAll(async () => {
  await bundle.remove()
  await rm(folder, { recursive: true, force: true })
})

async function startServer(): Promise<{ process: ChildProcess; url: string }> {
  const server = spawn(process.execPath, [bundle.file, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  for await (const url of createInterface(server.stdout)) return { process: server, url }
  throw new Error(`the server ended with ${server.exitCode} before it listened`)
}

/** A device that sends its events in order, repeats what was not acknowledged, and sometimes what was. */
function createDevice(id: string, key: string) {
  let acknowledged = 0
  let offered = 0
  async function sendUntil(stopped: () => boolean, url: string): Promise<void> {
    while (!stopped()) {
      const first = Math.max(1, acknowledged + 1 - (acknowledged % 3))
      offered = Math.max(offered, acknowledged + BATCH)
      const batch = {
        device: id,
        epoch: id,
        firstSeq: first,
        events: eventsOf(first, acknowledged + BATCH),
        sentAt: 0,
      }
      const answer = await fetch(`${url}/v1/events`, {
        method: 'POST',
        headers: { Authorization: `Bearer ${key}` },
        body: JSON.stringify(batch),
      })
        .then(async (response) => (response.ok ? parseEventAck(await response.json()) : undefined))
        // The kill cuts the connection; what it carried is sent again.
        .catch(() => undefined)
      if (answer) acknowledged = answer.ackedThrough
    }
  }
  return { id, sendUntil, acknowledged: () => acknowledged, offered: () => offered }
}

async function storedSeqs(device: string): Promise<number[]> {
  const { store } = openFolder(folder)
  const events = await store.readEvents('a', { limit: 10_000_000 })
  await store.close()
  return events.filter((event) => event.device === device).map(({ seq }) => seq)
}

it(`loses no acknowledged event and doubles none in ${KILLS} kills`, async () => {
  const { store } = openFolder(folder)
  const { key } = await createKey(store, { kind: 'publishable', tenant: 'a', origins: ['https://a.example'] })
  await store.close()
  const devices = Array.from({ length: DEVICES }, (_, i) => createDevice(randomIdOf(i + 1), key))

  for (let kill = 0; kill <= KILLS; kill++) {
    const server = await startServer()
    let stopped = false
    const before = devices.map((device) => device.acknowledged())
    const load = devices.map((device) => device.sendUntil(() => stopped, server.url))
    const deadline = Date.now() + 150 + Math.random() * 400
    // Never before every device got an answer, so that each round has something to lose.
    while (Date.now() < deadline || devices.some((device, i) => device.acknowledged() === before[i])) {
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    const died = once(server.process, 'exit')
    server.process.kill('SIGKILL')
    stopped = true
    await Promise.all([died, ...load])

    const database = new Database(join(folder, 'vitrine.db'))
    expect(database.pragma('integrity_check')).toMatchObject([{ integrity_check: 'ok' }])
    database.close()
    for (const device of devices) {
      const stored = await storedSeqs(device.id)
      // The primary key keeps doubles out; a set would hide them, the list does not.
      expect(stored.slice(0, device.acknowledged())).toEqual(numbers(1, device.acknowledged()))
      expect(stored.at(-1)).toBeLessThanOrEqual(device.offered())
      expect(stored).toEqual(numbers(1, stored.length))
    }
  }
  expect(devices.every((device) => device.acknowledged() > BATCH * KILLS)).toBe(true)
}, 120_000)
