import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { batchOf } from '../test/batches.ts'
import { type Ask, type Endpoint, startEndpoint } from '../test/endpoint.ts'
import { gunzipByStream, readJson } from './body.ts'
import { gunzipByZlib } from './gunzip.ts'

const BATCH = batchOf(1, 2)

describe.each([
  ['web streams', gunzipByStream],
  ['zlib', gunzipByZlib],
])('a JSON body, inflated by %s', (_, gunzip) => {
  let endpoint: Endpoint
  beforeEach(async () => {
    endpoint = await startEndpoint({ gunzip })
  })
  afterEach(() => endpoint.stop())

  const post = (ask: Ask) => endpoint.outcome('/v1/events', { method: 'POST', key: endpoint.keys.a, ...ask })
  const gzip = { 'Content-Encoding': 'gzip' }

  it('refuses what is too large, compressed or not, before it has read it all', async () => {
    const noise = Buffer.from(Array.from({ length: 60_000 }, (_, i) => (i * 2654435761) & 255))
    expect(await post({ body: noise, headers: gzip })).toBe('413 BODY_TOO_LARGE')
    expect(await post({ body: 'x'.repeat(1024 * 1024 + 1) })).toBe('413 BODY_TOO_LARGE')
    const declared = { 'Content-Length': '99999999' }
    expect(await post({ body: 'x', headers: declared })).toBe('413 BODY_TOO_LARGE')
  })

  it('does not inflate a gzip bomb', async () => {
    const bomb = gzipSync(Buffer.alloc(2 ** 25, ' '))
    expect(bomb.length).toBeLessThan(50 * 1024)
    const before = process.memoryUsage().arrayBuffers
    expect(await post({ body: bomb, headers: gzip })).toBe('413 BODY_TOO_LARGE')
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 24)
  })

  it('refuses broken gzip, broken UTF-8, broken JSON and unknown encodings', async () => {
    const good = gzipSync(JSON.stringify(BATCH))
    const flipped = Buffer.from(good)
    flipped[flipped.length - 6]! ^= 255
    for (const body of [good.subarray(0, -9), flipped, Buffer.from('no gzip'), Buffer.alloc(0)]) {
      expect(await post({ body, headers: gzip })).toBe('400 INVALID_REQUEST')
    }
    for (const body of ['', '{', 'null', '[]', '"x"', Buffer.from([0x22, 0xff, 0x22])]) {
      expect(await post({ body })).toBe('400 INVALID_REQUEST')
    }
    expect(await post({ json: BATCH, headers: { 'Content-Encoding': 'br' } })).toBe('400 INVALID_REQUEST')
    expect(await post({ body: '['.repeat(100_000) })).toBe('400 INVALID_REQUEST')
    expect(await post({ body: good, headers: gzip })).toBe('200')
  })

  it('does not wait for ever', async () => {
    const body = new ReadableStream({ start: (controller) => controller.enqueue(new Uint8Array([0x7b])) })
    const request = new Request('http://edge.test/', { method: 'POST', body, duplex: 'half' } as RequestInit)
    const limits = { compressedBytes: 10, jsonBytes: 10, timeoutMs: 30 }
    await expect(readJson(request, { limits })).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  })
})
