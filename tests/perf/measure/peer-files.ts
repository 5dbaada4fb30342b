/** The peers' engines, which their libraries load by themselves, where the contestants look for them. */
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const { resolve } = createRequire(import.meta.url)
const onnxruntime = dirname(resolve('onnxruntime-web/wasm'))
const tfjs = dirname(resolve('@tensorflow/tfjs-backend-wasm'))

/** All of them, by URL prefix. */
export const PEER_FOLDERS = { '/onnxruntime/': onnxruntime, '/tfjs/': tfjs } as const

/** Those on WASM: path below a page's origin, and the file. */
export const PEER_WASM: readonly { path: string; file: string }[] = [
  ['onnxruntime', onnxruntime, 'ort-wasm-simd-threaded.wasm'] as const,
  ...['tfjs-backend-wasm.wasm', 'tfjs-backend-wasm-simd.wasm', 'tfjs-backend-wasm-threaded-simd.wasm'].map(
    (name) => ['tfjs', tfjs, name] as const,
  ),
].map(([folder, from, name]) => ({ path: `${folder}/${name}`, file: join(from, name) }))
