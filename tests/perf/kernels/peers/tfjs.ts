/** TensorFlow.js on its WASM backend: matMul and topk. */
import { matMul, ready, setBackend, tensor2d, tidy, topk } from '@tensorflow/tfjs-core'
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm'
import { floatRows, transposed } from '../catalogue.ts'
import type { Contestant, Job } from '../contestant.ts'

export async function tfjsWasm({ table, k }: Job): Promise<Contestant> {
  setWasmPaths('/tfjs/')
  await setBackend('wasm')
  await ready()
  const { count, dimension } = table
  // Transposed beforehand: with `transposeB` the backend leaves XNNPACK for a slower loop.
  const columns = transposed(floatRows(table), new Float32Array(count * dimension), count)
  const weights = tensor2d(columns, [dimension, count])
  return {
    name: 'tfjs wasm',
    async search(query) {
      const indices = tidy(() => {
        const scores = matMul(tensor2d(query, [1, dimension]), weights)
        return topk(scores, k).indices
      })
      try {
        return await indices.data()
      } finally {
        indices.dispose()
      }
    },
  }
}
