/** What a shop might take instead, on WASM and one thread; each loads when it is its turn (`measure/peer-files.ts`). */
import type { Entrant } from '../contestant.ts'
import { blockModel, floatModel, floatRowsModel, integerModel } from './onnx-models.ts'
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

export const wasmPeers: readonly Entrant[] = [
  onnxEntrant(onnxWasm, 'fp32', floatModel),
  onnxEntrant(onnxWasm, 'fp32 by rows', floatRowsModel),
  onnxEntrant(onnxWasm, 'int8', integerModel),
  onnxEntrant(onnxWasm, '8-bit blocks', blockModel),
  tfjsEntrant('wasm', async () => {
    const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm')
    setWasmPaths('/tfjs/')
  }),
]
