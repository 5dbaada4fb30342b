/** The engine in Node, on the WASM backend of TensorFlow.js: layers models, and what does not fit. */
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm'
import { loadGraphModel } from '@tensorflow/tfjs-converter'
import * as core from '@tensorflow/tfjs-core'
import * as layers from '@tensorflow/tfjs-layers'
import { describe, expect, it } from 'vitest'
import type { ArtifactRole } from '@vitrine/contracts'
import manifest from '../package.json' with { type: 'json' }
import { type Runtime, type TfjsEngineOptions, VERSION, createEngine, parseModel } from '../src/index.ts'

const ITEMS = 20
const DIMENSION = 16

const runtime: Runtime = { ...core, loadGraphModel, loadLayersModel: layers.loadLayersModel }
const options: TfjsEngineOptions = { items: ITEMS, dimension: DIMENSION, loadRuntime: async () => runtime }
const wasmFiles = new URL('../node_modules/@tensorflow/tfjs-backend-wasm/dist/', import.meta.url)
setWasmPaths(wasmFiles.pathname)

type Artifacts = Map<ArtifactRole, Uint8Array>

interface Shape {
  /** L, null where it is free. */
  length?: number | null
  dimension?: number
  /** A GRU in place of an average: loops, and states. */
  isRecurrent?: boolean
}

/** A Keras model as TensorFlow.js saves it, item 0 of its table for padding: ids are shifted by one. */
async function layersModel({
  length = null,
  dimension = DIMENSION,
  isRecurrent = false,
}: Shape): Promise<Artifacts> {
  await core.setBackend('wasm')
  const input = layers.input({ shape: [length], dtype: 'int32', name: 'item_ids' })
  const embedded = layers.layers
    .embedding({ inputDim: ITEMS + 1, outputDim: dimension, embeddingsInitializer: 'glorotNormal' })
    .apply(input)
  const pooled = isRecurrent
    ? layers.layers.gru({ units: dimension, recurrentInitializer: 'glorotNormal' }).apply(embedded)
    : layers.layers.globalAveragePooling1d({}).apply(embedded)
  const model = layers.model({ inputs: input, outputs: pooled as layers.SymbolicTensor })
  const artifacts: Artifacts = new Map()
  await model.save(
    core.io.withSaveHandler(async ({ modelTopology, weightSpecs, weightData }) => {
      const json = {
        format: 'layers-model',
        modelTopology,
        weightsManifest: [{ paths: ['weights.bin'], weights: weightSpecs }],
      }
      artifacts.set('encoder-tfjs', new TextEncoder().encode(JSON.stringify(json)))
      artifacts.set('encoder-tfjs-weights', new Uint8Array(weightData as ArrayBuffer))
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } }
    }),
  )
  model.dispose()
  return artifacts
}

it('has the version of its package', () => {
  expect(VERSION).toBe(manifest.version)
})

describe('a layers model', () => {
  it('averages the rows of the items, for histories of any length', async () => {
    const artifacts = await layersModel({})
    const table = new Float32Array(artifacts.get('encoder-tfjs-weights')!.slice().buffer)
    const engine = await createEngine(artifacts, options)
    expect(engine).toMatchObject({ name: 'tfjs', device: 'wasm' })
    const query = new Float32Array(DIMENSION)
    for (const history of [[3], [3, 19, 0], Array.from({ length: 50 }, (_, i) => i % ITEMS)]) {
      await engine.encode(history, query)
      for (let j = 0; j < DIMENSION; j++) {
        const mean = history.reduce((sum, item) => sum + table[item * DIMENSION + j]!, 0) / history.length
        expect(query[j]).toBeCloseTo(mean, 5)
      }
    }
    engine.dispose()
  })

  it('of recurrent layers runs, and leaves no tensor behind', async () => {
    const engine = await createEngine(await layersModel({ isRecurrent: true }), options)
    const query = new Float32Array(DIMENSION)
    await engine.encode([1, 2, 3, 4], query)
    const first = query.slice()
    const { numTensors } = core.memory()
    await Promise.all(Array.from({ length: 10 }, async () => engine.encode([1, 2, 3, 4], query)))
    expect(query).toEqual(first)
    expect(core.memory().numTensors).toBe(numTensors)
    await engine.encode([4, 3, 2, 1], query)
    expect(query).not.toEqual(first)
    engine.dispose()
    await expect(engine.encode([1], query)).rejects.toMatchObject({ code: 'DISPOSED' })
  })

  it('frees its weights when it ends', async () => {
    const before = core.memory().numTensors
    const engine = await createEngine(await layersModel({}), options)
    engine.dispose()
    engine.dispose()
    expect(core.memory().numTensors).toBe(before)
  })

  it('of a fixed length gets −1 for padding, which its table refuses: nothing is used that computes nonsense', async () => {
    await expect(createEngine(await layersModel({ length: 4 }), options)).rejects.toMatchObject({
      code: 'ENGINE_FAILED',
      message: expect.stringContaining('-1 is not in [0, 20]') as string,
    })
  })

  it('of another width is refused', async () => {
    await expect(createEngine(await layersModel({ dimension: 8 }), options)).rejects.toMatchObject({
      code: 'MODEL_UNSUPPORTED',
      message: expect.stringContaining('want [1, 16]') as string,
    })
  })

  it('with too few weights, or no backend, fails with the reason of TensorFlow.js', async () => {
    const artifacts = await layersModel({})
    const reasons: string[] = []
    const onFallback = (device: string): void => void reasons.push(device)
    const cut = new Map(artifacts).set('encoder-tfjs-weights', new Uint8Array(64))
    await expect(
      createEngine(cut, { ...options, devices: ['webgpu', 'wasm'], onFallback }),
    ).rejects.toMatchObject({ code: 'ENGINE_FAILED' })
    expect(reasons).toEqual(['webgpu', 'wasm'])
  })
})

function file(modelTopology: object): Uint8Array {
  return new TextEncoder().encode(JSON.stringify({ modelTopology, weightsManifest: [] }))
}

describe('parseModel', () => {
  it.each<[string, unknown]>([
    ['a list', []],
    ['nothing', null],
    ['no topology', { weightsManifest: [] }],
    ['no manifest', { modelTopology: {} }],
    ['a manifest of text', { modelTopology: {}, weightsManifest: ['weights.bin'] }],
    ['paths that are none', { modelTopology: {}, weightsManifest: [{ paths: [7], weights: [] }] }],
    ['another format', { format: 'onnx', modelTopology: {}, weightsManifest: [] }],
  ])('refuses %s', (_, json) => {
    expect(() => parseModel(new TextEncoder().encode(JSON.stringify(json)))).toThrow(
      expect.objectContaining({ code: 'ARTIFACT_CORRUPT' }),
    )
  })

  it('knows the format of files that do not say it', () => {
    expect(parseModel(file({ node: [] })).format).toBe('graph-model')
    expect(parseModel(file({ model_config: {} })).format).toBe('layers-model')
  })
})
