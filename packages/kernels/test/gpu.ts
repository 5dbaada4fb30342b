/** The GPU that tests run on: whatever adapter the browser has, most often one in software. */
import { type Gpu, openGpu } from '../src/webgpu/gpu.ts'

let found: Promise<Gpu | undefined> | undefined

/** Undefined, and loudly so, where this browser has no adapter: tests that need one are skipped then. */
export function gpuForTests(): Promise<Gpu | undefined> {
  found ??= openGpu().catch((error: unknown) => {
    console.warn(`SKIPPED: every test of the WebGPU device, in ${navigator.userAgent}: ${String(error)}`)
    return undefined
  })
  return found
}
