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
export async function probeDevices(): Promise<DeviceProbe[]> {
  return [await probeWasm(), { device: 'scalar', variant: 'scalar' }]
}

async function probeWasm(): Promise<DeviceProbe> {
  try {
    return { device: 'wasm', variant: (await compileBestKernel()).variant }
  } catch (error) {
    return { device: 'wasm', reason: error instanceof Error ? error.message : String(error) }
  }
}
