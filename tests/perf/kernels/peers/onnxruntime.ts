/** onnxruntime-web on its WASM engine, one thread, as on a page that is not cross-origin isolated. */
import { InferenceSession, Tensor, env } from 'onnxruntime-web/wasm'
import type { Contestant, Job } from '../contestant.ts'
import { blockModel, floatModel, floatRowsModel, integerModel } from './onnx-models.ts'

export async function onnxruntimeWasm({ table, k }: Job): Promise<Contestant[]> {
  env.wasm.wasmPaths = { wasm: '/onnxruntime/ort-wasm-simd-threaded.wasm' }
  env.wasm.numThreads = 1
  const contestants: Contestant[] = []
  // One after the other: each model's bytes are garbage before the next one is made.
  for (const make of [floatModel, floatRowsModel, integerModel, blockModel]) {
    const { name, bytes } = make(table, k)
    const session = await InferenceSession.create(bytes, { executionProviders: ['wasm'] })
    contestants.push({
      name: `onnxruntime wasm ${name}`,
      async search(query) {
        const { indices } = await session.run({ query: new Tensor('float32', query, [1, table.dimension]) })
        return indices!.data as BigInt64Array
      },
    })
  }
  return contestants
}
