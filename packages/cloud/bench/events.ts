/**
 * How many events a second the endpoint takes, against a bare node:http server that stores nothing, in turn in one
 * run. The client shares the machine; the servers' CPU time a batch is the figure that other load disturbs least.
 *
 *     pnpm --filter @vitrine/cloud bench --rounds 5 --seconds 2 --connections 32 --batch 50 [--plain] [--json]
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { Agent, request } from 'node:http'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { gzipSync } from 'node:zlib'
import { createKey } from '../src/auth/keys.ts'
import { openFolder } from '../src/node.ts'
import { bundleForNode } from '../test/bundle.ts'

interface Settings {
  rounds: number
  seconds: number
  connections: number
  /** Events a batch. */
  batch: number
  plain: boolean
  json: boolean
  key: string
}

interface Server {
  name: string
  url: string
  process: ChildProcess
}

interface Sample {
  batchesPerSecond: number
  cpuMsPerBatch: number
  p50Ms: number
  p99Ms: number
}

/** Measures and prints. */
export async function measureEvents(args: readonly string[]): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'vitrine-bench-'))
  const bundle = await bundleForNode(new URL('server.ts', import.meta.url))
  const servers: Server[] = []
  try {
    const settings = { ...settingsOf(args), key: await prepareFolder(folder) }
    servers.push(await start('vitrine', bundle.file, folder), await start('bare', bundle.file))
    // Warms up both servers and this client.
    for (const server of servers) await sample(server, { ...settings, seconds: 0.5 })
    const samples = new Map<Server, Sample[]>(servers.map((server) => [server, []]))
    for (let round = 0; round < settings.rounds; round++) {
      for (const server of servers) samples.get(server)!.push(await sample(server, settings))
    }
    report(samples, settings)
  } finally {
    for (const server of servers) server.process.kill()
    await bundle.remove()
    await rm(folder, { recursive: true })
  }
}

function settingsOf(args: readonly string[]): Omit<Settings, 'key'> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rounds: { type: 'string', default: '5' },
      seconds: { type: 'string', default: '2' },
      connections: { type: 'string', default: '32' },
      batch: { type: 'string', default: '50' },
      plain: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  })
  return {
    rounds: Number(values.rounds),
    seconds: Number(values.seconds),
    connections: Number(values.connections),
    batch: Number(values.batch),
    plain: values.plain,
    json: values.json,
  }
}

async function prepareFolder(folder: string): Promise<string> {
  const { store } = openFolder(folder)
  const { key } = await createKey(store, { kind: 'publishable', tenant: 'bench', origins: ['*'] })
  await store.close()
  return key
}

async function start(name: string, file: string, ...args: string[]): Promise<Server> {
  const server = spawn(process.execPath, [file, name, ...args], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  })
  for await (const url of createInterface(server.stdout!)) return { name, url, process: server }
  throw new Error(`server ${name} ended before it listened`)
}

async function cpuMsOf(server: Server): Promise<number> {
  server.process.send('cpu')
  const [usage] = (await once(server.process, 'message')) as [NodeJS.CpuUsage]
  return (usage.user + usage.system) / 1000
}

/** Each connection sends the batches of one new device, one after the other, for so many seconds. */
async function sample(server: Server, settings: Settings): Promise<Sample> {
  const { connections, seconds } = settings
  const bodies = prepareBodies(settings)
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const latencies: number[] = []
  const cpuBefore = await cpuMsOf(server)
  const begin = performance.now()
  const end = begin + seconds * 1000
  await Promise.all(
    bodies.map(async (bodiesOfOne) => {
      for (const body of bodiesOfOne) {
        const sent = performance.now()
        if (sent >= end) return
        await post(`${server.url}/v1/events`, body, settings, agent)
        latencies.push(performance.now() - sent)
      }
      throw new Error('the prepared batches did not suffice; take fewer seconds')
    }),
  )
  const elapsed = (performance.now() - begin) / 1000
  const cpuMs = (await cpuMsOf(server)) - cpuBefore
  agent.destroy()
  const sorted = Float64Array.from(latencies).toSorted()
  const at = (share: number) => sorted[Math.floor(sorted.length * share)]!
  return {
    batchesPerSecond: sorted.length / elapsed,
    cpuMsPerBatch: cpuMs / sorted.length,
    p50Ms: at(0.5),
    p99Ms: at(0.99),
  }
}

/** Bodies are made beforehand: the client shall cost little while it measures. */
function prepareBodies({ connections, seconds, batch, plain }: Settings): Buffer[][] {
  const perConnection = Math.ceil((15_000 * seconds) / connections)
  return Array.from({ length: connections }, () => {
    const id = crypto.randomUUID().replaceAll('-', '')
    return Array.from({ length: perConnection }, (_, n) => {
      const firstSeq = 1 + n * batch
      const sentAt = Date.now()
      const events = Array.from({ length: batch }, (_, i) => ({
        seq: firstSeq + i,
        type: i % 5 === 0 ? 'click' : 'impression',
        item: String(10_000 + ((firstSeq * 31 + i * 17) % 70_000)),
        at: sentAt - 1000 + i,
        placement: 'product-page',
        revision: 'r-3fa94c20',
        value: i % 12,
      }))
      const text = JSON.stringify({ device: id, epoch: id, firstSeq, events, sentAt })
      return plain ? Buffer.from(text) : gzipSync(text)
    })
  })
}

function post(url: string, body: Buffer, { key, plain }: Settings, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, {
      method: 'POST',
      agent,
      headers: {
        Authorization: `Bearer ${key}`,
        'Content-Type': 'application/json',
        'Content-Length': body.length,
        ...(!plain && { 'Content-Encoding': 'gzip' }),
      },
    })
    outgoing.on('error', reject)
    outgoing.on('response', (response) => {
      response.resume()
      response.on('end', () => {
        if (response.statusCode === 200) resolve()
        else reject(new Error(`the server answered ${response.statusCode}`))
      })
    })
    outgoing.end(body)
  })
}

function report(samples: ReadonlyMap<Server, readonly Sample[]>, settings: Settings): void {
  const { connections, batch, plain, json, rounds, seconds } = settings
  const rows = [...samples].map(([server, list]) => {
    const median = (name: keyof Sample) =>
      Float64Array.from(list, (one) => one[name]).toSorted()[Math.floor(list.length / 2)]!
    return {
      server: server.name,
      batches_per_s: Math.round(median('batchesPerSecond')),
      events_per_s: Math.round(median('batchesPerSecond') * batch),
      cpu_ms_per_batch: Number(median('cpuMsPerBatch').toFixed(3)),
      p50_ms: Number(median('p50Ms').toFixed(2)),
      p99_ms: Number(median('p99Ms').toFixed(2)),
    }
  })
  const machine = `${cpus()[0]?.model} × ${cpus().length}, Node ${process.version}`
  const facts = { machine, connections, batch, gzip: !plain, rounds, seconds }
  if (json) {
    for (const row of rows) console.log(JSON.stringify({ ...row, ...facts }))
    return
  }
  console.log(facts)
  console.table(rows)
}
