/**
 * @vitrine/engine-onnx: a shop's own session encoder as an ONNX model. The SDK's worker loads this file when a
 * manifest names the engine `onnx`; onnxruntime-web is loaded only then, from `runtimeUrl`.
 */
export { type OnnxEngineOptions, createEngine } from './create.ts'
export type { LoadRuntime, Runtime } from './runtime.ts'
export { VERSION } from './version.ts'
