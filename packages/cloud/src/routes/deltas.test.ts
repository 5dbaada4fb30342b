import { gunzipSync, gzipSync } from 'node:zlib'
import { applyDelta, writeDelta } from '@vitrine/contracts'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { hashOf } from '../../test/artifact-conformance.ts'
import { type Endpoint, startEndpoint } from '../../test/endpoint.ts'

const BASE = new Uint8Array(1000).map((_, i) => i * 7)
const NEXT = BASE.map((byte, i) => (i % 100 === 0 ? byte + 1 : byte))
const DIFFERENCES = NEXT.map((byte, i) => byte - BASE[i]!)
const steps = [{ add: 1000, insert: 0, skip: 0 }]
const packed = gzipSync(writeDelta({ from: 1000, to: 1000 }, steps, DIFFERENCES, new Uint8Array(0)))
const PATH = `/v1/deltas/${hashOf(BASE)}/${hashOf(NEXT)}`

describe('/v1/deltas', () => {
  let endpoint: Endpoint
  beforeEach(async () => {
    endpoint = await startEndpoint()
    for (const body of [BASE, NEXT]) {
      await endpoint.ask(`/v1/artifacts/${hashOf(body)}`, { method: 'PUT', key: endpoint.keys.aSecret, body })
    }
  })
  afterEach(() => endpoint.stop())

  const put = (body: BodyInit, key: string | undefined = endpoint.keys.aSecret, path = PATH) =>
    endpoint.outcome(path, { method: 'PUT', body, key })

  it('keeps a delta that leads from the one to the other, and hands it to everybody for ever', async () => {
    expect(await endpoint.outcome(PATH)).toBe('404 ARTIFACT_NOT_FOUND')
    expect(await put(packed)).toBe('201')
    expect(await put(packed)).toBe('200')
    const response = await endpoint.ask(PATH, { headers: { Origin: 'https://anyone.example' } })
    expect(response.headers.get('cache-control')).toMatch(/immutable/u)
    expect(response.headers.get('access-control-allow-origin')).toBe('*')
    const delta = gunzipSync(new Uint8Array(await response.arrayBuffer()))
    expect(applyDelta(BASE, delta, 1000)).toEqual(NEXT)
    const etag = response.headers.get('etag')!
    expect((await endpoint.ask(PATH, { headers: { 'If-None-Match': etag } })).status).toBe(304)
    const head = await endpoint.ask(PATH, { method: 'HEAD' })
    expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([
      200,
      String(packed.length),
      '',
    ])
  })

  it('refuses what leads elsewhere, what is no delta, and what is larger than its artifact', async () => {
    const wrong = gzipSync(
      writeDelta({ from: 1000, to: 1000 }, steps, new Uint8Array(1000), new Uint8Array(0)),
    )
    const bomb = gzipSync(new Uint8Array(10_000_000))
    expect(await put(wrong)).toBe('422 ARTIFACT_CORRUPT')
    expect(await put(gzipSync('no delta'))).toBe('422 ARTIFACT_CORRUPT')
    expect(await put('no gzip')).toBe('422 ARTIFACT_CORRUPT')
    expect(await put(packed.subarray(0, -9))).toBe('422 ARTIFACT_CORRUPT')
    expect(await put(new Uint8Array(1001))).toBe('413 BODY_TOO_LARGE')
    expect(await put(bomb.subarray(0, 900))).toMatch(/413 BODY_TOO_LARGE|422 ARTIFACT_CORRUPT/u)
    expect(await endpoint.outcome(PATH)).toBe('404 ARTIFACT_NOT_FOUND')
  })

  it('refuses other keys, and artifacts that are not here', async () => {
    expect(await put(packed, endpoint.keys.a)).toBe('403 FORBIDDEN')
    expect(await endpoint.outcome(PATH, { method: 'PUT', body: packed })).toBe('401 UNAUTHORIZED')
    const unknown = '0'.repeat(64)
    for (const path of [`/v1/deltas/${unknown}/${hashOf(NEXT)}`, `/v1/deltas/${hashOf(BASE)}/${unknown}`]) {
      expect(await put(packed, endpoint.keys.aSecret, path)).toBe('404 ARTIFACT_NOT_FOUND')
    }
  })
})
