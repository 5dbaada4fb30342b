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
import { describe, expect, onTestFinished, test } from 'vitest'
import { createTopK } from '../src/create.ts'
import { type ShardPool, type ShardWorker, openShardPool } from '../src/sharded/pool.ts'
import { isSharable } from '../src/sharded/sharable.ts'
import { shardTopK } from '../src/sharded/sharded.ts'
import type { KernelDevice, Table, TopK } from '../src/top-k.ts'
import { normals } from './tables.ts'

const MIB = 2 ** 20
const SWAPS = 50
/** Rows of tables that are swapped, in MiB of values: a constant size, growing, shrinking. */
const SIZES: Readonly<Record<string, (swap: number) => number>> = {
  'of one size': () => 8,
  'that grow': (swap) => 1 + swap / 4,
  'that shrink': (swap) => 14 - swap / 4,
}

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

/** Buffers of dead arrays are swept beside the program, some time after a collection. */
async function collectGarbage(): Promise<void> {
  for (let round = 0; round < 3; round++) {
    collect()
    await setTimeout(20)
  }
}

/** Fifty tables left over would be 500 MiB, fifty slices 250. */
const MOST_RESIDENT_MIB = 100

/**
 * MiB that a round adds to the process's resident memory; the least of three where it is too much. The allocator may
 * keep what one round freed, hundreds of MiB at times, and the next round lives on that; what leaks is added by each.
 */
async function residentGrowth(round: () => Promise<void>): Promise<number> {
  let least = Infinity
  for (let rounds = 0; rounds < 3 && least > MOST_RESIDENT_MIB; rounds++) {
    const before = process.memoryUsage().rss
    await round()
    await collectGarbage()
    least = Math.min(least, (process.memoryUsage().rss - before) / MIB)
  }
  return least
}

describe.each(Object.entries(SIZES))('50 swaps of tables %s', (_, mibOf) => {
  // Seen to fail with a kernel that keeps the one before.
  test.each<KernelDevice>(['wasm', 'scalar'])(
    'leave no memory behind (%s)',
    async (device) => {
      let current: TopK | undefined
      const swap = async (seed: number, mib: number): Promise<void> => {
        const next = await createTopK(tableOf(mib, seed), { devices: [device] })
        await next.search({ vector: normals(64, seed), k: 10 })
        current?.dispose()
        current = next
      }
      for (let warmUp = 0; warmUp < 3; warmUp++) await swap(warmUp, 8)
      await collectGarbage()
      const before = process.memoryUsage()
      const grown = await residentGrowth(async () => {
        for (let seed = 0; seed < SWAPS; seed++) await swap(seed, mibOf(seed))
        await swap(SWAPS, 8)
      })
      const after = process.memoryUsage()
      // One table of 8 MiB left over would be 10 MiB.
      expect((after.arrayBuffers - before.arrayBuffers) / MIB).toBeLessThan(5)
      expect((after.external - before.external) / MIB).toBeLessThan(5)
      expect(grown).toBeLessThan(MOST_RESIDENT_MIB)
    },
    60_000,
  )

  test('that are shared leave no memory behind, in no thread', async () => {
    const pool = await openPoolOfThreads()
    let current: { whole: TopK; shared: TopK } | undefined
    const swap = async (seed: number, mib: number): Promise<void> => {
      const table = tableOf(mib, seed)
      const whole = await createTopK(table, { devices: ['wasm'] })
      if (!isSharable(whole)) throw new TypeError(`${whole.device} cannot be shared`)
      const shared = await shardTopK(whole, table, pool)
      await shared.search({ vector: normals(64, seed), k: 10 })
      current?.shared.dispose()
      current?.whole.dispose()
      current = { whole, shared }
    }
    for (let warmUp = 0; warmUp < 3; warmUp++) await swap(warmUp, 8)
    await collectGarbage()
    const grown = await residentGrowth(async () => {
      for (let seed = 0; seed < SWAPS; seed++) await swap(seed, mibOf(seed))
      await swap(SWAPS, 8)
    })
    expect(grown).toBeLessThan(MOST_RESIDENT_MIB)
    expect(pool.failure).toBeUndefined()
    const left = await pool.ask(0, { kind: 'drop', table: -1 })
    // The half of one table: values, scales, biases, bounds.
    expect(left / MIB).toBeCloseTo((4 * (64 + 12)) / 64, 0)
  }, 60_000)
})

test('a table lies in the memory of WASM once, with 12 bytes a row beside it and one page to work in', async () => {
  const table = tableOf(8, 1)
  const topK = await createTopK(table, { devices: ['wasm'] })
  expect(topK.bytes - table.count * (64 + 12)).toBeLessThanOrEqual(2 * 65_536)
})

test('searches do not let the memory grow', async () => {
  const table = tableOf(8, 2)
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

function tableOf(mib: number, seed: number): Table {
  const count = (mib * MIB) / 64
  return {
    count,
    dimension: 64,
    values: new Int8Array(count * 64).fill(seed),
    scales: new Float32Array(count).fill(1),
    bias: new Float32Array(count).fill(seed),
  }
}
