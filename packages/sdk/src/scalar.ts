/** Entry of the scalar file, which the worker loads where WASM is forbidden or missing, and a probe to compare. */
import { createScalarTopK, plainLayers } from '@vitrine/kernels/scalar'
import { VERSION } from './version.ts'

export { VERSION, createScalarTopK, plainLayers }
