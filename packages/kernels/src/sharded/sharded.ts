/**
 * One search shared by several threads, without shared memory: the thread that asks holds the table and searches
 * its first rows; each worker of a pool holds a slice of the others. Every slice gives its k best, and the k best of
 * those are the table's.
 */
import type { QuantisedQuery } from '../query.ts'
import type { KernelDevice, KernelVariant, Query, Table, TableRows, TopK, TopKResult } from '../top-k.ts'
import { copyOut } from '../rows.ts'
import { mergeRanked } from './merge.ts'
import type { ShardPool } from './pool.ts'
import type { SharableTopK } from './sharable.ts'

/** Kernels scan blocks of so many rows. */
const BLOCK_ROWS = 16

/** How much goes on at once. */
export interface Parallel {
  /** Threads that share one search; 1 once the pool has ended. */
  readonly data: number
  /** Searches that wait for their result now, and the most that ever did. */
  readonly tasks: number
  readonly mostTasks: number
}

/** A table shared with a pool. */
export interface ShardedTopK extends TopK {
  readonly parallel: Parallel
  /** Calls that this thread had to finish alone, because a shard failed meanwhile. */
  readonly rescued: number
  /** Frees the slices; the kernel that was shared goes on serving its owner. */
  dispose(): void
}

/** Options of {@link shardTopK}. */
export interface ShardOptions {
  /** Awaited between pieces of a few MB, so that other work of this thread comes in between. */
  pause?: () => Promise<void>
}

/**
 * Hands slices of `table` to the workers of a pool, each thread an equal part. `whole` is a kernel that holds the
 * whole table: it searches this thread's part, and everything once a worker fails.
 *
 * @throws `Error` when a shard cannot hold its slice, or the pool has ended.
 */
export async function shardTopK(
  whole: SharableTopK,
  table: Table | TableRows,
  pool: ShardPool,
  { pause }: ShardOptions = {},
): Promise<ShardedTopK> {
  const id = pool.nextTable()
  const { count } = table
  const threads = pool.workers + 1
  // The code that was tried here is what runs there.
  const variants = whole.variant === 'scalar' ? [] : [whole.variant]
  const cuts = Array.from({ length: threads }, (_, at) =>
    Math.min(count, Math.round((at * count) / threads / BLOCK_ROWS) * BLOCK_ROWS),
  )
  const slices: Slice[] = []
  try {
    for (const [at, from] of cuts.entries()) {
      const to = cuts[at + 1] ?? count
      if (at === 0 || from === to) continue
      const worker = at - 1
      const slice = await copyOut(table, from, to, pause)
      const transfer = [slice.values.buffer, slice.scales.buffer] as ArrayBuffer[]
      if (slice.bias) transfer.push(slice.bias.buffer as ArrayBuffer)
      const request = { kind: 'hold' as const, table: id, slice, devices: [whole.device], variants }
      const { bytes } = await pool.ask(worker, request, transfer)
      slices.push({ worker, from, to, bytes })
    }
  } catch (error) {
    for (const { worker } of slices) drop(pool, worker, id)
    throw error
  }
  return new Sharded(whole, count, pool, id, slices)
}

/** The rows that a worker of the pool holds. */
interface Slice {
  worker: number
  from: number
  to: number
  bytes: number
}

class Sharded implements ShardedTopK {
  rescued = 0
  readonly #count: number
  readonly #pool: ShardPool
  readonly #id: number
  readonly #slices: readonly Slice[]
  readonly #whole: SharableTopK
  #isDisposed = false
  #tasks = 0
  #mostTasks = 0

  constructor(whole: SharableTopK, count: number, pool: ShardPool, id: number, slices: readonly Slice[]) {
    this.#whole = whole
    this.#count = count
    this.#pool = pool
    this.#id = id
    this.#slices = slices
  }

  get device(): KernelDevice {
    return this.#whole.device
  }

  get variant(): KernelVariant {
    return this.#whole.variant
  }

  get bytes(): number {
    if (this.#isDisposed) return 0
    const shared = this.#pool.failure ? [] : this.#slices
    return shared.reduce((sum, { bytes }) => sum + bytes, this.#whole.bytes)
  }

  get rows(): TableRows {
    return this.#whole.rows
  }

  get parallel(): Parallel {
    const data = this.#pool.failure || this.#isDisposed ? 1 : 1 + this.#slices.length
    return { data, tasks: this.#tasks, mostTasks: this.#mostTasks }
  }

  async search(query: Query): Promise<TopKResult> {
    return (await this.searchMany([query]))[0]!
  }

  async searchMany(queries: readonly Query[]): Promise<TopKResult[]> {
    if (this.#isDisposed) throw new Error('This table was disposed; create a new one to search.')
    const quantised = queries.map((query) => this.#whole.quantise(query))
    if (this.#pool.failure || this.#slices.length === 0 || queries.length === 0) {
      return this.#whole.searchRows(quantised, 0, this.#count)
    }
    this.#tasks += queries.length
    this.#mostTasks = Math.max(this.#mostTasks, this.#tasks)
    try {
      return await this.#share(quantised)
    } finally {
      this.#tasks -= queries.length
    }
  }

  dispose(): void {
    if (this.#isDisposed) return
    this.#isDisposed = true
    for (const { worker } of this.#slices) drop(this.#pool, worker, this.#id)
  }

  /** The workers search their slices while this thread searches its rows. */
  async #share(queries: readonly QuantisedQuery[]): Promise<TopKResult[]> {
    const { from: end } = this.#slices[0]!
    const answers = Promise.all(this.#slices.map((slice) => this.#ask(slice, queries)))
    // Whatever becomes of this thread's part, nobody else hears of the workers'.
    answers.catch(() => undefined)
    const own = this.#whole.searchRows(queries, 0, end)
    const found = await answers.catch((reason: unknown) => this.#rescue(queries, end, reason))
    return queries.map(({ k }, at) =>
      mergeRanked([own[at]!, ...found.map(({ first, results }) => shifted(results[at]!, first))], k),
    )
  }

  async #ask(
    { worker, from, to }: Slice,
    queries: readonly QuantisedQuery[],
  ): Promise<{ first: number; results: readonly TopKResult[] }> {
    const transfer: ArrayBuffer[] = []
    const here = queries.map((query) => {
      if (!query.mask) return query
      const mask = query.mask.slice(from, to)
      transfer.push(mask.buffer)
      return { ...query, mask }
    })
    const request = { kind: 'search' as const, table: this.#id, queries: here }
    return { first: from, results: await this.#pool.ask(worker, request, transfer) }
  }

  /** Searches here what shards were asked for. */
  #rescue(
    queries: readonly QuantisedQuery[],
    from: number,
    reason: unknown,
  ): { first: number; results: readonly TopKResult[] }[] {
    this.rescued++
    // Where the call was refused rather than cut off, the shard cannot be relied on any more.
    if (!this.#isDisposed) this.#pool.fail(reason instanceof Error ? reason : new Error(String(reason)))
    return [{ first: 0, results: this.#whole.searchRows(queries, from, this.#count) }]
  }
}

function drop(pool: ShardPool, worker: number, table: number): void {
  // A pool that has ended holds nothing any more, and a shard that refuses is the next search's to find out.
  pool.ask(worker, { kind: 'drop', table }).catch(() => undefined)
}

function shifted({ indices, scores }: TopKResult, first: number): TopKResult {
  if (first > 0) for (let rank = 0; rank < indices.length; rank++) indices[rank] = indices[rank]! + first
  return { indices, scores }
}
