/** A pool of workers that hold slices of tables: calls that settle, whatever happens to a worker. */
import type { ShardAnswer, ShardAnswers, ShardCall, ShardGreeting, ShardRequest } from './protocol.ts'

/** A worker that serves shards greets within this time, or it is some other script. */
const GREETING_MS = 10_000
/** Longest that a slice may take to be laid out, and a search of it to be answered. */
const HOLD_MS = 20_000
const SEARCH_MS = 1000
/** What a call that is late is given before its shard counts as silent. */
const MOMENT_MS = 100

/** The part of `Worker` that a pool uses. */
export interface ShardWorker {
  addEventListener(
    type: 'message' | 'messageerror' | 'error',
    listener: (event: { readonly data?: unknown; readonly message?: string }) => void,
  ): void
  postMessage(message: unknown, transfer: ArrayBuffer[]): void
  terminate(): void
}

/** How to open a pool. */
export interface ShardPoolOptions {
  /** Starts one worker, whose file calls `serveShard`. */
  open: () => ShardWorker
  /** Workers beside the thread that asks, 1 or more. */
  workers: number
  /** Compared with the shards': both come from one release. */
  release?: string
  /** Told once, when a worker died, fell silent or failed: the pool has ended, its tables are searched here. */
  onFailure?: (reason: Error) => void
  /** Longest that a search may take, in milliseconds; 1000 where missing. */
  searchMs?: number
  /** `setTimeout` and `performance.now` where missing. */
  setTimer?: (callback: () => void, ms: number) => () => void
  elapsed?: () => number
}

/** Workers that are ready. One pool serves any number of tables. */
export interface ShardPool {
  /** How many there are; 0 once the pool has ended. */
  readonly workers: number
  /** Why it ended; undefined while it serves. */
  readonly failure: Error | undefined
  /** Names a table that the shards have not heard of yet. */
  nextTable(): number
  /** Sends one request to one shard. Rejects when the shard reports an error or the pool ends. */
  ask<Kind extends ShardRequest['kind']>(
    worker: number,
    request: Extract<ShardRequest, { kind: Kind }>,
    transfer?: ArrayBuffer[],
  ): Promise<ShardAnswers[Kind]>
  /** Ends the pool because of a shard that cannot be relied on. */
  fail(reason: Error): void
  /** Ends the workers and everything they hold. */
  close(): void
}

/** @throws `Error` when a worker does not start, or belongs to another release. */
export async function openShardPool(options: ShardPoolOptions): Promise<ShardPool> {
  const pool = new Pool(options)
  try {
    await pool.start(options)
    return pool
  } catch (error) {
    pool.close()
    throw error
  }
}

/** A request that waits for its answer. */
interface Pending {
  resolve: (answer: never) => void
  reject: (reason: Error) => void
  /** When it is late, on the clock of `elapsed`. */
  deadline: number
}

class Pool implements ShardPool {
  readonly #workers: ShardWorker[] = []
  readonly #pending = new Map<number, Pending>()
  readonly #release: string
  readonly #searchMs: number
  readonly #setTimer: NonNullable<ShardPoolOptions['setTimer']>
  readonly #elapsed: () => number
  #onFailure: ShardPoolOptions['onFailure']
  #failure: Error | undefined
  #calls = 0
  #tables = 0
  #stopWatch: (() => void) | undefined

  constructor({
    release = '',
    searchMs = SEARCH_MS,
    setTimer = setTimeoutOnce,
    elapsed = () => performance.now(),
  }: ShardPoolOptions) {
    this.#release = release
    this.#searchMs = searchMs
    this.#setTimer = setTimer
    this.#elapsed = elapsed
  }

  async start({ open, workers, onFailure }: ShardPoolOptions): Promise<void> {
    const greetings: Promise<void>[] = []
    for (let at = 0; at < workers; at++) {
      const worker = open()
      this.#workers.push(worker)
      // Greetings are numbered below every call.
      greetings.push(new Promise((resolve, reject) => this.#wait(-1 - at, GREETING_MS, resolve, reject)))
      this.#listen(worker, at)
    }
    await Promise.all(greetings)
    // Until here, whoever opens the pool is told by a rejection.
    this.#onFailure = onFailure
  }

  get workers(): number {
    return this.#failure ? 0 : this.#workers.length
  }

  get failure(): Error | undefined {
    return this.#failure
  }

  nextTable(): number {
    return this.#tables++
  }

  ask<Kind extends ShardRequest['kind']>(
    worker: number,
    request: Extract<ShardRequest, { kind: Kind }>,
    transfer: ArrayBuffer[] = [],
  ): Promise<ShardAnswers[Kind]> {
    return new Promise((resolve, reject) => {
      if (this.#failure) {
        reject(this.#failure)
        return
      }
      const call = this.#calls++
      this.#wait(call, request.kind === 'hold' ? HOLD_MS : this.#searchMs, resolve, reject)
      this.#workers[worker]!.postMessage({ ...request, call } satisfies ShardCall, transfer)
    })
  }

  fail(reason: Error): void {
    if (this.#failure) return
    this.#end(reason)
    this.#onFailure?.(reason)
  }

  close(): void {
    if (!this.#failure) this.#end(new Error('The pool of shards was closed.'))
  }

  #end(reason: Error): void {
    this.#failure = reason
    this.#stopWatch?.()
    for (const worker of this.#workers) worker.terminate()
    for (const { reject } of this.#pending.values()) reject(reason)
    this.#pending.clear()
  }

  #listen(worker: ShardWorker, at: number): void {
    worker.addEventListener('message', ({ data }) => {
      const { shard } = data as Partial<ShardGreeting>
      if (shard === undefined) this.#settle(data as ShardAnswer)
      else if (shard === this.#release) this.#settle({ call: -1 - at, answer: [] })
      else
        this.fail(
          new Error(`A shard is of release ${shard}, not ${this.#release}: serve both from one release.`),
        )
    })
    worker.addEventListener('messageerror', () =>
      this.fail(new Error('A shard sent a message that cannot be read.')),
    )
    worker.addEventListener('error', ({ message }) => {
      // A script that did not load has an event without a message.
      const why = message || 'its script did not load, or the page’s policy forbids it'
      this.fail(new Error(`A shard failed: ${why}.`))
    })
  }

  #settle(message: ShardAnswer): void {
    const pending = this.#pending.get(message.call)
    if (!pending) return
    this.#pending.delete(message.call)
    if ('error' in message) pending.reject(new Error(`A shard refused: ${message.error}`))
    else pending.resolve(message.answer as never)
  }

  #wait(call: number, ms: number, resolve: Pending['resolve'], reject: Pending['reject']): void {
    this.#pending.set(call, { resolve, reject, deadline: this.#elapsed() + ms })
    if (!this.#stopWatch) this.#watch()
  }

  /**
   * Looks now and then for a call that is late, while any wait: cheaper than a timer a call. A tab that was frozen or
   * busy has not read yet what arrived meanwhile, so a late call is given a moment more.
   */
  #watch(ms: number = this.#searchMs, suspect?: Pending): void {
    this.#stopWatch = this.#setTimer(() => {
      this.#stopWatch = undefined
      if (this.#pending.size === 0) return
      const now = this.#elapsed()
      const late = [...this.#pending.values()].find(({ deadline }) => now > deadline)
      if (late && late === suspect) this.fail(new Error('A shard did not answer in time.'))
      else this.#watch(late && MOMENT_MS, late)
    }, ms)
  }
}

function setTimeoutOnce(callback: () => void, ms: number): () => void {
  const timer = setTimeout(callback, ms)
  return () => clearTimeout(timer)
}
