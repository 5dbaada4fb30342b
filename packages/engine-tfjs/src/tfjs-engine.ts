/** One encoder on TensorFlow.js: a model, its runs, and its end. */
import { VitrineError, isVitrineError } from '@vitrine/contracts'
import type { EngineShape, InferenceEngine } from '@vitrine/recommender'
import type { GraphModel } from '@tensorflow/tfjs-converter'
import type { NamedTensorMap, Tensor } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { checkPorts, unsupported } from './ports.ts'
import type { Device, Runtime } from './runtime.ts'

/** Fills the places before the first item of a short history. */
const PADDING = -1

/** Runs one model. */
export class TfjsEngine implements InferenceEngine {
  readonly name = 'tfjs'
  readonly device: Device
  readonly #runtime: Runtime
  readonly #model: GraphModel | LayersModel
  /** L, undefined where the encoder takes histories of any length. */
  readonly #length: number | undefined
  /** The input as the model states it. */
  readonly #dtype: 'int32' | 'float32'
  /** A graph with loops or branches, such as a recurrent network's, runs step by step. */
  #isStepwise = false
  #isDisposed = false

  /** @throws `VitrineError('MODEL_UNSUPPORTED')` when inputs or outputs do not fit. */
  constructor(runtime: Runtime, model: GraphModel | LayersModel, device: Device, shape: EngineShape) {
    const { inputs, outputs } = model
    this.#length = checkPorts(inputs, outputs, shape)
    this.#dtype = inputs[0]!.dtype as 'int32' | 'float32'
    this.#runtime = runtime
    this.#model = model
    this.device = device
  }

  /** Runs `history` once, and finds out how this model has to be run. */
  async warmUp(history: readonly number[], dimension: number): Promise<void> {
    const query = new Float32Array(dimension)
    try {
      await this.encode(history, query)
    } catch (error) {
      if (!('predictAsync' in this.#model) || isVitrineError(error)) throw error
      this.#isStepwise = true
      await this.encode(history, query)
    }
  }

  async encode(history: ArrayLike<number>, query: Float32Array): Promise<void> {
    if (this.#isDisposed) {
      throw new VitrineError('DISPOSED', 'The TensorFlow.js engine was disposed: load it again.')
    }
    const ids = latest(history, this.#length ?? history.length)
    const output = await this.#run(ids)
    try {
      const { dtype, shape, size } = output
      if (dtype !== 'float32' || size !== query.length) {
        throw unsupported(`a run gave ${dtype} [${shape.join(', ')}], wanted is float32 [1, ${query.length}]`)
      }
      query.set(await output.data())
    } finally {
      output.dispose()
    }
  }

  dispose(): void {
    if (this.#isDisposed) return
    this.#isDisposed = true
    this.#model.dispose()
  }

  async #run(ids: Int32Array): Promise<Tensor> {
    const { tensor2d, tidy } = this.#runtime
    const model = this.#model
    if (this.#isStepwise && 'predictAsync' in model) {
      const input = tensor2d(ids, [1, ids.length], this.#dtype)
      try {
        return single(await model.predictAsync(input))
      } finally {
        input.dispose()
      }
    }
    return tidy(() => single(model.predict(tensor2d(ids, [1, ids.length], this.#dtype))))
  }
}

/** There is one output; models return it alone, in a list, or under its name. */
function single(output: Tensor | Tensor[] | NamedTensorMap): Tensor {
  if (Array.isArray(output)) return output[0]!
  return isTensor(output) ? output : Object.values(output)[0]!
}

function isTensor(output: Tensor | NamedTensorMap): output is Tensor {
  return typeof output.dispose === 'function'
}

/** Returns the latest `length` items, with padding in front where there are fewer. */
function latest(history: ArrayLike<number>, length: number): Int32Array {
  const ids = new Int32Array(length).fill(PADDING)
  const used = Math.min(length, history.length)
  for (let back = 1; back <= used; back++) ids[length - back] = history[history.length - back]!
  return ids
}
