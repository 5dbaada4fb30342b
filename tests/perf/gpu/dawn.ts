/** Dawn, Chromium's WebGPU, in Node: its native part comes with the package `webgpu`, or lies beside a packed program. */
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type AdapterName, adapterName } from '../measure/adapter.ts'

/** A GPU that Dawn found. */
export interface FoundGpu extends AdapterName {
  gpu: GPU
}

/** What the native part exports. */
interface Dawn {
  create: (flags: string[]) => GPU
}

/** Times of the GPU's own clock, and to the nanosecond: both are rough in browsers, for privacy. */
const FLAGS = ['enable-dawn-features=allow_unsafe_apis', 'disable-dawn-features=timestamp_quantization']

/** The native part for this machine, in the installed package. */
export function installedDawn(): string {
  const folder = dirname(fileURLToPath(import.meta.resolve('webgpu')))
  const machine = process.platform === 'darwin' ? 'darwin-universal' : `${process.platform}-${process.arch}`
  return join(folder, 'dist', machine, 'dawn.node')
}

/**
 * The fastest GPU of this machine.
 *
 * @param file - the native part
 * @param driver - manifest of the one Vulkan driver to use; those that the loader finds where missing
 * @throws `Error` where there is none.
 */
export async function findGpu(file: string, driver?: string): Promise<FoundGpu> {
  // Read by the Vulkan loader; the second name is for loaders before 1.3.207.
  if (driver !== undefined) process.env['VK_DRIVER_FILES'] = process.env['VK_ICD_FILENAMES'] = driver
  const { create } = createRequire(import.meta.url)(file) as Dawn
  const dawn = create(process.platform === 'linux' ? ['backend=vulkan', ...FLAGS] : FLAGS)
  const requestAdapter = (): Promise<GPUAdapter | null> =>
    dawn.requestAdapter({ powerPreference: 'high-performance' })
  const adapter = await requestAdapter()
  if (!adapter) {
    throw new Error(
      `Dawn finds no GPU${driver === undefined ? '' : ` with the driver ${driver}`}. It needs libvulkan.so.1 and a driver whose manifest the Vulkan loader finds; --driver FILE names one.`,
    )
  }
  return {
    ...adapterName(adapter.info),
    gpu: { requestAdapter, wgslLanguageFeatures: dawn.wgslLanguageFeatures } as GPU,
  }
}
