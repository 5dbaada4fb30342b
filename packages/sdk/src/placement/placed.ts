/** A model's table on whatever device serves it best: moved between two searches, so that no list is lost. */
import type { KernelDevice, Query, TopK, TopKResult } from '@vitrine/kernels'
import type { HostedTopK, Keeper } from './hosted.ts'

/** A search as it was answered. */
export interface Answered {
  readonly query: Query
  readonly result: TopKResult
}

/** Told of what goes on; set by the placement once its file has loaded. */
export interface PlacedListener {
  /** A search that ran alone, and how long it took. */
  onSearch(ms: number): void
  /** The device in use failed; the kernel that the model was loaded with serves again. */
  onFailure(reason: unknown): void
  /** The model is gone, and with it the table and the device in use. */
  onDispose(): void
}

/** A device in use, and who waits for its last search to end. */
interface Serving {
  readonly topK: TopK
  users: number
  onIdle: (() => void) | undefined
}

/** Takes a hosted table over and searches it on the device that it was last moved to; at first on `home`, which it keeps. */
export class PlacedTopK implements Keeper {
  readonly home: TopK
  /** Of {@link elapsed}'s clock, when the last search ended; that of creation before the first. */
  lastUse: number
  /** Searches so far, and those among them that went over the table together with others. */
  searches = 0
  shared = 0
  listener: PlacedListener | undefined
  /** Answers are put here while it is set. */
  record: Answered[] | undefined
  readonly #elapsed: () => number
  #serving: Serving
  #inFlight = 0
  #mostInFlight = 0
  #isDisposed = false

  constructor(hosted: HostedTopK, elapsed: () => number) {
    const { home } = hosted
    this.home = home
    this.lastUse = elapsed()
    this.#elapsed = elapsed
    this.#serving = { topK: home, users: 0, onIdle: undefined }
    hosted.keeper = this
  }

  get device(): KernelDevice {
    return this.#serving.topK.device
  }

  /** Searches that wait for their result, and the most that ever did. */
  get inFlight(): number {
    return this.#inFlight
  }

  get mostInFlight(): number {
    return this.#mostInFlight
  }

  async search(query: Query): Promise<TopKResult> {
    return (await this.searchMany([query]))[0]!
  }

  async searchMany(queries: readonly Query[]): Promise<TopKResult[]> {
    const serving = this.#serving
    const { length } = queries
    this.#inFlight += length
    const isAlone = this.#inFlight === 1
    this.#mostInFlight = Math.max(this.#mostInFlight, this.#inFlight)
    this.searches += length
    if (length > 1) this.shared += length
    serving.users++
    const started = this.#elapsed()
    try {
      const results = await serving.topK.searchMany(queries)
      if (isAlone) this.listener?.onSearch(this.#elapsed() - started)
      this.record?.push(...queries.map((query, at) => ({ query, result: results[at]! })))
      return results
    } catch (error) {
      // A bad query is bad everywhere.
      if (serving.topK === this.home || this.#isDisposed || error instanceof RangeError) throw error
      if (serving === this.#serving) {
        void this.moveTo(this.home)
        this.listener?.onFailure(error)
      }
      return await this.home.searchMany(queries)
    } finally {
      this.#inFlight -= length
      this.lastUse = this.#elapsed()
      if (--serving.users === 0) serving.onIdle?.()
    }
  }

  /** Later searches go to `topK`. Resolves when none is left on the device before, which is then the caller's to dispose of. */
  moveTo(topK: TopK): Promise<void> {
    const before = this.#serving
    this.#serving = { topK, users: 0, onIdle: undefined }
    if (before.users === 0) return Promise.resolve()
    return new Promise((resolve) => (before.onIdle = resolve))
  }

  dispose(): void {
    this.#isDisposed = true
    // Whoever moved the table away gives the other device back.
    this.listener?.onDispose()
    this.home.dispose()
  }
}
