/** In the page: the same work by one thread and by several, ours and the limit's. */
import { type Query, type Table, type TopK, createTopK } from '@vitrine/kernels'
import { type ShardPool, isSharable, openShardPool, shardTopK } from '@vitrine/kernels/sharded'
import { readLimit } from '../kernels/read-limit.ts'

/** The kernel by itself and shared with a pool. */
export interface Kernels {
  one: TopK
  several: TopK
}

export function openPool(workers: number): Promise<ShardPool> {
  return openShardPool({
    open: () => new Worker(new URL('../kernels/shard.ts', import.meta.url), { type: 'module' }),
    workers,
  })
}

/** @throws `Error` when the two give different lists. */
export async function createKernels(
  table: Table,
  pool: ShardPool,
  queries: readonly Query[],
): Promise<Kernels> {
  const one = await createTopK(table, { devices: ['wasm'] })
  if (!isSharable(one)) throw new TypeError(`The device ${one.device} cannot be shared.`)
  const several = await shardTopK(one, table, pool)
  const [alone, together] = [await one.searchMany(queries), await several.searchMany(queries)]
  for (const [at, { indices }] of alone.entries()) {
    if (indices.join() !== together[at]!.indices.join())
      throw new Error(`Query ${at}: several threads find other rows.`)
  }
  return { one, several }
}

/** A call that reads `bytes` in `threads` equal parts at once, and the end of its workers. */
export async function readTogether(
  limit: string,
  bytes: number,
  threads: number,
): Promise<{ read: () => Promise<void>; end: () => void }> {
  const part = Math.ceil(bytes / threads)
  const own = await readLimit(limit, part)
  const workers = Array.from({ length: threads - 1 }, () => {
    const worker = new Worker(new URL('./reader.ts', import.meta.url), { type: 'module' })
    worker.postMessage({ limit, bytes: part })
    return worker
  })
  await Promise.all(workers.map(nextMessage))
  return {
    async read() {
      const answers = workers.map(nextMessage)
      for (const worker of workers) worker.postMessage('read')
      own()
      await Promise.all(answers)
    },
    end() {
      for (const worker of workers) worker.terminate()
    },
  }
}

function nextMessage(worker: Worker): Promise<void> {
  return new Promise((resolve, reject) => {
    worker.addEventListener('message', () => resolve(), { once: true })
    worker.addEventListener('error', ({ message }) => reject(new Error(`A reader failed: ${message}`)), {
      once: true,
    })
  })
}
