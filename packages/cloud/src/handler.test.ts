import { readFile } from 'node:fs/promises'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { eventsOf, randomIdOf } from '../test/batches.ts'
import { type Ask, type Endpoint, ORIGIN, manifestOf, publish, startEndpoint } from '../test/endpoint.ts'
import { revokeKey } from './auth/keys.ts'
import { VERSION } from './version.ts'

const BATCH = {
  device: randomIdOf(1),
  epoch: randomIdOf(2),
  firstSeq: 1,
  events: eventsOf(1, 2),
  sentAt: 1_700_000_000_000,
}

it('knows its own version', async () => {
  const text = await readFile(new URL('../package.json', import.meta.url), 'utf8')
  expect(JSON.parse(text)).toMatchObject({ version: VERSION })
})

describe('the endpoint', () => {
  let endpoint: Endpoint
  const logged: unknown[] = []
  beforeEach(async () => {
    logged.length = 0
    const log = (fields: object, message: string) => void logged.push({ ...fields, message })
    endpoint = await startEndpoint({ logger: { info: log, warn: log, error: log } })
  })
  afterEach(() => endpoint.stop())

  const post = (ask: Ask) => endpoint.outcome('/v1/events', { method: 'POST', key: endpoint.keys.a, ...ask })

  describe('keys', () => {
    it('lets each kind do its own, and refuses the rest', async () => {
      await publish(endpoint, endpoint.keys.aSecret, Buffer.from('{}'))
      const { a, aSecret } = endpoint.keys
      const events = { method: 'POST', json: BATCH }
      const erase = { method: 'POST', json: { device: randomIdOf(5) } }
      const manifest = { method: 'PUT', json: manifestOf(Buffer.from('{}')) }
      const rollback = { method: 'POST', json: { revision: manifest.json.revision } }
      const outcomes = await Promise.all(
        (
          [
            ['/v1/events', events],
            ['/v1/erase', erase],
            ['/v1/models/shop/manifest', {}],
            ['/v1/models/shop/manifest', manifest],
            ['/v1/models/shop/rollback', rollback],
          ] as const
        ).map(async ([path, ask]) => [
          await endpoint.outcome(path, { ...ask, key: a }),
          await endpoint.outcome(path, { ...ask, key: aSecret }),
          await endpoint.outcome(path, { ...ask }),
        ]),
      )
      expect(outcomes).toEqual([
        ['200', '403 FORBIDDEN', '401 UNAUTHORIZED'],
        ['200', '200', '401 UNAUTHORIZED'],
        ['200', '200', '401 UNAUTHORIZED'],
        ['403 FORBIDDEN', '200', '401 UNAUTHORIZED'],
        ['403 FORBIDDEN', '200', '401 UNAUTHORIZED'],
      ])
    })

    it('refuses forged, cut, foreign and revoked keys alike', async () => {
      const { a } = endpoint.keys
      const last = a.endsWith('a') ? 'b' : 'a'
      for (const key of [
        a.slice(0, -1) + last,
        a.slice(0, -1),
        a.replace('pk', 'sk'),
        `${a}a`,
        'x',
        "' OR 1=1",
      ]) {
        expect(await post({ json: BATCH, key })).toBe('401 UNAUTHORIZED')
      }
      for (const authorization of ['', 'Bearer', `Basic ${a}`, `Bearer ${a} ${a}`, a]) {
        const headers = { Authorization: authorization }
        expect(await post({ json: BATCH, key: undefined, headers })).toBe('401 UNAUTHORIZED')
      }
      expect(await post({ json: BATCH })).toBe('200')
      await revokeKey(endpoint.store, a)
      expect(await post({ json: BATCH })).toBe('401 UNAUTHORIZED')
    })
  })

  describe('tenants', () => {
    it('see nothing of each other', async () => {
      const { a, b, aSecret, bSecret } = endpoint.keys
      const first = await publish(endpoint, aSecret, Buffer.from('{"a":1}'))
      await publish(endpoint, aSecret, Buffer.from('{"a":2}'))
      await post({ json: BATCH })

      for (const key of [b, bSecret]) {
        expect(await endpoint.outcome('/v1/models/shop/manifest', { key })).toBe('404 MODEL_NOT_FOUND')
      }
      const rollback = { method: 'POST', key: bSecret, json: { revision: first.revision } }
      expect(await endpoint.outcome('/v1/models/shop/rollback', rollback)).toBe('404 MODEL_NOT_FOUND')
      // A model of the same name is a model of their own.
      await publish(endpoint, bSecret, Buffer.from('{"b":1}'))
      expect(await endpoint.store.activeRevisions('a')).not.toEqual(await endpoint.store.activeRevisions('b'))

      const erase = { method: 'POST', key: b, json: { device: BATCH.device } }
      expect(await (await endpoint.ask('/v1/erase', erase)).json()).toEqual({ erased: 0 })
      expect(await endpoint.store.readEvents('a', { limit: 10 })).toHaveLength(2)
      expect(await endpoint.store.readEvents('b', { limit: 10 })).toEqual([])

      const origin = { headers: { Origin: 'https://b.example' } }
      expect(await endpoint.outcome('/v1/models/shop/manifest', { key: a, ...origin })).toBe(
        '403 ORIGIN_REFUSED',
      )
      expect(await endpoint.outcome('/v1/models/shop/manifest', { key: b, ...origin })).toBe('200')
    })
  })

  describe('origins', () => {
    const preflight = (origin: string, path = '/v1/events') =>
      endpoint.ask(path, {
        method: 'OPTIONS',
        headers: { Origin: origin, 'Access-Control-Request-Method': 'POST' },
      })

    it('answers a preflight for listed origins, by name or any port of localhost', async () => {
      for (const origin of [ORIGIN, 'http://localhost:5173', 'http://localhost']) {
        const response = await preflight(origin)
        expect([response.status, response.headers.get('access-control-allow-origin')]).toEqual([204, origin])
        expect(response.headers.get('access-control-allow-headers')).toMatch(
          /authorization.*content-encoding/iu,
        )
        expect(response.headers.get('vary')).toBe('Origin')
        expect(response.headers.get('access-control-allow-credentials')).toBeNull()
      }
    })

    it.each([
      'https://evil.example',
      'http://a.example',
      'https://a.example.evil.example',
      'https://a.example:444',
      'http://localhost.evil.example:80',
      'null',
      'https://A.example',
    ])('refuses %s, in the preflight and after it', async (origin) => {
      const response = await preflight(origin)
      expect(response.status).toBe(403)
      expect(response.headers.get('access-control-allow-origin')).toBeNull()
      const headers = { Origin: origin }
      const refused = await endpoint.ask('/v1/events', {
        method: 'POST',
        key: endpoint.keys.a,
        json: BATCH,
        headers,
      })
      expect(refused.status).toBe(403)
      expect(refused.headers.get('access-control-allow-origin')).toBeNull()
      expect(await endpoint.store.readEvents('a', { limit: 10 })).toEqual([])
    })

    it('lets a listed page read answers and refusals', async () => {
      for (const json of [BATCH, {}]) {
        const headers = { Origin: ORIGIN }
        const response = await endpoint.ask('/v1/events', {
          method: 'POST',
          key: endpoint.keys.a,
          json,
          headers,
        })
        expect(response.headers.get('access-control-allow-origin')).toBe(ORIGIN)
        expect(response.headers.get('access-control-expose-headers')).toMatch(/retry-after/iu)
      }
    })

    it('refuses a secret key that stands in a page', async () => {
      const ask = { key: endpoint.keys.aSecret, headers: { Origin: ORIGIN } }
      expect(await endpoint.outcome('/v1/models/shop/manifest', ask)).toBe('403 ORIGIN_REFUSED')
    })

    it('opens artifacts to every page', async () => {
      const response = await preflight('https://anyone.example', `/v1/artifacts/${'0'.repeat(64)}`)
      expect([response.status, response.headers.get('access-control-allow-origin')]).toEqual([204, '*'])
    })
  })

  describe('bodies', () => {
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
      expect(await post({ body: `${'['.repeat(100_000)}` })).toBe('400 INVALID_REQUEST')
      expect(await post({ body: good, headers: gzip })).toBe('200')
    })
  })

  it('answers unknown addresses and methods with a code', async () => {
    for (const path of ['/', '/v1', '/v1/', '/v2/events', '/v1/events/1', '/v1/models', '/.env', '/%ff']) {
      expect(await endpoint.outcome(path)).toBe('404 NOT_FOUND')
    }
    for (const [method, path, allow] of [
      ['GET', '/v1/events', 'POST'],
      ['DELETE', '/v1/models/shop/manifest', 'GET, HEAD, PUT'],
      ['POST', '/health', 'GET, HEAD'],
      ['POST', `/v1/artifacts/${'0'.repeat(64)}`, 'GET, HEAD, PUT'],
    ] as const) {
      const response = await endpoint.ask(path, { method })
      expect([response.status, response.headers.get('allow')]).toEqual([405, allow])
      expect(await response.json()).toMatchObject({ error: { code: 'METHOD_NOT_ALLOWED' } })
    }
  })

  it('counts every refusal once, by its code, and every request by its route', async () => {
    await post({ json: {} })
    await post({ json: BATCH, key: 'x' })
    await endpoint.ask('/nowhere')
    await endpoint.ask('/v1/events')
    const text = await (await endpoint.ask('/metrics')).text()
    for (const line of [
      'vitrine_refusals_total{code="INVALID_REQUEST"} 1',
      'vitrine_refusals_total{code="UNAUTHORIZED"} 1',
      'vitrine_refusals_total{code="NOT_FOUND"} 1',
      'vitrine_refusals_total{code="METHOD_NOT_ALLOWED"} 1',
      'vitrine_http_request_duration_seconds_count{method="POST",route="/v1/events",status="400"} 1',
      'vitrine_http_request_duration_seconds_count{method="GET",route="unknown",status="404"} 1',
      'vitrine_events_stored_total 0',
      'vitrine_build_info{version="0"} 1',
    ]) {
      expect(text).toContain(line)
    }
  })

  it('writes no key, no device and no address into its log', async () => {
    await post({ json: BATCH, headers: { Origin: ORIGIN } })
    await post({ json: { ...BATCH, device: 7 } })
    await endpoint.ask(`/v1/models/shop/manifest?device=${BATCH.device}`, { key: endpoint.keys.a })
    const text = JSON.stringify(logged)
    expect(logged).toHaveLength(3)
    expect(text).not.toContain(BATCH.device)
    expect(text).not.toContain(endpoint.keys.a.slice(8))
    expect(text).toContain('"route":"/v1/models/:id/manifest"')
  })

  it('tells a request id to the client and the reason to the log alone when it fails itself', async () => {
    await endpoint.stop()
    endpoint = await startEndpoint({
      logger: {
        info: () => undefined,
        warn: () => undefined,
        error: (fields: object) => void logged.push(fields),
      },
      clock: () => {
        throw new Error('secret detail')
      },
    })
    const response = await endpoint.ask('/v1/events', { method: 'POST', key: endpoint.keys.a, json: BATCH })
    const text = await response.text()
    expect(response.status).toBe(500)
    expect(text).toContain('INTERNAL')
    expect(text).not.toContain('secret detail')
    expect(logged.at(-1)).toMatchObject({
      requestId: response.headers.get('x-request-id'),
      code: 'INTERNAL',
      err: { message: 'secret detail' },
    })
  })

  it('is healthy while its store is, and says when to come back once it is not', async () => {
    expect(await endpoint.outcome('/health')).toBe('200')
    await endpoint.store.close()
    const response = await endpoint.ask('/health')
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '5'])
    const events = await endpoint.ask('/v1/events', { method: 'POST', key: endpoint.keys.a, json: BATCH })
    expect([events.status, events.headers.get('retry-after')]).toEqual([503, '5'])
  })

  it('finishes what is under way when it closes, and refuses what comes after', async () => {
    const underWay = post({ json: BATCH })
    const closed = endpoint.handler.close()
    const late = post({ json: { ...BATCH, firstSeq: 3, events: eventsOf(3, 3) } })
    expect(await underWay).toBe('200')
    expect(await late).toBe('503 UNAVAILABLE')
    await closed
  })
})
