import { describe, expect, it } from 'vitest'
import { type ArtifactRole, VitrineError, artifactOf } from '@vitrine/contracts'
import { loadModel, rankNext, recommend, selfTest, writeEmbeddings } from '../src/index.ts'
import {
  DIMENSION,
  ITEMS,
  loadTiny,
  manifestOf,
  tinyArtifacts,
  tinyEmbeddings,
  tinyGoldenArtifacts,
} from './tiny-shop.ts'

describe('loadModel', () => {
  it.each([...tinyArtifacts().keys()])('refuses a revision without its %s', async (role) => {
    const artifacts = tinyArtifacts()
    artifacts.delete(role)
    await expect(loadTiny(artifacts)).rejects.toMatchObject({ code: 'ARTIFACT_NOT_FOUND' })
  })

  it('refuses bytes of another length than the manifest states', async () => {
    const artifacts = tinyArtifacts()
    const manifest = manifestOf(artifacts)
    artifactOf(manifest, 'graph')!.bytes += 1
    await expect(loadModel(manifest, artifacts)).rejects.toMatchObject({ code: 'ARTIFACT_CORRUPT' })
  })

  it('refuses artifacts that belong to different models', async () => {
    const artifacts = tinyArtifacts()
    const one = {
      count: 1,
      dimension: DIMENSION,
      values: new Int8Array(DIMENSION),
      scales: new Float32Array(1),
    }
    artifacts.set('embeddings', writeEmbeddings(one))
    await expect(loadTiny(artifacts)).rejects.toMatchObject({ code: 'ARTIFACT_CORRUPT' })
  })

  it('refuses tables of another precision than was asked for', async () => {
    const options = { precision: 'fp32' } as const
    await expect(loadTiny(tinyArtifacts(), options)).rejects.toMatchObject({ code: 'MODEL_UNSUPPORTED' })
  })

  it('stops when its signal has aborted', async () => {
    const signal = AbortSignal.abort()
    await expect(loadTiny(tinyArtifacts(), { signal })).rejects.toThrow(/abort/iu)
  })

  it('ranks alike where the artifacts were tested before, and only the self-test reads golden lists', async () => {
    const artifacts = await tinyGoldenArtifacts()
    const whole = await loadTiny(artifacts)
    const tested = await loadTiny(artifacts, { tested: true })
    const request = { placement: 'product-page', k: 10, anchor: 'i7' }
    for (const seen of ['i3', 'i20', 'i39']) {
      const history = [{ item: seen, type: 'view' as const }]
      expect(await recommend(tested, request, history)).toEqual(await recommend(whole, request, history))
    }
    await selfTest(tested)
    artifacts.set('golden', new TextEncoder().encode('{}'))
    await expect(selfTest(await loadTiny(artifacts))).rejects.toMatchObject({ code: 'ARTIFACT_CORRUPT' })
  })

  it('works after dispose no more, and says so', async () => {
    const model = await loadTiny(tinyArtifacts())
    model.dispose()
    model.dispose()
    await expect(rankNext(model, ['i1'], 3)).rejects.toMatchObject({ code: 'DISPOSED' })
    await expect(recommend(model, { placement: 'popular', k: 3 }, [])).rejects.toMatchObject({
      code: 'DISPOSED',
    })
  })
})

describe('without WASM', () => {
  it('lists, scores and reasons are the same bits', async () => {
    const artifacts = await tinyGoldenArtifacts()
    const lists = await Promise.all(
      (['wasm', 'scalar'] as const).map(async (device) => {
        const model = await loadTiny(artifacts, { devices: [device] })
        expect(model.device).toBe(device)
        return recommend(model, { placement: 'home', k: 5 }, [{ item: 'i3' }, { item: 'i1' }])
      }),
    )
    expect(lists[1]).toEqual(lists[0])
  })

  it('a file of the scalar device that does not come says nothing against the model', async () => {
    const loading = loadTiny(tinyArtifacts(), {
      devices: ['scalar'],
      loadScalar: () => Promise.reject(new VitrineError('NETWORK_FAILED', 'scalar.js did not load')),
    })
    await expect(loading).rejects.toMatchObject({ code: 'NETWORK_FAILED' })
  })
})

describe('selfTest', () => {
  it.each(['wasm', 'scalar'] as const)('passes on %s', async (device) => {
    const model = await loadTiny(await tinyGoldenArtifacts(), { devices: [device] })
    expect(model.device).toBe(device)
    await selfTest(model)
    model.dispose()
  })

  it('notices that float32 tables score otherwise, with which the model works all the same', async () => {
    const artifacts = await tinyGoldenArtifacts()
    const { values, scales, ...shape } = tinyEmbeddings()
    const floats = Float32Array.from(values, (value) => value * scales[0]!)
    const twin = { ...shape, values: floats, scales: new Float32Array(ITEMS).fill(1) }
    artifacts.set('embeddings', writeEmbeddings(twin))
    const model = await loadTiny(artifacts, { precision: 'fp32' })
    // The int8 kernel rounds the query, the float scan does not: more than the tolerance apart.
    await expect(selfTest(model)).rejects.toMatchObject({ code: 'SELF_TEST_FAILED' })
    expect(await rankNext(model, ['i3'], 3)).toHaveLength(3)
  })

  it.each<[ArtifactRole, number]>([
    ['embeddings', 20 + 3 * DIMENSION + 3],
    ['graph', 32 + 8 * ITEMS + 9],
    ['statistics', 20 + 16 + 2 * ITEMS],
  ])('notices one changed byte in the %s that golden lists depend on', async (role, at) => {
    const artifacts = await tinyGoldenArtifacts()
    const changed = artifacts.get(role)!.slice()
    changed[at]! ^= 0x60
    artifacts.set(role, changed)
    const model = await loadTiny(artifacts)
    await expect(selfTest(model)).rejects.toMatchObject({ code: 'SELF_TEST_FAILED' })
    model.dispose()
  })
})
