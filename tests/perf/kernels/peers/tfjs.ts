/** TensorFlow.js on its WASM backend: matMul and topk. */
import * as tf from '@tensorflow/tfjs'
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm'
import { floatRows, transposed } from '../catalogue.ts'
import type { Contestant, Job } from '../contestant.ts'

export async function tfjsWasm({ table, k }: Job): Promise<Contestant> {
  setWasmPaths('/tfjs/')
  await tf.setBackend('wasm')
  await tf.ready()
  const { count, dimension } = table
  // Transposed beforehand: with `transposeB` the backend leaves XNNPACK for a slower loop.
  const columns = transposed(floatRows(table), new Float32Array(count * dimension), count)
  const weights = tf.tensor2d(columns, [dimension, count])
  return {
    name: 'tfjs wasm',
    async search(query) {
      const indices = tf.tidy(() => {
        const scores = tf.matMul(tf.tensor2d(query, [1, dimension]), weights)
        return tf.topk(scores, k).indices
      })
      try {
        return await indices.data()
      } finally {
        indices.dispose()
      }
    },
  }
}
