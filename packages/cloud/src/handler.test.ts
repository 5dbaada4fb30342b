import { readFile } from 'node:fs/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { batchOf } from '../test/batches.ts'
import { type Ask, type Endpoint, ORIGIN, startEndpoint } from '../test/endpoint.ts'
import { VERSION } from './version.ts'

const BATCH = batchOf(1, 2)

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
    const late = post({ json: batchOf(3, 3) })
    expect(await underWay).toBe('200')
    expect(await late).toBe('503 UNAVAILABLE')
    await closed
  })
})
