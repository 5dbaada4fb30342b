/// <reference types="node" />
/** What tables leave behind, in Node. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { Worker } from 'node:worker_threads'
import { build } from 'vite'
import { expect, onTestFinished, test } from 'vitest'
import { createTopK } from '../src/create.ts'
import { type ShardPool, type ShardWorker, openShardPool } from '../src/sharded/pool.ts'
import { isSharable } from '../src/sharded/sharable.ts'
import { shardTopK } from '../src/sharded/sharded.ts'
import type { KernelDevice, Table, TopK } from '../src/top-k.ts'
import { normals } from './tables.ts'

const MIB = 2 ** 20
const SWAPS = 50

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

/** Buffers of dead arrays are swept beside the program, some time after a collection. */
async function collectGarbage(): Promise<void> {
  for (let round = 0; round < 3; round++) {
    collect()
    await setTimeout(20)
  }
}

test.each<KernelDevice>(['wasm', 'scalar'])(
  '50 swaps of an 8 MiB table leave no memory behind (%s)',
  async (device) => {
    let current: TopK | undefined
    const swap = async (seed: number): Promise<void> => {
      const next = await createTopK(tableOf8MiB(seed), { devices: [device] })
      await next.search({ vector: normals(64, seed), k: 10 })
      current?.dispose()
      current = next
    }
    for (let warmUp = 0; warmUp < 3; warmUp++) await swap(warmUp)
    await collectGarbage()
    const before = process.memoryUsage()
    for (let seed = 0; seed < SWAPS; seed++) await swap(seed)
    await collectGarbage()
    const after = process.memoryUsage()
    // One table left over would be 10 MiB; fifty would be 500.
    expect((after.arrayBuffers - before.arrayBuffers) / MIB).toBeLessThan(5)
    expect((after.external - before.external) / MIB).toBeLessThan(5)
    expect((after.rss - before.rss) / MIB).toBeLessThan(100)
  },
  60_000,
)

test('50 swaps of an 8 MiB table that is shared leave no memory behind, in no thread', async () => {
  const pool = await openPoolOfThreads()
  const whole = await createTopK(tableOf8MiB(1), { devices: ['wasm'] })
  if (!isSharable(whole)) throw new TypeError(`${whole.device} cannot be shared`)
  let current: TopK | undefined
  const swap = async (seed: number): Promise<void> => {
    const next = await shardTopK(whole, tableOf8MiB(seed), pool)
    await next.search({ vector: normals(64, seed), k: 10 })
    current?.dispose()
    current = next
  }
  for (let warmUp = 0; warmUp < 3; warmUp++) await swap(warmUp)
  await collectGarbage()
  const before = process.memoryUsage().rss
  for (let seed = 0; seed < SWAPS; seed++) await swap(seed)
  await collectGarbage()
  // Fifty slices left over would be 250 MiB.
  expect((process.memoryUsage().rss - before) / MIB).toBeLessThan(100)
  expect(pool.failure).toBeUndefined()
}, 60_000)

test('a table lies in the memory of WASM once, with 12 bytes a row beside it and one page to work in', async () => {
  const table = tableOf8MiB(1)
  const topK = await createTopK(table, { devices: ['wasm'] })
  expect(topK.bytes - table.count * (64 + 12)).toBeLessThanOrEqual(2 * 65_536)
})

test('searches do not let the memory grow', async () => {
  const table = tableOf8MiB(2)
  const topK = await createTopK(table, { devices: ['wasm'] })
  const queries = Array.from({ length: 4 }, (_, seed) => ({
    vector: normals(64, seed),
    k: 100,
    mask: new Uint8Array(table.count),
  }))
  await topK.searchMany(queries)
  const { bytes } = topK
  for (let time = 0; time < 20; time++) await topK.searchMany(queries)
  expect(topK.bytes).toBe(bytes)
})

/** A pool of one thread. */
async function openPoolOfThreads(): Promise<ShardPool> {
  const folder = await mkdtemp(join(tmpdir(), 'vitrine-shard-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  await build({
    configFile: false,
    logLevel: 'error',
    build: {
      outDir: folder,
      target: 'node20',
      lib: {
        entry: fileURLToPath(new URL('shard-thread.ts', import.meta.url)),
        formats: ['es'],
        fileName: () => 'shard.mjs',
      },
      rolldownOptions: { external: /^node:/u },
    },
  })
  const pool = await openShardPool({
    open: () => asShardWorker(new Worker(join(folder, 'shard.mjs'))),
    workers: 1,
    release: 'test',
  })
  onTestFinished(() => pool.close())
  return pool
}

function asShardWorker(thread: Worker): ShardWorker {
  return {
    addEventListener(type, listener) {
      if (type === 'error') thread.on(type, ({ message }) => listener({ message }))
      else thread.on(type, (data: unknown) => listener({ data }))
    },
    postMessage: (message, transfer) => thread.postMessage(message, transfer),
    terminate: () => void thread.terminate(),
  }
}

function tableOf8MiB(seed: number): Table {
  const count = 2 ** 17
  return {
    count,
    dimension: 64,
    values: new Int8Array(count * 64).fill(seed),
    scales: new Float32Array(count).fill(1),
    bias: new Float32Array(count).fill(seed),
  }
}
