/** Loads the scalar device from where it lies. */
import type { createScalarTopK, plainLayers } from './scalar.ts'

/** The code of the scalar device, which few need: most browsers have WASM. */
export interface ScalarModule {
  createScalarTopK: typeof createScalarTopK
  plainLayers: typeof plainLayers
}

/** In a browser's own build a file of its own, beside the worker. */
export const loadScalarModule = (): Promise<ScalarModule> => import('./scalar.ts')
