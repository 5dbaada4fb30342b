/** onnxruntime-web from the shop's own server: one file of script and one of WASM a device. */
import type * as Ort from 'onnxruntime-web'

/** What this package uses of onnxruntime-web. */
export type Runtime = Pick<typeof Ort, 'InferenceSession' | 'Tensor' | 'env'>

/** What runs a model. */
export type Device = 'wasm' | 'webgpu'

/** Returns the runtime for a device. */
export type LoadRuntime = (device: Device) => Promise<Runtime>

/**
 * The script of each build with its glue inside; the WASM file that belongs to it lies beside it. The plain build
 * is half the size, and needs no `eval` of the page's policy.
 */
const FILES: Readonly<Record<Device, { script: string; wasm: string }>> = {
  wasm: { script: 'ort.wasm.bundle.min.mjs', wasm: 'ort-wasm-simd-threaded.wasm' },
  webgpu: { script: 'ort.webgpu.bundle.min.mjs', wasm: 'ort-wasm-simd-threaded.asyncify.wasm' },
}

/** Returns a function that imports onnxruntime-web from the folder `runtimeUrl`. */
export function runtimeFrom(runtimeUrl: string): LoadRuntime {
  return async (device) => {
    const { script, wasm } = FILES[device]
    const runtime = (await import(
      /* webpackIgnore: true */ /* @vite-ignore */ new URL(script, runtimeUrl).href
    )) as Runtime
    runtime.env.wasm.wasmPaths = { wasm: new URL(wasm, runtimeUrl).href }
    // More threads need a cross-origin isolated page, and an encoder is too small to gain by them.
    runtime.env.wasm.numThreads = 1
    return runtime
  }
}

/** How a session is made on `device`. */
export function sessionOptions(device: Device): Ort.InferenceSession.SessionOptions {
  return {
    executionProviders: [device],
    // 4: nothing. What fails is thrown anyway, and the console is the shop's.
    logSeverityLevel: 4,
    // Operators that WebGPU lacks would go to the CPU, each with two copies, and nobody would know.
    ...(device === 'webgpu' && { extra: { session: { disable_cpu_ep_fallback: '1' } } }),
  }
}
