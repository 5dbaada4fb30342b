/** `bench endpoint`: batches of events, manifests and artifacts, beside a bare node:http server that does nothing. */
import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { createKey } from '@vitrine/cloud'
import { openStorage } from '@vitrine/cloud/node'
import type { BenchmarkOptions, Outcome } from '../../../scripts/bench.js'
import { thisMachine } from '../measure/machine.ts'
import { type Postgres, startPostgres } from '../measure/postgres.ts'
import { quantile } from '../measure/quantile.ts'
import { type Sample, type Shot, type Target, shoot, startTarget } from './load.ts'
import { type EndpointReport, type EndpointRow, endpointMarkdown } from './report.ts'

const CONNECTIONS = 32
const BATCH = 50
/** Of one server before the next has its turn. */
const SAMPLE_MS = 400
const SAMPLES = 15
const ARTIFACT_BYTES = 256 * 1024
/** Bodies are made beforehand, so that the client costs little; a sample needs fewer a connection. */
const BODIES = 100

/** One kind of request, and who answers it. */
interface Race {
  what: string
  /** Events in a request. */
  events?: number
  /** Bytes of the bare server's answer. */
  answerBytes: number
  contestants: readonly Contestant[]
}

interface Contestant {
  name: string
  /** Of `server.js`, but for the first: what to start. */
  args: readonly string[]
  /** A new one for each sample: what it sends was never sent before. */
  shots: () => (connection: number) => () => Shot
}

/** What the endpoint holds before the races. */
interface Shop {
  key: string
  artifact: { sha256: string; encodedBytes: number }
  manifestBytes: number
}

/** Measures SQLite, and PostgreSQL where there is one. */
export async function run({ quick, signal, say }: BenchmarkOptions): Promise<Outcome> {
  const samples = quick ? 2 : SAMPLES
  const folders = { sqlite: await temporary(), postgres: await temporary() }
  const postgres = await startPostgres()
  const machine = thisMachine()
  try {
    const shop = await prepare(folders.sqlite)
    const far = postgres && (await prepare(folders.postgres, postgres.url))
    const rows: EndpointRow[] = []
    for (const race of racesOf(folders, shop, postgres && far && { server: postgres, shop: far })) {
      say(`${race.what}: ${race.contestants.map(({ name }) => name).join(', ')}`)
      rows.push(...(await runRace(race, { samples, signal })))
    }
    const report: EndpointReport = {
      measured: new Date().toISOString(),
      machine,
      node: process.version,
      ...(postgres && { postgres: postgres.name }),
      connections: CONNECTIONS,
      batch: BATCH,
      samples,
      rows,
    }
    return { report, lines: rows, markdown: endpointMarkdown(report) }
  } finally {
    await postgres?.stop()
    for (const folder of Object.values(folders)) await rm(folder, { recursive: true, force: true })
  }
}

function racesOf(
  folders: { sqlite: string; postgres: string },
  shop: Shop,
  far: { server: Postgres; shop: Shop } | undefined,
): Race[] {
  const sqlite = ['vitrine', folders.sqlite]
  const other = far && ['vitrine', folders.postgres, far.server.url]
  const artifact: Shot = {
    method: 'GET',
    path: `/v1/artifacts/${shop.artifact.sha256}`,
    headers: { 'Accept-Encoding': 'br' },
    status: 200,
  }
  return [
    {
      what: `batch of ${BATCH} events`,
      events: BATCH,
      answerBytes: 64,
      contestants: [
        { name: 'Vitrine on SQLite', args: sqlite, shots: events(shop.key) },
        ...(far && other
          ? [{ name: 'Vitrine on PostgreSQL', args: other, shots: events(far.shop.key) }]
          : []),
        { name: 'bare', args: [], shots: repeat(batchShot(shop.key, bodyOf('0'.repeat(32), 1))) },
      ],
    },
    {
      what: 'manifest',
      answerBytes: shop.manifestBytes,
      contestants: [
        { name: 'Vitrine on SQLite', args: sqlite, shots: manifest(shop.key) },
        ...(far && other
          ? [{ name: 'Vitrine on PostgreSQL', args: other, shots: manifest(far.shop.key) }]
          : []),
        { name: 'bare', args: [], shots: manifest(shop.key) },
      ],
    },
    {
      what: `artifact of ${ARTIFACT_BYTES / 1024} KiB, brotli`,
      answerBytes: shop.artifact.encodedBytes,
      contestants: [
        { name: 'Vitrine from disk', args: sqlite, shots: repeat(artifact) },
        { name: 'bare', args: [], shots: repeat(artifact) },
      ],
    },
  ]
}

function events(key: string): Contestant['shots'] {
  return () => eventShots(key)
}

function repeat(shot: Shot): Contestant['shots'] {
  return () => () => () => shot
}

function manifest(key: string): Contestant['shots'] {
  return repeat({
    method: 'GET',
    path: '/v1/models/shop/manifest',
    headers: { Authorization: `Bearer ${key}` },
    status: 200,
  })
}

async function runRace(
  { what, events, answerBytes, contestants }: Race,
  { samples, signal }: { samples: number; signal: AbortSignal },
): Promise<EndpointRow[]> {
  const targets: Target[] = []
  const taken = new Map<string, Sample[]>(contestants.map(({ name }) => [name, []]))
  try {
    for (const { name, args } of contestants) {
      targets.push(await startTarget(name, ...(args.length > 0 ? args : ['bare', String(answerBytes)])))
    }
    // The first round warms up.
    for (let round = 0; round <= samples; round++) {
      for (const [index, { name, shots }] of contestants.entries()) {
        signal.throwIfAborted()
        const sample = await shoot(targets[index]!, {
          connections: CONNECTIONS,
          ms: SAMPLE_MS,
          shotsOf: shots(),
        })
        if (round > 0) taken.get(name)!.push(sample)
      }
    }
  } finally {
    for (const target of targets) target.process.kill()
  }
  const bare = taken.get('bare')!
  return [...taken].map(([server, list]) => rowOf({ what, server, events }, list, bare))
}

const speed = ({ requests, seconds }: Sample): number => requests / seconds
const cost = ({ requests, cpuMs }: Sample): number => cpuMs / requests

function rowOf(
  { what, server, events }: { what: string; server: string; events: number | undefined },
  samples: readonly Sample[],
  bare: readonly Sample[],
): EndpointRow {
  const median = (of: (sample: Sample, round: number) => number) => quantile(samples.map(of), 0.5)
  const latencies = samples.flatMap((sample) => sample.latencies)
  return {
    what,
    server,
    requests_per_s: median(speed),
    ...(events !== undefined && {
      events_per_s: median(speed) * events,
      events_per_core_s: (1000 / median(cost)) * events,
    }),
    cpu_ms: median(cost),
    p50_ms: quantile(latencies, 0.5),
    p99_ms: quantile(latencies, 0.99),
    speed_ratio: median((sample, round) => speed(sample) / speed(bare[round]!)),
    cpu_ratio: median((sample, round) => cost(sample) / cost(bare[round]!)),
  }
}

/** Each connection is a device of its own, new in each sample. */
function eventShots(key: string): (connection: number) => () => Shot {
  const prepared = Array.from({ length: CONNECTIONS }, () => {
    const device = crypto.randomUUID().replaceAll('-', '')
    return Array.from({ length: BODIES }, (_, n) => batchShot(key, bodyOf(device, 1 + n * BATCH)))
  })
  return (connection) => {
    let sent = 0
    return () => {
      const shot = prepared[connection]![sent++]
      if (!shot) throw new Error('The prepared batches did not suffice; prepare more.')
      return shot
    }
  }
}

function batchShot(key: string, body: Buffer): Shot {
  const headers = {
    Authorization: `Bearer ${key}`,
    'Content-Type': 'application/json',
    'Content-Encoding': 'gzip',
  }
  return { method: 'POST', path: '/v1/events', headers, body, status: 200 }
}

function bodyOf(device: string, firstSeq: number): Buffer {
  const sentAt = Date.now()
  const events = Array.from({ length: BATCH }, (_, i) => ({
    seq: firstSeq + i,
    type: i % 5 === 0 ? 'click' : 'impression',
    item: String(10_000 + ((firstSeq * 31 + i * 17) % 70_000)),
    at: sentAt - 1000 + i,
    placement: 'product-page',
    revision: 'r-3fa94c20',
    value: i % 12,
  }))
  return gzipSync(JSON.stringify({ device, epoch: device, firstSeq, events, sentAt }))
}

async function prepare(folder: string, database?: string): Promise<Shop> {
  const { store, artifacts } = await openStorage({ folder, ...(database !== undefined && { database }) })
  try {
    const { key } = await createKey(store, { kind: 'publishable', tenant: 'bench', origins: ['*'] })
    const lines = Array.from(
      { length: ARTIFACT_BYTES / 32 },
      (_, i) => `{"id":${(i * 7919) % 100_003},"title":"Tea"}`,
    )
    const content = Buffer.from(lines.join('\n').slice(0, ARTIFACT_BYTES))
    const sha256 = createHash('sha256').update(content).digest('hex')
    await artifacts.put(sha256, new Blob([content]).stream(), { maxBytes: content.length })
    const manifest = JSON.stringify({ id: 'shop', note: 'x'.repeat(2000) })
    const revision = { model: 'shop', revision: 'r1', manifest, etag: '0'.repeat(64) }
    await store.publishRevision('bench', revision, Date.now())
    const encodedBytes = (await artifacts.find(sha256))?.encoded.br ?? content.length
    return { key, artifact: { sha256, encodedBytes }, manifestBytes: manifest.length }
  } finally {
    await store.close()
  }
}

function temporary(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'vitrine-bench-'))
}
