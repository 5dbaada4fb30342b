/** Picks the first device, in order of preference, that can hold the table. */
import { createScalarTopK } from './scalar.ts'
import { checkTable } from './table.ts'
import type { KernelDevice, Table, TopK } from './top-k.ts'
import { type WasmVariant, compileBestKernel } from './wasm/module.ts'
import { createWasmTopK } from './wasm/wasm.ts'

/** Options of `createTopK`. */
export interface CreateTopKOptions {
  /** In order of preference; `['wasm', 'scalar']` where missing. */
  devices?: readonly KernelDevice[]
  /** What the WASM device may run, in order of preference; `['relaxed-simd', 'simd']` where missing. */
  variants?: readonly WasmVariant[]
  /** Told why a preferred device was passed over, for instance a CSP without `'wasm-unsafe-eval'`. */
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
  const { devices = ['wasm', 'scalar'], variants, onFallback } = options
  const shape = checkTable(table)
  const reasons: unknown[] = []
  for (const device of devices) {
    try {
      return device === 'wasm'
        ? await createWasmTopK(table, shape, await compileBestKernel(variants))
        : createScalarTopK(table, shape)
    } catch (reason) {
      reasons.push(reason)
      onFallback?.(device, reason)
    }
  }
  throw new AggregateError(reasons, `None of these devices can hold the table: ${devices.join(', ')}.`)
}
