/** onnxruntime-web on one engine: the same search as each of its models, one thread, as on a page that is not isolated. */
import type { Env, InferenceSession, Tensor } from 'onnxruntime-web'
import type { Contestant, Entrant } from '../contestant.ts'
import type { SearchModel } from './onnx-models.ts'

/** What its bundles have in common. */
export interface OnnxRuntime {
  InferenceSession: {
    create(model: Uint8Array, options: InferenceSession.SessionOptions): Promise<InferenceSession>
  }
  Tensor: typeof Tensor
  env: Env
}

/** One of its bundles. */
export interface OnnxEngine {
  /** Of `executionProviders`, and in the report. */
  provider: 'wasm' | 'webgpu'
  /** Loads the bundle, with its engine's address set. */
  load: () => Promise<OnnxRuntime>
}

/** Without the CPU taking over for what the engine cannot do: it would be measured unnoticed. */
const STRICT: InferenceSession.SessionOptions = { extra: { session: { disable_cpu_ep_fallback: '1' } } }

export function onnxEntrant({ provider, load }: OnnxEngine, kind: string, make: SearchModel): Entrant {
  const name = `onnxruntime ${provider} ${kind}`
  return {
    name,
    gpu: provider === 'webgpu',
    async enter({ table, k }): Promise<Contestant> {
      const { InferenceSession: Session, Tensor: Float, env } = await load()
      env.wasm.numThreads = 1
      env.logLevel = 'error'
      const session = await Session.create(make(table, k), {
        executionProviders: [provider],
        ...(provider === 'webgpu' && STRICT),
      })
      return {
        name,
        async search(query) {
          const { indices } = await session.run({ query: new Float('float32', query, [1, table.dimension]) })
          return indices!.data as BigInt64Array
        },
        dispose: () => void session.release(),
      }
    },
  }
}
