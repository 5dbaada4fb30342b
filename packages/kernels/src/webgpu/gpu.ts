/** A GPU as this package uses it: one device for all tables of a page or worker, until it is lost. */
import type { ShaderFeatures } from './shaders.ts'

/** How to open a device; what is left out makes tests run the paths of lesser GPUs. */
export interface GpuOptions {
  /** `navigator.gpu` where missing. */
  gpu?: GPU | undefined
  /** Features to do without. */
  without?: readonly (keyof ShaderFeatures)[]
  /** Times searches on the device, where it can. */
  timestamps?: boolean
  /** Largest part of a table that is bound at once; what the device allows where missing. */
  bindingBytes?: number
}

/** An open device. */
export interface Gpu extends ShaderFeatures {
  readonly device: GPUDevice
  readonly bindingBytes: number
  readonly timestamps: boolean
  /** What became of the device since: why it was lost, and the last error that no call was told of. */
  readonly trouble: { lost?: string; error?: string }
}

/** @throws `Error` where the browser has no WebGPU or the machine no adapter for it. */
export async function openGpu(options: GpuOptions = {}): Promise<Gpu> {
  const { gpu = gpuOfBrowser(), without = [], timestamps = false } = options
  if (!gpu) throw new Error('This browser has no WebGPU here; use the wasm device.')
  const adapter = await gpu.requestAdapter()
  if (!adapter) throw new Error('WebGPU finds no adapter on this machine; use the wasm device.')

  const features: GPUFeatureName[] = []
  if (adapter.features.has('subgroups') && !without.includes('subgroups')) features.push('subgroups')
  if (adapter.features.has('timestamp-query') && timestamps) features.push('timestamp-query')
  const { maxStorageBufferBindingSize, maxBufferSize } = adapter.limits
  const device = await adapter.requestDevice({
    requiredFeatures: features,
    // A large table is bound whole where the adapter can; the defaults are 128 and 256 MiB.
    requiredLimits: { maxStorageBufferBindingSize, maxBufferSize },
  })
  const trouble: Gpu['trouble'] = {}
  // Not awaited: it settles when the device ends.
  void device.lost.then(({ reason, message }) => {
    trouble.lost ??= message || reason
  })
  device.addEventListener('uncapturederror', ({ error }) => (trouble.error = error.message))
  return {
    device,
    packed: gpu.wgslLanguageFeatures.has('packed_4x8_integer_dot_product') && !without.includes('packed'),
    subgroups: features.includes('subgroups'),
    bindingBytes: Math.min(options.bindingBytes ?? Infinity, maxStorageBufferBindingSize, maxBufferSize),
    timestamps: features.includes('timestamp-query'),
    trouble,
  }
}

let shared: Promise<Gpu> | undefined

/** The device that tables share; a new one where the last was lost or failed to open. @throws as {@link openGpu}. */
export async function sharedGpu(): Promise<Gpu> {
  const opening = (shared ??= openGpu())
  const gpu = await opening.catch(() => undefined)
  if (gpu && gpu.trouble.lost === undefined) return gpu
  // Of those who wait here the first opens another. Should that one be lost as well, its first search tells.
  if (shared === opening) shared = openGpu()
  return shared
}

/** Gives the shared device back, with every table on it: none of them is worth it. */
export async function closeSharedGpu(): Promise<void> {
  const opening = shared
  shared = undefined
  const gpu = await opening?.catch(() => undefined)
  gpu?.device.destroy()
}

/** Ends a device that fails, so that no other table goes on with it. */
export function abandonGpu({ device, trouble }: Gpu, reason: string): void {
  trouble.lost ??= reason
  device.destroy()
}

function gpuOfBrowser(): GPU | undefined {
  return (globalThis as { navigator?: { gpu?: GPU } }).navigator?.gpu
}
