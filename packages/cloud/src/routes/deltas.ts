/** `GET|HEAD|PUT /v1/deltas/:from/:to`: what turns one artifact into another, named by the hashes of both. */
import { Hono } from 'hono'
import { VitrineError, applyDelta, maxDeltaBytes } from '@vitrine/contracts'
import type { ArtifactStore } from '../artifacts/store.ts'
import { authenticate } from '../auth/authenticate.ts'
import { openCors } from '../auth/cors.ts'
import type { HandlerEnv, Parts } from '../context.ts'
import { matchesEtag } from '../negotiation.ts'
import { sha256Hex } from '../sha256.ts'
import { FOREVER } from './artifacts.ts'

const PATH = '/:from{[0-9a-f]{64}}/:to{[0-9a-f]{64}}'

/**
 * The routes of deltas. Whoever may publish may put one; it is kept once it was seen to lead from the one artifact
 * to the other, so a delta is as true as its address and tenants can share them.
 */
export function deltaRoutes(parts: Parts): Hono<HandlerEnv> {
  const { store, artifacts, metrics, gunzip, maxArtifactBytes } = parts
  const routes = new Hono<HandlerEnv>()
  routes.use('/*', openCors())

  routes.get(PATH, async (c) => {
    const { from, to } = c.req.param()
    const delta = await store.findDelta(from, to)
    const info = delta && (await artifacts.find(delta.sha256))
    if (!delta || !info) {
      throw new VitrineError('ARTIFACT_NOT_FOUND', 'there is no delta between these; take the whole artifact')
    }
    const headers = { 'Cache-Control': FOREVER, ETag: `"${delta.sha256}"` }
    if (matchesEtag(c.req.header('if-none-match'), headers.ETag)) return c.body(null, 304, headers)
    const whole = {
      ...headers,
      'Content-Type': 'application/octet-stream',
      'Content-Length': String(info.bytes),
    }
    if (c.req.method === 'HEAD') return c.body(null, 200, whole)
    return c.body(await artifacts.read(delta.sha256), 200, whole)
  })

  routes.put(PATH, authenticate(parts, { kinds: ['secret'] }), async (c) => {
    const { from, to } = c.req.param()
    const [base, target] = await Promise.all([wholeOf(artifacts, from), artifacts.find(to)])
    if (!target) throw missing(to)
    const body = await bytesOf(c.req.raw.body, Math.min(target.bytes, maxArtifactBytes))
    const delta = await inflate(body, maxDeltaBytes(target.bytes), gunzip)
    const result = await sha256Hex(applyDelta(base, delta, target.bytes))
    if (result !== to) {
      throw new VitrineError(
        'ARTIFACT_CORRUPT',
        `the delta leads to ${result}, not to ${to}; encode it again`,
      )
    }
    const sha256 = await sha256Hex(body)
    await artifacts.put(sha256, new Blob([body]).stream(), { maxBytes: maxArtifactBytes })
    const { created } = await store.addDelta({ from, to, sha256 })
    metrics.receivedBytes.inc({ route: '/v1/deltas/:from/:to' }, body.byteLength)
    return c.json({ from, to, bytes: body.byteLength }, created ? 201 : 200)
  })

  return routes
}

async function wholeOf(artifacts: ArtifactStore, sha256: string): Promise<Uint8Array> {
  if (!(await artifacts.find(sha256))) throw missing(sha256)
  return new Uint8Array(await new Response(await artifacts.read(sha256)).arrayBuffer())
}

/** A delta that is not smaller than its artifact is of no use. */
async function bytesOf(
  body: ReadableStream<Uint8Array> | null,
  limit: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array<ArrayBuffer>[] = []
  let length = 0
  for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array<ArrayBuffer>>) {
    length += chunk.byteLength
    if (length > limit) {
      throw new VitrineError('BODY_TOO_LARGE', `a delta to this artifact may have ${limit} bytes at most`)
    }
    chunks.push(chunk)
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer())
}

async function inflate(
  body: Uint8Array<ArrayBuffer>,
  limit: number,
  gunzip: Parts['gunzip'],
): Promise<Uint8Array> {
  try {
    return await gunzip(body, limit)
  } catch (error) {
    if (error instanceof VitrineError) throw error
    throw new VitrineError('ARTIFACT_CORRUPT', 'the delta is not whole gzip; encode it again', {
      cause: error,
    })
  }
}

function missing(sha256: string): VitrineError {
  return new VitrineError('ARTIFACT_NOT_FOUND', `there is no artifact ${sha256}; upload it first`)
}
