/** Says which devices work here, and why the others do not. */
import type { KernelDevice, KernelVariant } from './top-k.ts'
import { compileBestKernel } from './wasm/module.ts'

/** One device as found. */
export interface DeviceProbe {
  device: KernelDevice
  /** What the device would run; missing where it cannot serve. */
  variant?: KernelVariant
  /** Why it cannot serve. */
  reason?: string
}

/**
 * Tries each device, without a table.
 *
 * @example
 * await probeDevices() // [{ device: 'wasm', variant: 'relaxed-simd' }, { device: 'scalar', variant: 'scalar' }]
 */
export function probeDevices(devices: readonly KernelDevice[] = ['wasm', 'scalar']): Promise<DeviceProbe[]> {
  return Promise.all(
    devices.map(async (device) => {
      try {
        return { device, variant: await variantOf(device) }
      } catch (error) {
        return { device, reason: error instanceof Error ? error.message : String(error) }
      }
    }),
  )
}

async function variantOf(device: KernelDevice): Promise<KernelVariant> {
  if (device === 'webgpu') return (await import('./webgpu.ts')).probeWebGpu()
  return device === 'wasm' ? (await compileBestKernel()).variant : 'scalar'
}
