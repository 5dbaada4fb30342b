/** One encoder on onnxruntime-web: a session, its runs in the queue, and its end. */
import { VitrineError } from '@vitrine/contracts'
import type { EngineShape, InferenceEngine } from '@vitrine/recommender'
import type { InferenceSession } from 'onnxruntime-web'
import { INPUT, OUTPUT, checkPorts, unsupported } from './ports.ts'
import { inTurn } from './queue.ts'
import type { Device, Runtime } from './runtime.ts'

/** Fills the places before the first item of a short history. */
const PADDING = -1

/** Runs one session. */
export class OnnxEngine implements InferenceEngine {
  readonly name = 'onnx'
  readonly device: Device
  readonly #runtime: Runtime
  readonly #session: InferenceSession
  /** L, undefined where the encoder takes histories of any length. */
  readonly #length: number | undefined
  #isDisposed = false

  /** @throws `VitrineError('MODEL_UNSUPPORTED')` when inputs or outputs do not fit. */
  constructor(runtime: Runtime, session: InferenceSession, device: Device, shape: EngineShape) {
    this.#length = checkPorts(session, shape)
    this.#runtime = runtime
    this.#session = session
    this.device = device
  }

  async encode(history: ArrayLike<number>, query: Float32Array): Promise<void> {
    // Copied now: the caller's array may change before its turn comes.
    const ids = latest(history, this.#length ?? history.length)
    await inTurn(() => this.#run(ids, query))
  }

  dispose(): void {
    if (this.#isDisposed) return
    this.#isDisposed = true
    void inTurn(() => this.#session.release())
  }

  async #run(ids: Int32Array, query: Float32Array): Promise<void> {
    if (this.#isDisposed) throw new VitrineError('DISPOSED', 'The ONNX engine was disposed: load it again.')
    const input = new this.#runtime.Tensor('int32', ids, [1, ids.length])
    const { [OUTPUT]: output } = await this.#session.run({ [INPUT]: input }, [OUTPUT])
    try {
      const data = await output?.getData()
      if (!(data instanceof Float32Array) || data.length !== query.length) {
        throw unsupported(`a run gave ${OUTPUT} [${output?.dims.join(', ')}], wanted is [1, ${query.length}]`)
      }
      query.set(data)
    } finally {
      output?.dispose()
    }
  }
}

/** Returns the latest `length` items, with padding in front where there are fewer. */
function latest(history: ArrayLike<number>, length: number): Int32Array {
  const ids = new Int32Array(length).fill(PADDING)
  const used = Math.min(length, history.length)
  for (let back = 1; back <= used; back++) ids[length - back] = history[history.length - back]!
  return ids
}
