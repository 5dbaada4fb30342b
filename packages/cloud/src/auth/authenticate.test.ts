import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { batchOf, randomIdOf } from '../../test/batches.ts'
import { type Ask, type Endpoint, ORIGIN, manifestOf, publish, startEndpoint } from '../../test/endpoint.ts'
import { revokeKey } from './keys.ts'

const BATCH = batchOf(1, 2)

describe('who may do what', () => {
  let endpoint: Endpoint
  beforeEach(async () => {
    endpoint = await startEndpoint()
  })
  afterEach(() => endpoint.stop())

  const post = (ask: Ask) => endpoint.outcome('/v1/events', { method: 'POST', key: endpoint.keys.a, ...ask })
  const preflight = (origin: string, path = '/v1/events') =>
    endpoint.ask(path, {
      method: 'OPTIONS',
      headers: { Origin: origin, 'Access-Control-Request-Method': 'POST' },
    })

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

    // Seen to fail with any key, and with any request, accepted by its address.
    it('takes a publishable key from the address of a manifest, and of nothing else', async () => {
      const { a, aSecret } = endpoint.keys
      await publish(endpoint, aSecret, Buffer.from('{}'))
      const read = await endpoint.ask(`/v1/models/shop/manifest?key=${a}`, { headers: { Origin: ORIGIN } })
      expect([read.status, read.headers.get('cache-control')]).toEqual([200, 'private, max-age=10'])
      expect(read.headers.get('access-control-allow-origin')).toBe(ORIGIN)
      const elsewhere = { headers: { Origin: 'https://b.example' } }
      expect(await endpoint.outcome(`/v1/models/shop/manifest?key=${a}`, elsewhere)).toBe(
        '403 ORIGIN_REFUSED',
      )
      expect(await endpoint.outcome(`/v1/models/shop/manifest?key=${aSecret}`)).toBe('401 UNAUTHORIZED')
      const events = { method: 'POST', json: BATCH }
      expect(await endpoint.outcome(`/v1/events?key=${a}`, events)).toBe('401 UNAUTHORIZED')
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
      expect(await endpoint.store.listRollouts('a')).not.toEqual(await endpoint.store.listRollouts('b'))

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
})
