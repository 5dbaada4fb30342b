/** What a shop might take instead, on WebGPU; each loads when it is its turn. */
import type { Entrant } from '../contestant.ts'
import { blockModel, dequantisedModel, floatModel, floatRowsModel, integerModel } from './onnx-models.ts'
import { type OnnxEngine, onnxEntrant } from './onnxruntime.ts'
import { tfjsEntrant } from './tfjs.ts'

const onnxWebGpu: OnnxEngine = {
  provider: 'webgpu',
  async load() {
    const runtime = await import('onnxruntime-web/webgpu')
    runtime.env.wasm.wasmPaths = { wasm: '/onnxruntime/ort-wasm-simd-threaded.asyncify.wasm' }
    return runtime
  },
}

export const webgpuPeers: readonly Entrant[] = [
  onnxEntrant(onnxWebGpu, 'fp32', floatModel),
  onnxEntrant(onnxWebGpu, 'fp32 by rows', floatRowsModel),
  onnxEntrant(onnxWebGpu, 'int8', integerModel),
  onnxEntrant(onnxWebGpu, 'int8 dequantised', dequantisedModel),
  onnxEntrant(onnxWebGpu, '8-bit blocks', blockModel),
  tfjsEntrant('webgpu', async () => {
    await import('@tensorflow/tfjs-backend-webgpu')
  }),
]
