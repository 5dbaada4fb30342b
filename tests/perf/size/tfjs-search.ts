/** What a page bundles of TensorFlow.js to search a catalogue on its WASM backend, and nothing else. */
export { matMul, ready, setBackend, tensor2d, tidy, topk } from '@tensorflow/tfjs-core'
export { setWasmPaths } from '@tensorflow/tfjs-backend-wasm'
