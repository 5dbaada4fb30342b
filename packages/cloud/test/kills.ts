/** Devices that send without a pause while servers are killed under them, and what must be true after each kill. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { parseEventAck } from '@vitrine/contracts'
import { type Figures, seed, seeded, trials } from '@vitrine/trials'
import { createKey } from '../src/auth/keys.ts'
import { openStorage } from '../src/node.ts'
import { bundleForNode } from './bundle.ts'
import { eventsOf, randomIdOf } from './batches.ts'

/** Kills of the server in all. Where the database crashes too, its crashes come on top. */
export const KILLS: number = trials({ test: 50, soak: 200 })
/** The first few are a test of their own: `npm run mutation` runs no more than those, and more where one must lose. */
export const FIRST_KILLS: number = trials({ test: 5, soak: 5, mutation: 15 })

const DEVICES = 4
const BATCH = 20
const LONGEST_LOAD_MS = 250

/** What a database holds of one device. */
export interface Stored {
  device: string
  /** Rows. */
  stored: number
  /** Events: less than rows when one is there twice. */
  different: number
  /** The highest number. */
  last: number
}

/** What lies below the server. */
export interface Backend {
  /** Missing: SQLite in the folder. */
  database?: string
  /** Events stored of each device, as long as the database itself finds nothing wrong with its files. */
  inspect(folder: string): Promise<Stored[]>
  /** Crashes the database and starts it again; called amid the load in every third round, before the server's kill. */
  crash?(): Promise<void>
}

/** A server under load, killed as often as one likes. */
export interface Kills {
  /** Rounds of load, each ended by SIGKILL. Resolves with what was counted so far. */
  run(rounds: number): Promise<Required<Figures>>
  stop(): Promise<void>
}

/** Prepares the server's bundle, a folder, a key and the devices. */
export async function prepareKills(backend: Backend): Promise<Kills> {
  const { database } = backend
  const random = seeded(seed())
  const folder = await mkdtemp(join(tmpdir(), 'vitrine-kill-'))
  const bundle = await bundleForNode(new URL('server-process.ts', import.meta.url))
  const { store } = await openStorage({ folder, ...(database !== undefined && { database }) })
  const { key } = await createKey(store, { kind: 'publishable', tenant: 'a', origins: ['https://a.example'] })
  await store.close()
  const devices = Array.from({ length: DEVICES }, (_, i) => createDevice(randomIdOf(i + 1), key))
  let kills = 0
  const wrong = { lost: 0, doubled: 0, accepted: 0 }

  async function startServer(): Promise<{ process: ChildProcess; url: string }> {
    const args = [bundle.file, folder, ...(database === undefined ? [] : [database])]
    const server = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    for await (const url of createInterface(server.stdout)) return { process: server, url }
    throw new Error(`the server ended with ${server.exitCode} before it listened`)
  }

  /** Waits until every device got an answer, so that each kill has something to lose, and a moment more. */
  async function load(): Promise<void> {
    const before = devices.map((device) => device.acknowledged())
    const until = Date.now() + random() * LONGEST_LOAD_MS
    while (Date.now() < until || devices.some((device, i) => device.acknowledged() === before[i])) {
      await new Promise((resolve) => setTimeout(resolve, 2))
    }
  }

  async function verify(): Promise<void> {
    // Noted before the database is asked: some are still sending.
    const acknowledged = devices.map((device) => device.acknowledged())
    const stored = new Map((await backend.inspect(folder)).map((row) => [row.device, row]))
    const found = { lost: 0, doubled: 0, accepted: 0 }
    for (const [index, device] of devices.entries()) {
      const { stored: count = 0, different = 0, last = 0 } = stored.get(device.id) ?? {}
      // As many as the highest number means that there is no gap before it.
      found.lost += last - different + Math.max(0, acknowledged[index]! - last)
      found.doubled += count - different
      found.accepted += Math.max(0, last - device.offered()) // Nobody sent those.
    }
    // What is lost stays lost: the worst moment counts, not each one after it.
    for (const name of ['lost', 'doubled', 'accepted'] as const) {
      wrong[name] = Math.max(wrong[name], found[name])
    }
  }

  async function round(): Promise<void> {
    const server = await startServer()
    let stopped = false
    const sending = devices.map((device) => device.sendUntil(() => stopped, server.url))
    await load()
    if (backend.crash && kills % 3 === 2) {
      await backend.crash()
      await verify()
      await load()
    }
    const died = once(server.process, 'exit')
    server.process.kill('SIGKILL')
    kills += 1
    stopped = true
    await Promise.all([died, ...sending])
    await verify()
  }

  return {
    run: async (rounds) => {
      const until = kills + rounds
      while (kills < until) await round()
      const events = devices.reduce((sum, device) => sum + device.acknowledged(), 0)
      return { promise: 4, unit: 'kills of the server or its database', trials: kills, events, ...wrong }
    },
    stop: async () => {
      await bundle.remove()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** A device that sends its events in order, repeats what was not acknowledged, and sometimes what was. */
function createDevice(id: string, key: string) {
  let acknowledged = 0
  let offered = 0

  async function send(url: string): Promise<void> {
    const first = Math.max(1, acknowledged + 1 - (acknowledged % 3))
    offered = Math.max(offered, acknowledged + BATCH)
    const batch = {
      device: id,
      epoch: id,
      firstSeq: first,
      events: eventsOf(first, acknowledged + BATCH),
      sentAt: 0,
    }
    const response = await fetch(`${url}/v1/events`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${key}` },
      body: JSON.stringify(batch),
    })
    if (response.ok) acknowledged = parseEventAck(await response.json()).ackedThrough
    else await response.body?.cancel()
  }

  async function sendUntil(stopped: () => boolean, url: string): Promise<void> {
    while (!stopped()) {
      // The kill cuts the connection; what it carried is sent again.
      await send(url).catch(() => new Promise((resolve) => setTimeout(resolve, 5)))
    }
  }

  return { id, sendUntil, acknowledged: () => acknowledged, offered: () => offered }
}
