/**
 * @vitrine/engine-tfjs: a shop's own session encoder as a TensorFlow.js model. The SDK's worker loads this file when
 * a manifest names the engine `tfjs`; TensorFlow.js is loaded only then, from `runtimeUrl`.
 */
export { type TfjsEngineOptions, createEngine } from './create.ts'
export { type ModelFormat, type TfjsModel, parseModel } from './model-file.ts'
export type { Backends, Device, LoadRuntime, Runtime } from './runtime.ts'
export { VERSION } from './version.ts'
