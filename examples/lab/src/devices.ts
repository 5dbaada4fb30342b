/** What this browser has to score with, found without a catalogue. */
import { createTopK } from '@vitrine/kernels'
import { adapterName } from '@vitrine/perf/adapter'

/** One device as found. */
export interface FoundDevice {
  name: string
  /** Of a GPU, its name; of threads, how many. */
  detail?: string
  /** Why it cannot serve; missing where it can. */
  reason?: string
}

/** Tries each, on a table of one row where that is quick. */
export function findDevices(): Promise<FoundDevice[]> {
  return Promise.all([
    tried('WASM, relaxed SIMD', async () => {
      await tryWasm('relaxed-simd')
    }),
    tried('WASM, SIMD', async () => {
      await tryWasm('simd')
    }),
    tried('Plain JavaScript', async () => 'where WASM is forbidden'),
    tried('Several threads', async () => {
      const cores = navigator.hardwareConcurrency
      if (cores < 2) throw new Error('one core')
      return `${cores} cores`
    }),
    tried('WebGPU', async () => {
      const { gpu } = navigator as { gpu?: GPU }
      if (!gpu) throw new Error('not in this browser')
      const adapter = await gpu.requestAdapter()
      if (!adapter) throw new Error('no adapter on this machine')
      const { name, software } = adapterName(adapter.info)
      return software ? `${name}, in software` : name
    }),
  ])
}

async function tryWasm(variant: 'relaxed-simd' | 'simd'): Promise<void> {
  const table = { count: 1, dimension: 16, values: new Int8Array(16), scales: new Float32Array(1) }
  const topK = await createTopK(table, { devices: ['wasm'], variants: [variant] })
  topK.dispose()
}

async function tried(name: string, find: () => Promise<string | void>): Promise<FoundDevice> {
  try {
    const detail = await find()
    return detail ? { name, detail } : { name }
  } catch (error) {
    const [first] = error instanceof AggregateError ? (error.errors as unknown[]) : [error]
    return { name, reason: first instanceof Error ? first.message : String(first) }
  }
}
