/** Publishing against the real endpoint, with faults between the two. */
import { createHash } from 'node:crypto'
import { gunzipSync } from 'node:zlib'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createHandler, createKey, createMetrics, silentLogger } from '@vitrine/cloud'
import { openFolder } from '@vitrine/cloud/node'
import { type ArtifactRole, type Manifest, applyDelta } from '@vitrine/contracts'
import type { Revision } from '../train/index.ts'
import { endpointCaller } from './endpoint.ts'
import { publishRevision } from './publish-revision.ts'
import { signRevision } from './sign-revision.ts'
import { createSigningKeys } from './signing-keys.ts'

const ENDPOINT = 'http://endpoint.test/'

let folder = ''
let key = ''
let requests: string[] = []
let waits: number[] = []
let respond: (request: Request) => Promise<Response>
let close: () => Promise<void>

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrine-publish-'))
  const { store, artifacts } = openFolder(folder)
  ;({ key } = await createKey(store, { kind: 'secret', tenant: 'shop' }))
  const handler = createHandler({ store, artifacts, logger: silentLogger, metrics: createMetrics('test') })
  respond = async (request) => handler.fetch(request)
  close = () => handler.close()
  requests = []
  waits = []
})
afterEach(async () => {
  await close()
  await rm(folder, { recursive: true })
})

const caller = (
  overrides: Partial<Parameters<typeof endpointCaller>[0]> = {},
): ReturnType<typeof endpointCaller> =>
  endpointCaller({
    endpoint: ENDPOINT,
    key,
    fetch: async (input, init) => {
      const request = new Request(input, init)
      requests.push(`${request.method} ${new URL(request.url).pathname.replace(/[0-9a-f]{64}/u, 'HASH')}`)
      return respond(request)
    },
    sleep: async (ms) => {
      waits.push(ms)
    },
    random: () => 0.5,
    ...overrides,
  })

function revisionOf(name: string, contents: Partial<Record<ArtifactRole, string>>): Revision {
  const artifacts = new Map(
    Object.entries(contents).map(([role, text]) => [role as ArtifactRole, Buffer.from(text)] as const),
  )
  const manifest: Manifest = {
    schema: 1,
    id: 'mugs',
    revision: name,
    createdAt: '2026-01-01T00:00:00.000Z',
    items: 1,
    dimension: 16,
    artifacts: [...artifacts].map(([role, bytes]) => ({
      role,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      bytes: bytes.length,
      dtype: 'json',
      shape: [],
    })),
  }
  return { manifest, artifacts }
}

/** Answers the first `times` requests that `matches` with `response`, and lets the others through. */
function failFirst(times: number, matches: string, response: () => Response | Promise<Response>): void {
  const through = respond
  let left = times
  respond = async (request) => {
    if (left === 0 || !requests.at(-1)?.startsWith(matches)) return through(request)
    left -= 1
    return response()
  }
}

/** A graph of 5001 bytes that nothing compresses, but for its last one. */
function edges(last: string): string {
  const parts = Array.from({ length: 60 }, (_, at) => createHash('sha512').update(`${at}`).digest('base64'))
  return parts.join('').slice(0, 5000) + last
}

function graphHash({ manifest }: Revision): string {
  return manifest.artifacts[1]!.sha256
}

describe('publishRevision', () => {
  const first = revisionOf('r1', { catalogue: 'mugs', graph: 'edges' })

  it('uploads, makes active, and skips next time what is there', async () => {
    const call = caller()
    expect(await publishRevision(first, { call })).toMatchObject({ active: 'r1', skipped: [] })
    const second = revisionOf('r2', { catalogue: 'mugs', graph: 'other edges' })
    expect(await publishRevision(second, { call })).toEqual({
      model: 'mugs',
      revision: 'r2',
      active: 'r2',
      uploaded: [{ role: 'graph', bytes: 11 }],
      skipped: [{ role: 'catalogue', bytes: 4 }],
      deltas: [],
    })
    const rollback = await call('POST', '/v1/models/mugs/rollback', { body: '{"revision":"r1"}' })
    expect(await rollback.json()).toMatchObject({ active: 'r1', previous: 'r2' })
    expect(await publishRevision(second, { call })).toMatchObject({ active: 'r1', uploaded: [] })
  })

  it('uploads deltas from the active revision and from others that are named, which lead to the artifact', async () => {
    const call = caller()
    const [one, two, three] = ['a', 'b', 'c'].map((last, at) =>
      revisionOf(`d${at}`, { catalogue: 'mugs', graph: edges(last) }),
    ) as [Revision, Revision, Revision]
    await publishRevision(one, { call })
    const { deltas } = await publishRevision(two, { call })
    expect(deltas).toEqual([
      { role: 'graph', from: 'd0', bytes: expect.any(Number) as number, wholeBytes: 5001 },
    ])
    expect(deltas[0]!.bytes).toBeLessThan(100)
    const again = await publishRevision(three, { call, bases: [one] })
    expect(again.deltas.map(({ from }) => from)).toEqual(['d1', 'd0'])
    const served = await call('GET', `/v1/deltas/${graphHash(one)}/${graphHash(three)}`)
    const delta = gunzipSync(await served.arrayBuffer())
    const graph = applyDelta(one.artifacts.get('graph')!, delta, 5001)
    expect(Buffer.from(graph).toString()).toBe(edges('c'))
  })

  it('publishes a signed revision, again without effect, and anew under another name', async () => {
    const call = caller()
    const keys = createSigningKeys(0)
    const sign = (renew: boolean) => (trained: Manifest, active: Manifest | undefined) =>
      signRevision(trained, { keys, now: Date.now(), expiresInDays: 9, active, renew })
    const signed = await publishRevision(first, { call, sign: sign(false) })
    expect(signed).toMatchObject({ revision: 'r1', active: 'r1', signedBy: keys.keys[0]!.key })
    expect(await publishRevision(first, { call, sign: sign(false) })).toMatchObject({ revision: 'r1' })
    const anew = await publishRevision(first, { call, sign: sign(true) })
    expect(anew.revision).toMatch(/^r1\.\d+$/u)
    expect(anew.active).toBe(anew.revision)
    const other = revisionOf('r2', { catalogue: 'mugs', graph: 'other edges' })
    await publishRevision(other, { call, sign: sign(false) })
    await expect(publishRevision(first, { call, sign: sign(false) })).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining('--renew') as string,
    })
  })

  it('gives a revision to a share of the devices; the others stay on the active one', async () => {
    const call = caller()
    await publishRevision(first, { call })
    const candidate = revisionOf('r9', { catalogue: 'mugs', graph: 'other edges' })
    expect(await publishRevision(candidate, { call, share: 0.1 })).toMatchObject({
      revision: 'r9',
      active: 'r1',
    })
    const rollout = await call('GET', '/v1/models/mugs/revisions')
    expect(await rollout.json()).toMatchObject({ stable: 'r1', candidate: 'r9', share: 0.1 })
  })

  it('sends nothing when one hash is wrong', async () => {
    const artifacts = new Map(first.artifacts).set('graph', Buffer.from('edgeS'))
    await expect(publishRevision({ ...first, artifacts }, { call: caller() })).rejects.toMatchObject({
      code: 'ARTIFACT_CORRUPT',
    })
    expect(requests).toEqual([])
  })

  it('waits as long as Retry-After says, else with growing jitter', async () => {
    failFirst(
      1,
      'PUT /v1/artifacts',
      () => new Response('', { status: 429, headers: { 'retry-after': '7' } }),
    )
    await publishRevision(first, { call: caller() })
    expect(waits).toEqual([7000])
    failFirst(3, 'PUT /v1/models', () => Promise.reject(new TypeError('fetch failed')))
    await publishRevision(first, { call: caller() })
    expect(waits.slice(1)).toEqual([250, 500, 1000])
  })

  it('gives up after six tries', async () => {
    failFirst(99, 'HEAD', () =>
      Promise.reject(new TypeError('fetch failed', { cause: new Error('ECONNREFUSED') })),
    )
    await expect(publishRevision(first, { call: caller() })).rejects.toMatchObject({
      code: 'NETWORK_FAILED',
      message: expect.stringContaining('ECONNREFUSED') as string,
    })
    expect(requests.filter((line) => line.startsWith('HEAD'))).toHaveLength(6)
  })

  it('does not repeat a rollback that may have been done', async () => {
    failFirst(1, 'POST', () => Promise.reject(new TypeError('fetch failed')))
    const request = { body: '{}' }
    await expect(caller()('POST', '/v1/models/mugs/rollback', request)).rejects.toMatchObject({
      code: 'NETWORK_FAILED',
    })
    expect(requests).toHaveLength(1)
  })

  it('tries a refusal only once, and keeps its code', async () => {
    const wrong = caller({ key: `sk_live_${'a'.repeat(48)}` })
    await expect(publishRevision(first, { call: wrong })).rejects.toMatchObject({ code: 'UNAUTHORIZED' })
    expect(requests).toHaveLength(1)
  })

  it('says so when something else answers', async () => {
    respond = async () => new Response('<h1>Hello</h1>', { status: 418 })
    await expect(publishRevision(first, { call: caller() })).rejects.toMatchObject({
      code: 'ENDPOINT_REFUSED',
    })
  })
})

describe('endpointCaller', () => {
  it('wants a secret key and an http address', () => {
    expect(() => caller({ key: 'pk_live_x' })).toThrow(expect.objectContaining({ code: 'INVALID_OPTIONS' }))
    expect(() => caller({ endpoint: 'ftp://x' })).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTIONS' }),
    )
    expect(() => caller({ endpoint: 'edge.shop' })).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTIONS' }),
    )
  })

  it('stops at once when the signal aborts', async () => {
    const stopper = new AbortController()
    respond = async () => {
      stopper.abort(new Error('stop'))
      throw new TypeError('fetch failed')
    }
    await expect(caller({ signal: stopper.signal })('HEAD', '/health')).rejects.toThrow('stop')
    expect(requests).toHaveLength(1)
  })
})
