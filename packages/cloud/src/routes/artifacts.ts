/** `GET|HEAD|PUT /v1/artifacts/:sha256`: immutable files by content, resumable, compressed where it pays. */
import { Hono } from 'hono'
import { VitrineError } from '@vitrine/contracts'
import { authenticate } from '../auth/authenticate.ts'
import { openCors } from '../auth/cors.ts'
import type { HandlerEnv, Parts } from '../context.ts'
import { chooseEncoding, matchesEtag, parseRange } from '../negotiation.ts'

/** What a name stands for never changes, so every cache may keep it for ever. */
export const FOREVER = 'public, max-age=31536000, immutable'

/** The routes of artifacts. */
export function artifactRoutes(parts: Parts): Hono<HandlerEnv> {
  const { artifacts, metrics, maxArtifactBytes } = parts
  const routes = new Hono<HandlerEnv>()
  routes.use('/:sha256', openCors())

  // Hono answers HEAD by the same code without the body; nothing is read from the store until the body is.
  routes.get('/:sha256{[0-9a-f]{64}}', async (c) => {
    const sha256 = c.req.param('sha256')
    const info = await artifacts.find(sha256)
    if (!info) {
      throw new VitrineError(
        'ARTIFACT_NOT_FOUND',
        `there is no artifact ${sha256}; publish the revision again`,
      )
    }
    const etag = `"${sha256}"`
    const headers = {
      'Cache-Control': FOREVER,
      'Accept-Ranges': 'bytes',
      Vary: 'Accept-Encoding',
      ETag: etag,
      'Content-Type': 'application/octet-stream',
    }
    const encoded = Object.keys(info.encoded).map((encoding) => `"${sha256}-${encoding}"`)
    if (matchesEtag(c.req.header('if-none-match'), etag, ...encoded)) return c.body(null, 304, headers)

    const headOnly = c.req.method === 'HEAD'
    // Ranges count bytes of the artifact itself. A client that holds a part of an encoded form gets the whole.
    const ifRange = c.req.header('if-range')
    const asked = ifRange === undefined || ifRange === etag ? c.req.header('range') : undefined
    const range = headOnly ? undefined : parseRange(asked, info.bytes)
    if (range === 'unsatisfiable') {
      return c.body(null, 416, { ...headers, 'Content-Range': `bytes */${info.bytes}` })
    }
    if (range) {
      return c.body(await artifacts.read(sha256, { range }), 206, {
        ...headers,
        'Content-Range': `bytes ${range.first}-${range.last}/${info.bytes}`,
        'Content-Length': String(range.last - range.first + 1),
      })
    }
    const encoding = chooseEncoding(c.req.header('accept-encoding'), info.encoded)
    const whole = {
      ...headers,
      'Content-Length': String(encoding ? info.encoded[encoding] : info.bytes),
      ...(encoding && { 'Content-Encoding': encoding, ETag: `"${sha256}-${encoding}"` }),
    }
    if (headOnly) return c.body(null, 200, whole)
    return c.body(await artifacts.read(sha256, encoding && { encoding }), 200, whole)
  })

  routes.put('/:sha256{[0-9a-f]{64}}', authenticate(parts, { kinds: ['secret'] }), async (c) => {
    const sha256 = c.req.param('sha256')
    if (Number(c.req.header('content-length') ?? 0) > maxArtifactBytes) {
      throw new VitrineError('BODY_TOO_LARGE', `an artifact may have ${maxArtifactBytes} bytes at most`)
    }
    const body = c.req.raw.body ?? new Blob([]).stream()
    const { bytes, created } = await artifacts.put(sha256, body, {
      maxBytes: maxArtifactBytes,
      signal: c.req.raw.signal,
    })
    metrics.receivedBytes.inc({ route: '/v1/artifacts/:sha256' }, bytes)
    return c.json({ sha256, bytes }, created ? 201 : 200)
  })

  return routes
}
