/** Two replicas of `vitrine serve` on one PostgreSQL and one object storage: either may be asked, and either may go. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { request } from 'node:http'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { parseEventAck, parseTokenAnswer } from '@vitrine/contracts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createKey } from '../src/auth/keys.ts'
import { openPostgresStore } from '../src/stores/postgres.ts'
import type { Store } from '../src/stores/store.ts'
import { batchOf, numbers, randomIdOf } from './batches.ts'
import { type TestDevice, createTestDevice } from './device.ts'
import { manifestOf } from './endpoint.ts'
import { type PostgresServer, hasPostgres, startPostgres } from './postgres-server.ts'
import { type S3Server, hasS3, startS3 } from './s3-server.ts'

const COMMAND = fileURLToPath(new URL('../../../tools/bin/vitrine.js', import.meta.url))
/** What stands in front passes the name on under which it was asked. */
const HOST = 'edge.test'

interface Replica {
  process: ChildProcess
  port: number
}

interface Answer {
  status: number
  body: string
}

/** What a request carries beside its address. */
interface AskReplica {
  key?: string
  json?: unknown
  body?: string | Uint8Array
  method?: string
  headers?: Record<string, string>
}

/** Sends a request whose body comes in parts; `finish` sends the last one. */
function begin(
  { port }: Replica,
  path: string,
  { method, headers }: { method: string; headers: Record<string, string> },
) {
  const outgoing = request({ port, path, method, headers: { Host: HOST, ...headers } })
  const answer = new Promise<Answer>((resolve, reject) => {
    outgoing.on('error', reject)
    outgoing.on('response', (response) => {
      text(response).then((body) => resolve({ status: response.statusCode ?? 0, body }), reject)
    })
  })
  return {
    write: (part: string) => outgoing.write(part),
    finish: (part?: string | Uint8Array) => {
      outgoing.end(part)
      return answer
    },
  }
}

describe.skipIf(!hasPostgres() || !hasS3())('two replicas', { timeout: 60_000 }, () => {
  let postgres: PostgresServer
  let s3: S3Server
  let database: string
  let store: Store
  let keys: { open: string; proven: string; secret: string }
  let replicas: [Replica, Replica]

  async function start(): Promise<Replica> {
    const artifacts = `s3://${s3.bucket}/replicas`
    const args = [
      COMMAND,
      'serve',
      '--port',
      '0',
      '--database',
      database,
      '--artifacts',
      artifacts,
      '--json',
      '--quiet',
    ]
    const server = spawn(process.execPath, args, {
      env: { ...process.env, ...s3.env },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    for await (const chunk of server.stdout) {
      const { url } = JSON.parse(String(chunk)) as { url: string }
      return { process: server, port: Number(new URL(url).port) }
    }
    throw new Error(`the replica ended with ${server.exitCode} before it listened`)
  }

  beforeAll(async () => {
    ;[postgres, s3] = await Promise.all([startPostgres({ fsync: 'off' }), startS3()])
    database = await postgres.createDatabase()
    store = await openPostgresStore(database, { connections: 2 })
    const publishable = (needsToken: boolean) =>
      createKey(store, { kind: 'publishable', tenant: 'a', origins: ['*'], needsToken })
    keys = {
      open: (await publishable(false)).key,
      proven: (await publishable(true)).key,
      secret: (await createKey(store, { kind: 'secret', tenant: 'a' })).key,
    }
    replicas = await Promise.all([start(), start()])
  }, 120_000)
  afterAll(async () => {
    for (const { process: replica } of replicas) if (replica.exitCode === null) replica.kill('SIGKILL')
    await store.close()
    await s3.stop()
    await postgres.stop()
  })

  /** Asks replica 0 or 1. */
  async function ask(
    at: 0 | 1,
    path: string,
    { key, json, body, method = 'GET', headers }: AskReplica = {},
  ): Promise<Answer> {
    const content = json === undefined ? body : JSON.stringify(json)
    const all = { ...(key !== undefined && { Authorization: `Bearer ${key}` }), ...headers }
    return begin(replicas[at], path, { method, headers: all }).finish(content)
  }

  async function publish(at: 0 | 1, content: Buffer): Promise<string> {
    const manifest = manifestOf(content)
    const { sha256 } = manifest.artifacts[0]!
    const put = { method: 'PUT', key: keys.secret }
    expect((await ask(at, `/v1/artifacts/${sha256}`, { ...put, body: content })).status).toBe(201)
    expect((await ask(at, '/v1/models/shop/manifest', { ...put, json: manifest })).status).toBe(201)
    return manifest.revision
  }

  async function served(at: 0 | 1, device: string): Promise<string> {
    const { body } = await ask(at, `/v1/models/shop/manifest?device=${device}`, { key: keys.open })
    return (JSON.parse(body) as { revision: string }).revision
  }

  it('hand out at one what was published at the other', async () => {
    const content = Buffer.from('{"content":1}')
    const revision = await publish(0, content)
    expect(await served(1, randomIdOf(1))).toBe(revision)
    const { status, body } = await ask(1, `/v1/artifacts/${manifestOf(content).artifacts[0]!.sha256}`)
    expect([status, body]).toEqual([200, content.toString()])
  })

  it('take each other’s device tokens, and a proof once between them', async () => {
    const device: TestDevice = await createTestDevice(7)
    const issued = await ask(0, '/v1/tokens', {
      method: 'POST',
      key: keys.proven,
      json: { device: device.id },
      headers: { DPoP: await device.proof({ path: '/v1/tokens' }) },
    })
    const { token } = parseTokenAnswer(JSON.parse(issued.body))
    const signed = { method: 'POST', json: batchOf(1, 2, { device: device.id }) }
    const headers = await device.signed(token)
    expect((await ask(1, '/v1/events', { ...signed, headers })).status).toBe(200)
    for (const at of [0, 1] as const) {
      const replayed = await ask(at, '/v1/events', { ...signed, headers })
      expect([replayed.status, replayed.body]).toEqual([401, expect.stringContaining('PROOF_REPLAYED')])
    }
  })

  it('roll out to the same devices, and halt together', async () => {
    const stable = await served(0, randomIdOf(1))
    const candidate = await publish(1, Buffer.from('{"content":2}'))
    const rollout = { method: 'POST', key: keys.secret, json: { revision: candidate, share: 0.5 } }
    expect((await ask(0, '/v1/models/shop/rollout', rollout)).status).toBe(200)
    const devices = numbers(1, 30).map(randomIdOf)
    const given: string[] = []
    for (const device of devices) {
      const revision = await served(0, device)
      expect(await served(1, device)).toBe(revision)
      if (revision === candidate) given.push(device)
    }
    expect(given.length).toBeGreaterThan(7)
    expect(given.length).toBeLessThan(23)
    // Five devices and one in twenty, each told to another replica than the one before.
    for (const [n, device] of given.slice(0, 5).entries()) {
      const report = { device, revision: candidate, code: 'SELF_TEST_FAILED' }
      const post = { method: 'POST', key: keys.open, json: report }
      expect((await ask((n % 2) as 0 | 1, '/v1/models/shop/reports', post)).status).toBe(200)
    }
    for (const at of [0, 1] as const)
      for (const device of given) expect(await served(at, device)).toBe(stable)
  })

  it('lose nothing when one is told to end amid requests: it finishes them, the other goes on', async () => {
    const devices = numbers(100, 107).map(randomIdOf)
    const key = { Authorization: `Bearer ${keys.open}` }
    const halves = devices.map((device) => {
      const body = JSON.stringify(batchOf(1, 50, { device }))
      const sending = begin(replicas[0], '/v1/events', { method: 'POST', headers: key })
      sending.write(body.slice(0, 500))
      return () => sending.finish(body.slice(500))
    })
    // Answered by the same process, so the halves have arrived too.
    expect((await ask(0, '/health')).status).toBe(200)
    const ended = once(replicas[0].process, 'exit')
    replicas[0].process.kill('SIGTERM')
    while (
      await ask(0, '/health').then(
        () => true,
        () => false,
      )
    )
      await new Promise((r) => setTimeout(r, 10))
    const answers = await Promise.all(halves.map((finish) => finish()))
    expect(answers.map(({ status }) => status)).toEqual(devices.map(() => 200))
    expect(await ended).toEqual([0, null])
    for (const device of devices) {
      const { body } = await ask(1, '/v1/events', {
        method: 'POST',
        key: keys.open,
        json: batchOf(41, 90, { device }),
      })
      expect(parseEventAck(JSON.parse(body)).ackedThrough).toBe(90)
    }
    const events = await store.readEvents('a', {
      after: { device: devices[0]!, epoch: '', seq: 0 },
      limit: 10_000,
    })
    expect(events.map(({ device, seq }) => `${device} ${seq}`)).toEqual(
      devices.flatMap((device) => numbers(1, 90).map((seq) => `${device} ${seq}`)),
    )
  })
})
