/** TensorFlow.js on one backend: matMul and topk. */
import { matMul, ready, setBackend, tensor2d, tidy, topk } from '@tensorflow/tfjs-core'
import { floatRows, transposed } from '../catalogue.ts'
import type { Entrant } from '../contestant.ts'

/** @param register - makes the backend known */
export function tfjsEntrant(backend: 'wasm' | 'webgpu', register: () => Promise<void>): Entrant {
  const name = `tfjs ${backend}`
  return {
    name,
    gpu: backend === 'webgpu',
    async enter({ table, k }) {
      await register()
      if (!(await setBackend(backend))) throw new Error(`The backend ${backend} does not start here.`)
      await ready()
      const { count, dimension } = table
      // Transposed beforehand: with `transposeB` the WASM backend leaves XNNPACK for a slower loop.
      const columns = transposed(floatRows(table), new Float32Array(count * dimension), count)
      const weights = tensor2d(columns, [dimension, count])
      return {
        name,
        async search(query) {
          // The library has one backend at a time; changing to one that runs costs next to nothing.
          await setBackend(backend)
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
        dispose: () => weights.dispose(),
      }
    },
  }
}
