/** Dense layers, which a ranker is made of, on the WASM device. */
import type { DenseLayer, DenseLayers } from './layers.ts'
import type { KernelDevice } from './top-k.ts'
import { placeLayers } from './wasm/dense.ts'
import { compileBestKernel } from './wasm/module.ts'

/**
 * Copies layers into a WASM memory. Undefined where `devices` leave WASM out or it cannot serve here, which
 * `createTopK` tells: plain loops then give the same numbers.
 *
 * @example
 * ```ts
 * const layer = { inputs: 2, outputs: 1, weights: Float32Array.of(3, 4), biases: Float32Array.of(0) }
 * const layers = await createDense([layer])
 * layers?.score(Float32Array.of(1, 10), 1, 2, Float64Array.of(0.5), scores) // scores: [43.5]
 * ```
 */
export async function createDense(
  layers: readonly DenseLayer[],
  devices: readonly KernelDevice[] = ['wasm'],
): Promise<DenseLayers | undefined> {
  if (!devices.includes('wasm')) return undefined
  try {
    return placeLayers((await compileBestKernel()).module, layers)
  } catch {
    return undefined
  }
}
