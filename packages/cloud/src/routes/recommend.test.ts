import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { RecommendResult } from '@vitrine/contracts'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Endpoint, ORIGIN, startEndpoint } from '../../test/endpoint.ts'
import { publishModel } from '../../test/revision.ts'

describe('POST /v1/recommend', () => {
  let endpoint: Endpoint
  beforeEach(async () => {
    endpoint = await startEndpoint({ maxLoadedModels: 2 })
  })
  afterEach(() => endpoint.stop())

  const request = {
    model: 'shop',
    placement: 'home',
    k: 5,
    history: [{ item: 'item-3', type: 'view', at: 1 }],
  }
  const post = (json: object, key = endpoint.keys.a) =>
    endpoint.ask('/v1/recommend', { method: 'POST', key, json, headers: { Origin: ORIGIN } })

  async function list(json: object, key?: string): Promise<RecommendResult> {
    const response = await post(json, key)
    expect(response.status).toBe(200)
    return (await response.json()) as RecommendResult
  }

  it('answers as a device would: personal, explained, with the active revision', async () => {
    await publishModel(endpoint, endpoint.keys.aSecret, 1)
    const result = await list(request)
    expect(result).toMatchObject({ source: 'personal', revision: 'r-1' })
    expect(result.items).toHaveLength(5)
    expect(result.items[0]).toMatchObject({
      item: 'item-4',
      reasons: [{ kind: 'history', item: 'item-3' }],
      details: { title: 'Item 4' },
    })
    expect(await list({ ...request, history: [] })).toMatchObject({ source: 'popularity' })
    expect((await list({ ...request, exclude: ['item-4'] })).items.map(({ item }) => item)).not.toContain(
      'item-4',
    )
  })

  it('follows a publication and a rollback at once', async () => {
    await publishModel(endpoint, endpoint.keys.aSecret, 1)
    await publishModel(endpoint, endpoint.keys.aSecret, 2)
    expect(await list(request)).toMatchObject({
      revision: 'r-2',
      items: [{ item: 'item-5' }, {}, {}, {}, {}],
    })
    const rollback = { method: 'POST', key: endpoint.keys.aSecret, json: {} }
    await endpoint.ask('/v1/models/shop/rollback', rollback)
    expect(await list(request)).toMatchObject({
      revision: 'r-1',
      items: [{ item: 'item-4' }, {}, {}, {}, {}],
    })
  })

  it('serves more models than it keeps, all at once', async () => {
    const names = ['m1', 'm2', 'm3', 'm4', 'm5']
    for (const [index, id] of names.entries()) {
      await publishModel(endpoint, endpoint.keys.aSecret, index + 1, id)
    }
    const asked = Array.from({ length: 50 }, (_, i) => i % names.length)
    const results = await Promise.all(asked.map((index) => list({ ...request, model: names[index]! })))
    expect(results.map(({ items }) => items[0]!.item)).toEqual(asked.map((index) => `item-${4 + index}`))
  })

  it('shows a tenant its own models alone', async () => {
    await publishModel(endpoint, endpoint.keys.aSecret, 1)
    const answer = await endpoint.outcome('/v1/recommend', {
      method: 'POST',
      key: endpoint.keys.b,
      json: request,
    })
    expect(answer).toBe('404 MODEL_NOT_FOUND')
  })

  it('never ranks with bytes that changed on disk, and recovers once they are back', async () => {
    const manifest = await publishModel(endpoint, endpoint.keys.aSecret, 1)
    const { sha256 } = manifest.artifacts[2]!
    const file = join(endpoint.folder, 'artifacts', sha256.slice(0, 2), sha256)
    await writeFile(file, 'rotten')
    const refused = await post(request)
    expect([refused.status, await refused.json()]).toMatchObject([
      422,
      { error: { code: 'ARTIFACT_CORRUPT' } },
    ])
    await publishModel(endpoint, endpoint.keys.aSecret, 1)
    expect(await list(request)).toMatchObject({ source: 'personal' })
  })

  it.each([
    ['no model', { model: undefined }],
    ['no history', { history: undefined }],
    ['201 items', { k: 201 }],
    ['a history of 501', { history: Array.from({ length: 501 }, () => ({ item: 'a' })) }],
    ['an unknown field', { user: 'me' }],
  ])('refuses %s', async (_, fields) => {
    const json = { ...request, ...fields }
    const answer = await endpoint.outcome('/v1/recommend', { method: 'POST', key: endpoint.keys.a, json })
    expect(answer).toBe('400 INVALID_REQUEST')
  })
})
