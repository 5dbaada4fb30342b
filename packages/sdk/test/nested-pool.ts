/** A worker that shares a table with further workers, as the SDK's own worker does; posts what it found. */
import { createTopK } from '@vitrine/kernels'
import { isSharable, shardTopK } from '@vitrine/kernels/sharded'
import { openPool } from '../src/placement/shard-pool.ts'
import { VERSION } from '../src/version.ts'
import { queries, randomTable } from './placement-table.ts'

async function share(shardUrl: string): Promise<object> {
  const table = randomTable(5000)
  const whole = await createTopK(table, { devices: ['wasm'] })
  if (!isSharable(whole)) throw new TypeError(whole.device)
  const pool = await openPool({ shardUrl, release: VERSION, threads: 3, onFailure: () => undefined })
  const sharded = await shardTopK(whole, table, pool)
  const expected = await whole.searchMany(queries)
  const found = await sharded.searchMany(queries)
  const { data } = sharded.parallel
  pool.close()
  return {
    threads: data,
    isSame: found.every(({ indices }, at) => indices.join() === expected[at]!.indices.join()),
  }
}

addEventListener('message', ({ data }: MessageEvent<{ shardUrl: string }>) => {
  share(data.shardUrl).then(postMessage, (error: unknown) => postMessage({ error: String(error) }))
})
