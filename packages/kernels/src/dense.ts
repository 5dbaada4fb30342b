/** Dense layers, which rankers and encoders are made of, on the first device that has them. */
import type { DenseLayer, DenseLayers } from './layers.ts'
import type { KernelDevice } from './top-k.ts'
import { type ScalarModule, loadScalarModule } from './load-scalar.ts'
import { placeLayers } from './wasm/dense.ts'
import { compileBestKernel } from './wasm/module.ts'

/** Options of {@link createDense}. */
export interface CreateDenseOptions {
  /** Without `wasm` among them plain JavaScript serves; with it where missing. */
  devices?: readonly KernelDevice[]
  /** Loads plain JavaScript, where it is a file of its own; the module beside this one where missing. */
  loadScalar?: (() => Promise<Pick<ScalarModule, 'plainLayers'>>) | undefined
}

/**
 * Copies layers into a WASM memory. Where `devices` leave WASM out or it cannot serve here, which `createTopK` tells,
 * plain JavaScript gives the same numbers.
 *
 * @example
 * ```ts
 * const layer = { inputs: 2, outputs: 1, weights: Float32Array.of(3, 4), biases: Float32Array.of(0) }
 * const layers = await createDense([layer])
 * layers.score(Float32Array.of(1, 10), 1, 2, Float64Array.of(0.5), scores) // scores: [43.5]
 * ```
 */
export async function createDense(
  layers: readonly DenseLayer[],
  { devices = ['wasm'], loadScalar = loadScalarModule }: CreateDenseOptions = {},
): Promise<DenseLayers> {
  if (devices.includes('wasm')) {
    try {
      return placeLayers((await compileBestKernel()).module, layers)
    } catch {
      // The same failure passes the device over for tables, and is told there.
    }
  }
  return (await loadScalar()).plainLayers(layers)
}
