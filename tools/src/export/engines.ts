/** Engines in Node: the very files that pages use, on runtimes that the merchant installs when she needs them. */
import { type ArtifactRole, type EngineName, VitrineError } from '@vitrine/contracts'
import type { EngineShape, InferenceEngine } from '@vitrine/recommender'

/** npm packages that an engine needs in Node. */
const RUNTIMES: Readonly<Record<EngineName, string>> = {
  onnx: 'onnxruntime-web@1.30.0',
  tfjs: '@tensorflow/tfjs-core@4.22.0 @tensorflow/tfjs-converter@4.22.0 @tensorflow/tfjs-layers@4.22.0 @tensorflow/tfjs-backend-wasm@4.22.0',
}

type Artifacts = ReadonlyMap<ArtifactRole, Uint8Array>

/**
 * Starts the engine `name`, on WASM.
 *
 * @throws `VitrineError('ENGINE_FAILED')` saying what to install where the runtime is missing; what `createEngine` of
 * the engine throws.
 */
export async function loadEngineInNode(
  name: EngineName,
  artifacts: Artifacts,
  shape: EngineShape,
): Promise<InferenceEngine> {
  return name === 'onnx' ? startOnnx(artifacts, shape) : startTfjs(artifacts, shape)
}

async function startOnnx(artifacts: Artifacts, shape: EngineShape): Promise<InferenceEngine> {
  const { createEngine } = await import('@vitrine/engine-onnx')
  const runtime = await installed('onnx', () => import('onnxruntime-web'))
  return createEngine(artifacts, { ...shape, loadRuntime: async () => runtime })
}

async function startTfjs(artifacts: Artifacts, shape: EngineShape): Promise<InferenceEngine> {
  const { createEngine } = await import('@vitrine/engine-tfjs')
  const runtime = await installed('tfjs', async () => {
    const [core, converter, layers] = await Promise.all([
      import('@tensorflow/tfjs-core'),
      import('@tensorflow/tfjs-converter'),
      import('@tensorflow/tfjs-layers'),
      import('@tensorflow/tfjs-backend-wasm'),
    ])
    const { loadGraphModel } = converter
    return { ...core, loadGraphModel, loadLayersModel: layers.loadLayersModel }
  })
  return createEngine(artifacts, { ...shape, loadRuntime: async () => runtime })
}

async function installed<T>(name: EngineName, load: () => Promise<T>): Promise<T> {
  try {
    return await load()
  } catch (cause) {
    throw new VitrineError(
      'ENGINE_FAILED',
      `The runtime of the engine ${name} is not installed beside vitrine: npm install ${RUNTIMES[name]}`,
      { cause },
    )
  }
}
