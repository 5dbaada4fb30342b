import { parseManifest } from '@vitrine/contracts'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Endpoint, manifestOf, publish, startEndpoint } from '../../test/endpoint.ts'

const DEVICE = '0'.repeat(32)
const FIRST = Buffer.from('{"items":["a"]}')
const SECOND = Buffer.from('{"items":["b"]}')

describe('/v1/models', () => {
  let endpoint: Endpoint
  beforeEach(async () => {
    endpoint = await startEndpoint()
  })
  afterEach(() => endpoint.stop())

  const get = (headers: Record<string, string> = {}, key = endpoint.keys.a) =>
    endpoint.ask(`/v1/models/shop/manifest?device=${DEVICE}`, { key, headers })
  const active = async () => parseManifest(await (await get()).json()).revision

  it('hands out what was published, and 304 to whoever has it', async () => {
    const manifest = await publish(endpoint, endpoint.keys.aSecret, FIRST)
    const response = await get()
    expect(response.status).toBe(200)
    expect(response.headers.get('cache-control')).toBe('no-cache')
    expect(response.headers.get('content-type')).toBe('application/json')
    expect(await response.json()).toEqual(manifest)
    const etag = response.headers.get('etag')!
    for (const condition of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const again = await get({ 'If-None-Match': condition })
      expect([again.status, again.headers.get('etag'), await again.text()]).toEqual([304, etag, ''])
    }
    await publish(endpoint, endpoint.keys.aSecret, SECOND)
    expect((await get({ 'If-None-Match': etag })).status).toBe(200)
  })

  it('publishes only with every artifact there, and names what is missing', async () => {
    const manifest = manifestOf(FIRST)
    const put = () =>
      endpoint.ask('/v1/models/shop/manifest', { method: 'PUT', key: endpoint.keys.aSecret, json: manifest })
    const refused = await put()
    expect(refused.status).toBe(409)
    expect(await refused.json()).toMatchObject({
      error: { code: 'CONFLICT', message: expect.stringContaining(manifest.artifacts[0]!.sha256) },
    })
    expect((await get()).status).toBe(404)
    await publish(endpoint, endpoint.keys.aSecret, FIRST)
    const again = await put()
    expect([again.status, await again.json()]).toEqual([
      200,
      expect.objectContaining({ model: 'shop', revision: manifest.revision, active: manifest.revision }),
    ])
  })

  it('refuses a manifest whose sizes are wrong, whose name is another, or that changes a revision', async () => {
    const manifest = await publish(endpoint, endpoint.keys.aSecret, FIRST)
    const put = (json: unknown) =>
      endpoint.outcome('/v1/models/shop/manifest', { method: 'PUT', key: endpoint.keys.aSecret, json })
    const artifact = { ...manifest.artifacts[0]!, bytes: 3 }
    expect(await put({ ...manifest, revision: 'r-new', artifacts: [artifact] })).toBe('409 CONFLICT')
    expect(await put({ ...manifest, items: 2 })).toBe('409 CONFLICT')
    expect(await put({ ...manifest, id: 'other' })).toBe('400 INVALID_MANIFEST')
    expect(await put({ ...manifest, unknown: 1 })).toBe('400 INVALID_MANIFEST')
    expect(await put({ ...manifest, revision: '../../etc' })).toBe('400 INVALID_MANIFEST')
    expect(await active()).toBe(manifest.revision)
  })

  it('rolls back to the one before, or to the one named', async () => {
    const first = await publish(endpoint, endpoint.keys.aSecret, FIRST)
    const second = await publish(endpoint, endpoint.keys.aSecret, SECOND)
    const rollBack = (json: unknown) =>
      endpoint.ask('/v1/models/shop/rollback', { method: 'POST', key: endpoint.keys.aSecret, json })
    const back = await rollBack({})
    expect(await back.json()).toEqual({ model: 'shop', active: first.revision, previous: second.revision })
    expect(await active()).toBe(first.revision)
    expect((await rollBack({})).status).toBe(409)
    expect((await rollBack({ revision: second.revision })).status).toBe(200)
    expect(await active()).toBe(second.revision)
    expect((await rollBack({ revision: 'r-none' })).status).toBe(404)
    expect((await rollBack({ to: 'r-none' })).status).toBe(400)
  })
})
