/** TensorFlow.js from the shop's own server: its core, one reader of models, one backend. */
import type { setWasmPaths } from '@tensorflow/tfjs-backend-wasm'
import type { loadGraphModel } from '@tensorflow/tfjs-converter'
import type * as Core from '@tensorflow/tfjs-core'
import type { loadLayersModel } from '@tensorflow/tfjs-layers'
import type { ModelFormat } from './model-file.ts'

/** What runs a model. */
export type Device = 'wasm' | 'webgpu'

/** What this package uses of TensorFlow.js's core. */
export type Runtime = Pick<typeof Core, 'env' | 'io' | 'ready' | 'setBackend' | 'tensor2d' | 'tidy'> & {
  /** There for models of the format `graph-model`. */
  loadGraphModel?: typeof loadGraphModel
  /** There for models of the format `layers-model`. */
  loadLayersModel?: typeof loadLayersModel
}

/** Loads what a model of `format` needs on `device`. */
export type LoadRuntime = (device: Device, format: ModelFormat) => Promise<Runtime>

/** What the WASM backend's script adds. */
export interface Backends {
  wasm: { setWasmPaths: typeof setWasmPaths }
}

/** Files of the packages of TensorFlow.js, by what they are for. */
const READERS: Readonly<Record<ModelFormat, string>> = {
  'graph-model': 'tf-converter.min.js',
  'layers-model': 'tf-layers.min.js',
}

/**
 * Returns a function that imports TensorFlow.js from the folder `runtimeUrl`. The published files are scripts, not
 * modules, that add to a global `tf` each: imported one after the other, they need no bundler.
 */
export function runtimeFrom(runtimeUrl: string): LoadRuntime {
  return async (device, format) => {
    for (const file of ['tf-core.min.js', READERS[format], `tf-backend-${device}.min.js`]) {
      await import(/* webpackIgnore: true */ /* @vite-ignore */ new URL(file, runtimeUrl).href)
    }
    const { tf } = globalThis as unknown as { tf: Runtime & Backends }
    if (device === 'wasm') tf.wasm.setWasmPaths(runtimeUrl)
    return tf
  }
}

/** Makes `device` the one that computes. @throws `Error` when it is not there. */
export async function useBackend({ env, setBackend, ready }: Runtime, device: Device): Promise<void> {
  if (device === 'wasm') {
    // Threads need a cross-origin isolated page, and an encoder is too small to gain by them.
    env().set('WASM_HAS_MULTITHREAD_SUPPORT', false)
  } else {
    // Small tensors would be computed on the CPU, and nobody would know.
    env().set('WEBGPU_CPU_FORWARD', false)
  }
  if (!(await setBackend(device))) throw new Error(`TensorFlow.js has no backend ${device} here`)
  await ready()
}
