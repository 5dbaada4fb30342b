/** Engines of a shop's own encoder: used, checked, and given up without an empty shelf. */
import { beforeEach, describe, expect, it } from 'vitest'
import type { ArtifactRole, Manifest } from '@vitrine/contracts'
import {
  type GoldenCase,
  type InferenceEngine,
  type LoadEngine,
  type LoadOptions,
  type Model,
  answerOf,
  loadModel,
  readGolden,
  recommend,
  selfTest,
  startEngine,
  writeGolden,
} from '../src/index.ts'
import { DIMENSION, ITEMS, manifestOf, tinyArtifacts, tinyGoldenArtifacts } from './tiny-shop.ts'

/** An encoder that is not the built-in one: after item i comes what points along axis 3. */
class AxisEngine implements InferenceEngine {
  readonly name = 'onnx'
  readonly device = 'wasm'
  isDisposed = false
  runs = 0
  /** What the next run does in place of computing. */
  fault: (query: Float32Array) => void = () => undefined

  async encode(history: ArrayLike<number>, query: Float32Array): Promise<void> {
    this.runs++
    if (history.length === 0) throw new Error('an engine is never asked for an empty history')
    await Promise.resolve()
    // Twice as long as it should be: only the direction counts.
    query.fill(0)
    query[3] = 2
    this.fault(query)
  }

  dispose(): void {
    this.isDisposed = true
  }
}

const ENGINE_BYTES = Uint8Array.of(7)
const history = [{ item: 'i5' }, { item: 'i8' }]
const request = { placement: 'home', k: 5 }

let artifacts: Map<ArtifactRole, Uint8Array>
let manifest: Manifest
let engine: AxisEngine
let failures: unknown[]

const open = (loadEngine: LoadEngine = async () => engine): Promise<Model> => load({ loadEngine })

const onEngineFailure = (reason: unknown): void => {
  failures.push(reason)
}

function load({ loadEngine, ...options }: LoadOptions & { loadEngine?: LoadEngine }): Promise<Model> {
  return loadModel(manifest, artifacts, {
    ...options,
    startEngine: (evidence) => startEngine(manifest, artifacts, evidence, { loadEngine, onEngineFailure }),
  })
}

beforeEach(async () => {
  artifacts = await tinyGoldenArtifacts()
  artifacts.set('encoder-onnx', ENGINE_BYTES)
  manifest = { ...manifestOf(artifacts), engine: 'onnx' }
  engine = new AxisEngine()
  failures = []
})

async function builtInList(): Promise<string[]> {
  const plain = tinyArtifacts()
  const model = await loadModel(manifestOf(plain), plain)
  const { items } = await recommend(model, request, history)
  model.dispose()
  return items.map(({ item }) => item)
}

describe('a model whose manifest names an engine', () => {
  it('ranks by what the engine computes, scaled to unit length', async () => {
    const model = await open(async (name, given, shape) => {
      expect([name, given.get('encoder-onnx'), shape]).toEqual([
        'onnx',
        ENGINE_BYTES,
        { items: 40, dimension: 16 },
      ])
      return engine
    })
    const [scan] = [await answerOf(model, [5])]
    // Items of category 3 point along axis 3.
    expect(scan.scanned.items.slice(0, 10).every((item) => item % 4 === 3)).toBe(true)
    const query = new Float32Array(DIMENSION)
    await model.encode([5], query)
    expect(query[3]).toBe(1)
    expect(model.engine).toMatchObject({ name: 'onnx', device: 'wasm' })
    expect(failures).toEqual([])
    model.dispose()
    expect(engine.isDisposed).toBe(true)
  })

  it('goes on with the built-in encoder where the page has no such engine, and says what to do', async () => {
    const model = await load({})
    expect(model.engine.name).toBe('built-in')
    expect(failures).toMatchObject([
      { code: 'ENGINE_FAILED', message: expect.stringContaining('engines: { onnx:') as string },
    ])
    const { items } = await recommend(model, request, history)
    expect(items.map(({ item }) => item)).toEqual(await builtInList())
    await selfTest(model)
    model.dispose()
  })

  it.each<[string, (query: Float32Array) => void]>([
    [
      'fails',
      () => {
        throw new Error('the GPU is gone')
      },
    ],
    ['answers with NaN', (query) => query.fill(Number.NaN)],
    ['answers with an infinity', (query) => query.fill(Number.POSITIVE_INFINITY)],
  ])('goes on with the built-in encoder once its engine %s, in the very call', async (_, fault) => {
    const model = await open()
    engine.fault = fault
    const lists = await Promise.all([recommend(model, request, history), recommend(model, request, history)])
    for (const { items } of lists) expect(items.map(({ item }) => item)).toEqual(await builtInList())
    expect(model.engine.name).toBe('built-in')
    expect(engine.isDisposed).toBe(true)
    expect(failures).toHaveLength(1)
    expect(failures[0]).toMatchObject({ code: 'ENGINE_FAILED' })
    const { runs } = engine
    await recommend(model, request, history)
    expect(engine.runs).toBe(runs)
    model.dispose()
  })

  it('starts no engine when the kernel cannot hold the table', async () => {
    await expect(
      load({ loadEngine: () => Promise.reject(new Error('asked')), devices: [] }),
    ).rejects.toMatchObject({ code: 'MODEL_UNSUPPORTED' })
    expect(failures).toEqual([])
  })

  it('a model without an engine never asks for one', async () => {
    const { engine: _, ...plain } = manifest
    const model = await loadModel(plain, artifacts, {
      startEngine: () => Promise.reject(new Error('asked')),
    })
    expect(model.encode([5], new Float32Array(DIMENSION))).toBeUndefined()
    expect(failures).toEqual([])
    model.dispose()
  })
})

async function withEngineCases(): Promise<void> {
  const model = await open()
  const engineCases: GoldenCase[] = [await answerOf(model, [3]), await answerOf(model, [5, 8, 5])]
  const golden = { cases: [...readGolden(model.golden, ITEMS).cases], engineCases }
  model.dispose()
  artifacts.set('golden', writeGolden(golden))
  manifest = { ...manifestOf(artifacts), engine: 'onnx' }
  engine = new AxisEngine()
}

describe('the self-test of a model with an engine', () => {
  it('compares with the engine’s own golden cases, and refuses an engine that computes something else', async () => {
    await withEngineCases()
    const model = await open()
    await selfTest(model)
    engine.fault = (query) => {
      query[3] = 0
      query[2] = 1
    }
    await expect(selfTest(model)).rejects.toMatchObject({
      code: 'SELF_TEST_FAILED',
      message: expect.stringContaining('encoder onnx on wasm') as string,
    })
    model.engine.drop?.(new Error('it computes wrong'))
    await selfTest(model)
    expect(failures).toHaveLength(1)
    model.dispose()
  })

  it('counts the built-in encoder’s answers when the engine fails on the way', async () => {
    await withEngineCases()
    const model = await open()
    engine.fault = () => {
      throw new Error('lost')
    }
    await selfTest(model)
    expect(model.engine.name).toBe('built-in')
    model.dispose()
  })

  it('refuses a revision that has no golden cases of its engine', async () => {
    const model = await open()
    await expect(selfTest(model)).rejects.toMatchObject({ code: 'ARTIFACT_CORRUPT' })
    model.dispose()
  })
})
