/** What a shop might take instead: everything loads when it is its turn, from the servers of `measure/page.ts`. */
import type { Entrant } from '../contestant.ts'
import { blockModel, dequantisedModel, floatModel, floatRowsModel, integerModel } from './onnx-models.ts'
import { type OnnxEngine, onnxEntrant } from './onnxruntime.ts'
import { tfjsEntrant } from './tfjs.ts'

const onnxWasm: OnnxEngine = {
  provider: 'wasm',
  async load() {
    const runtime = await import('onnxruntime-web/wasm')
    runtime.env.wasm.wasmPaths = { wasm: '/onnxruntime/ort-wasm-simd-threaded.wasm' }
    return runtime
  },
}

const onnxWebGpu: OnnxEngine = {
  provider: 'webgpu',
  async load() {
    const runtime = await import('onnxruntime-web/webgpu')
    runtime.env.wasm.wasmPaths = { wasm: '/onnxruntime/ort-wasm-simd-threaded.asyncify.wasm' }
    return runtime
  },
}

/** On WASM, one thread. */
export const peers: readonly Entrant[] = [
  onnxEntrant(onnxWasm, 'fp32', floatModel),
  onnxEntrant(onnxWasm, 'fp32 by rows', floatRowsModel),
  onnxEntrant(onnxWasm, 'int8', integerModel),
  onnxEntrant(onnxWasm, '8-bit blocks', blockModel),
  tfjsEntrant('wasm', async () => {
    const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm')
    setWasmPaths('/tfjs/')
  }),
]

/** On WebGPU. */
export const gpuPeers: readonly Entrant[] = [
  onnxEntrant(onnxWebGpu, 'fp32', floatModel),
  onnxEntrant(onnxWebGpu, 'fp32 by rows', floatRowsModel),
  onnxEntrant(onnxWebGpu, 'int8', integerModel),
  onnxEntrant(onnxWebGpu, 'int8 dequantised', dequantisedModel),
  onnxEntrant(onnxWebGpu, '8-bit blocks', blockModel),
  tfjsEntrant('webgpu', async () => {
    await import('@tensorflow/tfjs-backend-webgpu')
  }),
]
