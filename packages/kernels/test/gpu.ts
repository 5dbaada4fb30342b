/** The GPU that tests run on: whatever adapter the browser has, most often one in software. */
import { inject } from 'vitest'
import { type Gpu, openGpu } from '../src/webgpu/gpu.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** True in CI: a browser that has lost its adapter there would leave the device untested, and nobody would see it. */
    mustHaveGpu: boolean
  }
}

let found: Promise<Gpu | undefined> | undefined

/**
 * Undefined, and loudly so, where this browser has no adapter: tests that need one are skipped then.
 * @throws what `openGpu` throws, in CI.
 */
export function gpuForTests(): Promise<Gpu | undefined> {
  found ??= openGpu().catch((error: unknown) => {
    if (inject('mustHaveGpu')) throw error
    console.warn(`SKIPPED: every test of the WebGPU device, in ${navigator.userAgent}: ${String(error)}`)
    return undefined
  })
  return found
}
