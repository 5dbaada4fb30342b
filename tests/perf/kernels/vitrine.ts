/** Our own kernels, each device that a browser may have. They search as the recommender does: int8 query, exact scan. */
import { type CreateTopKOptions, type TopK, createTopK } from '@vitrine/kernels'
import { isSharable, openShardPool, shardTopK } from '@vitrine/kernels/sharded'
import { createWebGpuTopK } from '@vitrine/kernels/webgpu'
import type { Contestant, Entrant, Job } from './contestant.ts'

/** A shop's page has other things to do with the cores of a large machine. */
const MOST_THREADS = 4

/** On one thread, and on no GPU: what serves everywhere. */
export const oneThread: readonly Entrant[] = [
  entrant('vitrine wasm relaxed-simd', { devices: ['wasm'], variants: ['relaxed-simd'] }),
  entrant('vitrine wasm simd', { devices: ['wasm'], variants: ['simd'] }),
  entrant('vitrine scalar', { devices: ['scalar'] }),
]

/** The fastest WASM of this browser, shared with a pool of workers that `open` starts, each a `shard.ts`. */
export const severalThreads = (open: () => Worker): Entrant => ({
  name: 'vitrine wasm, several threads',
  async enter({ table, k }: Job) {
    const threads = Math.min(MOST_THREADS, navigator.hardwareConcurrency)
    if (threads < 2) throw new Error('This machine has one core.')
    const whole = await createTopK(table, { devices: ['wasm'] })
    if (!isSharable(whole)) throw new TypeError(`The device ${whole.device} cannot be shared.`)
    const pool = await openShardPool({ open, workers: threads - 1 })
    const topK = await shardTopK(whole, table, pool)
    return contestant(`vitrine wasm ${whole.variant}, ${threads} threads`, topK, k, () => {
      topK.dispose()
      whole.dispose()
      pool.close()
    })
  },
})

/** On the browser's GPU. */
export const webgpu: Entrant = {
  ...entrant('vitrine webgpu', { devices: ['webgpu'], loadWebGpu: async () => ({ createWebGpuTopK }) }),
  gpu: true,
}

function entrant(name: string, options: CreateTopKOptions): Entrant {
  return {
    name,
    async enter({ table, k }) {
      const topK = await createTopK(table, options)
      return contestant(topK.device === 'webgpu' ? `${name} ${topK.variant}` : name, topK, k, () =>
        topK.dispose(),
      )
    },
  }
}

function contestant(name: string, topK: TopK, k: number, dispose: () => void): Contestant {
  return { name, search: async (vector) => (await topK.search({ vector, k })).indices, dispose }
}
