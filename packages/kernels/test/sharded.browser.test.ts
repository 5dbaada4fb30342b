/** Tables shared with workers, in real browsers: conformance, and what happens when a worker fails. */
import { afterAll, describe, expect, onTestFinished, test } from 'vitest'
import { createTopK } from '../src/create.ts'
import { type ShardPool, type ShardPoolOptions, openShardPool } from '../src/sharded/pool.ts'
import { type SharableTopK, isSharable } from '../src/sharded/sharable.ts'
import { type ShardedTopK, shardTopK } from '../src/sharded/sharded.ts'
import type { Query, Table, TopK } from '../src/top-k.ts'
import { knowsWasmVariant } from '../src/wasm/module.ts'
import { conformance } from './conformance.ts'
import { reference, rowsOf } from './reference.ts'
import { normalTable, normals } from './tables.ts'

/** Random tables of each kernel; fewer of the slow one: each case is some messages. Each takes up to four searches, twice. */
const CASES = { 'relaxed-simd': 1000, simd: 1000, scalar: 300 }

const table = { ...normalTable(5003, 64, 1), bias: normals(5003, 2) }
const queries: Query[] = Array.from({ length: 6 }, (_, at) => ({
  vector: normals(64, 10 + at),
  k: [24, 1, 300][at % 3]!,
  rescore: at % 2 === 1,
  ...(at % 3 > 0 && { mask: Uint8Array.from({ length: 5003 }, (_, row) => Number(row % 7 < at)) }),
}))
const expected = queries.map((query) => reference(table, query))

function startWorker(): Worker {
  return new Worker(new URL('./shard-worker.ts', import.meta.url), { type: 'module' })
}

function startNothing(): Worker {
  return new Worker('/nowhere/shard.js', { type: 'module' })
}

function open(more: Partial<ShardPoolOptions> = {}): Promise<ShardPool> {
  return openShardPool({ open: startWorker, workers: 2, release: 'test', ...more })
}

/** The best kernel that this browser has, or the one asked for. */
async function wholeTable(of: Table = table, variant?: SharableTopK['variant']): Promise<SharableTopK> {
  const topK = await createTopK(of, {
    devices: [variant === 'scalar' ? variant : 'wasm'],
    ...(variant && variant !== 'scalar' && { variants: [variant] }),
  })
  if (!isSharable(topK)) throw new TypeError(`${topK.device} cannot be shared`)
  return topK
}

/** A shared table, and a pool whose workers can be reached. */
interface Shared {
  topK: ShardedTopK
  whole: TopK
  workers: Worker[]
  told: Error[]
  pool: ShardPool
}

async function shared(more: Partial<ShardPoolOptions> = {}): Promise<Shared> {
  const workers: Worker[] = []
  const told: Error[] = []
  const pool = await open({
    open: () => {
      const worker = startWorker()
      workers.push(worker)
      return worker
    },
    onFailure: (reason) => told.push(reason),
    ...more,
  })
  onTestFinished(() => pool.close())
  const whole = await wholeTable()
  return { topK: await shardTopK(whole, table, pool), whole, workers, told, pool }
}

describe('a shared table', async () => {
  const pool = await open()
  afterAll(() => pool.close())

  for (const variant of ['relaxed-simd', 'simd', 'scalar'] as const) {
    if (variant !== 'scalar' && !knowsWasmVariant(variant)) continue
    conformance(
      `sharded ${variant}`,
      async (each) => shardTopK(await wholeTable(each, variant), each, pool),
      CASES[variant],
    )
  }

  test('no shard of these had to be rescued', () => expect(pool.failure).toBeUndefined())
})

test('shards run the code of the thread that asks', async () => {
  const { pool, workers } = await shared()
  const answers: unknown[] = []
  for (const worker of workers) worker.addEventListener('message', ({ data }) => answers.push(data))
  await shardTopK(await wholeTable(table, 'simd'), table, pool)
  const held = { answer: { device: 'wasm', variant: 'simd' } }
  await expect.poll(() => answers).toMatchObject([held, held])
})

test('searches overlap, and it is reported how many threads and searches there are', async () => {
  const { topK } = await shared()
  expect(topK.parallel).toEqual({ data: 3, tasks: 0, mostTasks: 0 })
  const alone = queries.map((query) => topK.search(query))
  const together = topK.searchMany(queries)
  expect(topK.parallel.tasks).toBe(2 * queries.length)
  expect((await Promise.all(alone)).map(rowsOf)).toEqual(expected)
  expect((await together).map(rowsOf)).toEqual(expected)
  expect(topK.parallel).toEqual({ data: 3, tasks: 0, mostTasks: 2 * queries.length })
  expect(topK.rescued).toBe(0)
})

test('fifty swaps leave one slice a worker', async () => {
  const { pool, topK } = await shared()
  const { bytes } = topK
  let current = topK
  for (let swap = 0; swap < 50; swap++) {
    const next = await shardTopK(await wholeTable(), table, pool)
    await next.search(queries[0]!)
    current.dispose()
    current = next
  }
  expect(current.bytes).toBe(bytes)
  const own = (await wholeTable()).bytes
  // A table that nobody holds frees nothing: the answer is what is left.
  const left = await Promise.all([0, 1].map((worker) => pool.ask(worker, { kind: 'drop', table: -1 })))
  expect(own + left[0]! + left[1]!).toBe(bytes)
})

/** What a table does whose pool fails, in two rounds of searches. */
async function outcomeOf({ topK, told, pool, whole }: Shared): Promise<object> {
  const first = await Promise.all(queries.map((query) => topK.search(query)))
  const wasRescued = topK.rescued > 0
  const { rescued } = topK
  const second = await topK.searchMany(queries)
  return {
    lists: [first.map(rowsOf), second.map(rowsOf)],
    told: told.map(({ message }) => message),
    rescues: { first: wasRescued, second: topK.rescued > rescued },
    threads: topK.parallel.data,
    workers: pool.workers,
    bytesOfShards: topK.bytes - whole.bytes,
  }
}

function servedAlone(reason: RegExp): object {
  return {
    lists: [expected, expected],
    told: [expect.stringMatching(reason)],
    rescues: { first: true, second: false },
    threads: 1,
    workers: 0,
    bytesOfShards: 0,
  }
}

describe('the lists are right and the reason is told once', () => {
  test('when a worker is gone without a word', async () => {
    const pool = await shared({ searchMs: 60 })
    pool.workers[0]!.terminate()
    expect(await outcomeOf(pool)).toEqual(servedAlone(/did not answer in time/))
  })

  test('when a worker throws', async () => {
    const pool = await shared()
    pool.workers[1]!.postMessage('throw')
    expect(await outcomeOf(pool)).toEqual(servedAlone(/A shard failed: .*asked to throw/))
  })

  test('when a worker refuses a search', async () => {
    const pool = await shared()
    pool.workers[1]!.postMessage({ call: 1e9, kind: 'drop', table: 0 })
    expect(await outcomeOf(pool)).toEqual(servedAlone(/A shard refused: .*holds no table 0/))
  })

  test('when the pool is closed meanwhile', async () => {
    const { topK, pool, told } = await shared()
    const searches = queries.map((query) => topK.search(query))
    pool.close()
    expect((await Promise.all(searches)).map(rowsOf)).toEqual(expected)
    expect(told).toEqual([])
  })
})

test('a worker that was late because this thread slept is not given up', async () => {
  const { topK, told } = await shared({ searchMs: 60 })
  const searching = topK.search(queries[0]!)
  const until = performance.now() + 300
  while (performance.now() < until);
  expect(rowsOf(await searching)).toEqual(expected[0])
  expect(told).toEqual([])
  expect(topK.parallel.data).toBe(3)
})

test('a call that looks late to a thread that has just woken is given a moment', async () => {
  let now = 0
  const timers: (() => void)[] = []
  const { topK, told } = await shared({
    elapsed: () => now,
    setTimer: (callback) => {
      timers.push(callback)
      return () => undefined
    },
  })
  const searching = topK.search(queries[0]!)
  now = 1e9
  timers.at(-1)!()
  expect(rowsOf(await searching)).toEqual(expected[0])
  expect(told).toEqual([])
})

test('a pool that cannot start says why', async () => {
  await expect(open({ open: startNothing })).rejects.toThrow(/script did not load/)
  await expect(open({ release: 'other' })).rejects.toThrow(/release test, not other/)
})

test('a table of one block stays in one thread', async () => {
  const pool = await open()
  onTestFinished(() => pool.close())
  const small = normalTable(16, 16, 1)
  const topK = await shardTopK(await wholeTable(small), small, pool)
  const query = { vector: normals(16, 1), k: 3 }
  expect(rowsOf(await topK.search(query))).toEqual(reference(small, query))
})
