/** Picks the first device, in order of preference, that can hold the table. */
import { type ScalarModule, loadScalarModule } from './load-scalar.ts'
import { type TableShape, checkTable } from './table.ts'
import type { KernelDevice, Table, TopK, WasmVariant } from './top-k.ts'
import { compileBestKernel } from './wasm/module.ts'
import { createWasmTopK } from './wasm/wasm.ts'
import type { createWebGpuTopK } from './webgpu.ts'

/** The code of the WebGPU device, apart from the rest: who never asks for it never loads it. */
export interface WebGpuModule {
  createWebGpuTopK: typeof createWebGpuTopK
}

/** Options of `createTopK`. */
export interface CreateTopKOptions {
  /** In order of preference; `['wasm', 'scalar']` where missing. */
  devices?: readonly KernelDevice[]
  /** What the WASM device may run, in order of preference; `['relaxed-simd', 'simd']` where missing. */
  variants?: readonly WasmVariant[]
  /** Loads the WebGPU device, where it is a file of its own; `@vitrine/kernels/webgpu` where missing. */
  loadWebGpu?: () => Promise<WebGpuModule>
  /** The same of the scalar device; the module beside this one where missing. */
  loadScalar?: (() => Promise<Pick<ScalarModule, 'createScalarTopK'>>) | undefined
  /**
   * Told why a preferred device was passed over, for instance a CSP without `'wasm-unsafe-eval'`; also later,
   * when a GPU is lost for good and the next device of the list takes over.
   */
  onFallback?: (device: KernelDevice, reason: unknown) => void
}

/**
 * Copies a table into a kernel. The kernel's `device` and `variant` say which one it became.
 *
 * @example
 * const topK = await createTopK({ count: 2, dimension: 16, values: new Int8Array(32).fill(1), scales: Float32Array.of(1, 2) })
 * const { indices, scores } = await topK.search({ vector: new Float32Array(16).fill(1), k: 1 })
 * // indices: [1], scores: [32]
 * topK.dispose()
 *
 * @throws `RangeError` when the table is malformed, `AggregateError` when no device of the list can serve.
 */
export async function createTopK(table: Table, options: CreateTopKOptions = {}): Promise<TopK> {
  const { devices = ['wasm', 'scalar'], onFallback } = options
  const shape = checkTable(table)
  const reasons: unknown[] = []
  for (const [at, device] of devices.entries()) {
    try {
      return await createOn(device, table, shape, { ...options, devices: devices.slice(at + 1) })
    } catch (reason) {
      reasons.push(reason)
      onFallback?.(device, reason)
    }
  }
  throw new AggregateError(reasons, `None of these devices can hold the table: ${devices.join(', ')}.`)
}

/** Compiles and tries the WASM kernel while the table is still on its way: `createTopK` then finds it done. */
export function prepareTopK(devices: readonly KernelDevice[] = ['wasm']): void {
  if (!devices.includes('wasm')) return
  compileBestKernel().catch(() => {
    // `createTopK` meets the same failure, and says why.
  })
}

/** `options.devices` are what is left to try when `device` fails later. */
async function createOn(
  device: KernelDevice,
  table: Table,
  shape: TableShape,
  options: CreateTopKOptions,
): Promise<TopK> {
  switch (device) {
    case 'webgpu': {
      const { loadWebGpu = () => import('./webgpu.ts'), onFallback, devices } = options
      const { createWebGpuTopK } = await loadWebGpu()
      // With nothing left to try, the reason itself is what a search is to say.
      if (!devices?.length) return createWebGpuTopK(table, shape)
      return createWebGpuTopK(table, shape, {
        fallBack: (rows, reason) => {
          onFallback?.(device, reason)
          return createTopK(rows, options)
        },
      })
    }
    case 'wasm':
      return createWasmTopK(table, shape, await compileBestKernel(options.variants))
    case 'scalar': {
      const { loadScalar = loadScalarModule } = options
      return (await loadScalar()).createScalarTopK(table, shape)
    }
    default:
      throw new RangeError(`No device ${String(device satisfies never)}: take webgpu, wasm or scalar.`)
  }
}
