import { randomBytes } from 'node:crypto'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { hashOf } from '../../test/artifact-conformance.ts'
import { type Endpoint, startEndpoint } from '../../test/endpoint.ts'

const TEXT = Buffer.from('{"title":"White hanging heart"}'.repeat(500))
const PATH = `/v1/artifacts/${hashOf(TEXT)}`
const FOREVER = 'public, max-age=31536000, immutable'

async function bytesOf(response: Response): Promise<Buffer> {
  return Buffer.from(await response.arrayBuffer())
}

describe('/v1/artifacts', () => {
  let endpoint: Endpoint
  beforeEach(async () => {
    endpoint = await startEndpoint({ maxArtifactBytes: 100_000 })
    await put(PATH, TEXT)
  })
  afterEach(() => endpoint.stop())

  function put(path: string, content: Uint8Array, key = endpoint.keys.aSecret): Promise<string> {
    return endpoint.outcome(path, { method: 'PUT', key, body: content as Uint8Array<ArrayBuffer> })
  }
  const get = (headers: Record<string, string> = {}, method = 'GET') =>
    endpoint.ask(PATH, { headers, method })

  it('hands out the bytes to anyone, for ever', async () => {
    const response = await get()
    expect(response.status).toBe(200)
    expect((await bytesOf(response)).equals(TEXT)).toBe(true)
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'access-control-allow-origin': '*',
      'cache-control': FOREVER,
      'content-length': String(TEXT.length),
      'cross-origin-resource-policy': 'cross-origin',
      etag: `"${hashOf(TEXT)}"`,
      vary: 'Accept-Encoding',
      'x-content-type-options': 'nosniff',
    })
  })

  it('sends the smallest form that the client takes', async () => {
    const brotli = await get({ 'Accept-Encoding': 'gzip, deflate, br, zstd' })
    expect(brotli.headers.get('content-encoding')).toBe('br')
    const encoded = await bytesOf(brotli)
    expect(brotli.headers.get('content-length')).toBe(String(encoded.length))
    expect(brotliDecompressSync(encoded).equals(TEXT)).toBe(true)
    const gzip = await get({ 'Accept-Encoding': 'br;q=0, gzip;q=0.5' })
    expect(gzip.headers.get('content-encoding')).toBe('gzip')
    expect(gunzipSync(await bytesOf(gzip)).equals(TEXT)).toBe(true)
    for (const accept of ['identity', '', 'br;q=0', 'zstd']) {
      expect((await get({ 'Accept-Encoding': accept })).headers.get('content-encoding')).toBeNull()
    }
    expect((await get({ 'Accept-Encoding': '*' })).headers.get('content-encoding')).toBe('br')
  })

  it('gives each form an entity tag of its own, and 304 for any of them', async () => {
    const tags = await Promise.all(
      ['identity', 'gzip', 'br'].map(async (accept) =>
        (await get({ 'Accept-Encoding': accept })).headers.get('etag')!,
      ),
    )
    expect(new Set(tags).size).toBe(3)
    for (const tag of tags) {
      const response = await get({ 'If-None-Match': tag })
      expect([response.status, response.headers.get('cache-control')]).toEqual([304, FOREVER])
    }
    expect((await get({ 'If-None-Match': '"other"' })).status).toBe(200)
  })

  it('resumes: any one range of the bytes themselves', async () => {
    const last = TEXT.length - 1
    for (const [range, first, end] of [
      ['bytes=0-99', 0, 99],
      ['bytes=100-', 100, last],
      ['bytes=-7', last - 6, last],
      [`bytes=${last}-999999999`, last, last],
      ['bytes=-999999999', 0, last],
    ] as const) {
      const response = await get({ Range: range, 'Accept-Encoding': 'br' })
      expect(response.status).toBe(206)
      expect(response.headers.get('content-range')).toBe(`bytes ${first}-${end}/${TEXT.length}`)
      expect(response.headers.get('content-encoding')).toBeNull()
      expect(response.headers.get('content-length')).toBe(String(end - first + 1))
      expect((await bytesOf(response)).equals(TEXT.subarray(first, end + 1))).toBe(true)
    }
  })

  it('answers 416 past the end, and ignores ranges that it does not understand', async () => {
    for (const range of [`bytes=${TEXT.length}-`, 'bytes=-0']) {
      const response = await get({ Range: range })
      expect([response.status, response.headers.get('content-range')]).toEqual([
        416,
        `bytes */${TEXT.length}`,
      ])
    }
    for (const range of [
      'bytes=0-1,5-6',
      'items=0-1',
      'bytes=-',
      'bytes=9-3',
      'bytes=a-b',
      'bytes=0-9'.repeat(99),
    ]) {
      expect((await get({ Range: range })).status).toBe(200)
    }
  })

  it('resumes only what the client holds a part of', async () => {
    const range = { Range: 'bytes=0-1' }
    expect((await get({ ...range, 'If-Range': `"${hashOf(TEXT)}"` })).status).toBe(206)
    expect((await get({ ...range, 'If-Range': `"${hashOf(TEXT)}-br"` })).status).toBe(200)
  })

  it('answers HEAD as GET, without the bytes', async () => {
    const response = await get({}, 'HEAD')
    expect([response.status, response.headers.get('content-length'), await response.text()]).toEqual([
      200,
      String(TEXT.length),
      '',
    ])
  })

  it('stores nothing that hashes to something else, is too large, or comes without a secret key', async () => {
    const content = randomBytes(1000)
    const path = `/v1/artifacts/${hashOf(content)}`
    expect(await put(path, TEXT)).toBe('422 ARTIFACT_CORRUPT')
    expect(await put(path, content, endpoint.keys.a)).toBe('403 FORBIDDEN')
    expect(await put(path, content, '')).toBe('401 UNAUTHORIZED')
    const large = randomBytes(100_001)
    expect(await put(`/v1/artifacts/${hashOf(large)}`, large)).toBe('413 BODY_TOO_LARGE')
    expect(await endpoint.outcome(path)).toBe('404 ARTIFACT_NOT_FOUND')
    expect(await put(path, content)).toBe('201')
    expect(await put(path, content)).toBe('200')
  })

  it('knows only full lower-case hashes', async () => {
    for (const name of [
      'abc',
      hashOf(TEXT).toUpperCase(),
      `${hashOf(TEXT)}0`,
      '..%2F..%2Fvitrine.db',
      '%00',
    ]) {
      expect(await endpoint.outcome(`/v1/artifacts/${name}`)).toBe('404 NOT_FOUND')
    }
  })
})
