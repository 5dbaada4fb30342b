/** Asks a recommender for a shelf's list: one request at a time, again when lists go stale. */
import type { RecommendRequest, RecommendResult, Recommender } from '@vitrine/sdk'

/** What a shelf calls of a recommender. */
export type ShelfRecommender = Pick<Recommender, 'ready' | 'recommend' | 'track' | 'on'>

/** A recommender, or one that is on its way. */
export type RecommenderSource = ShelfRecommender | PromiseLike<ShelfRecommender>

/** The shelf's side. */
export interface RequestOptions {
  /** Whom to ask now; `undefined` while there is nobody. */
  source: () => RecommenderSource | undefined
  /** What to ask now. */
  request: () => RecommendRequest
  /** `forced`: the page or the shopper asked, so the list must not wait. */
  arrived: (result: RecommendResult, request: RecommendRequest, forced: boolean) => void
  failed: (error: unknown) => void
  busy: (busy: boolean) => void
}

/** A burst of events within this many ms asks for one new list. */
const BURST_MS = 60

/** The requests of one shelf. */
export class ListRequests {
  readonly #options: RequestOptions
  #running: { abort: AbortController; forced: boolean } | undefined
  #planned: { timer: ReturnType<typeof setTimeout>; forced: boolean } | undefined
  #listening: { to: ShelfRecommender; end: () => void } | undefined

  constructor(options: RequestOptions) {
    this.#options = options
  }

  /** Asks soon; what is planned before then becomes one request. */
  plan({ forced, inMs = 0 }: { forced: boolean; inMs?: number }): void {
    clearTimeout(this.#planned?.timer)
    const together = forced || (this.#planned?.forced ?? false)
    const timer = setTimeout(() => void this.ask({ forced: together }), inMs)
    this.#planned = { timer, forced: together }
  }

  /** Asks now, in place of any request under way. Never rejects: `failed` is told. */
  async ask({ forced }: { forced: boolean }): Promise<void> {
    // What it replaces may have been asked for by the shopper: then this is, too.
    const urgent = forced || (this.#running?.forced ?? false)
    this.#cancel()
    const { source, request, arrived, failed, busy } = this.#options
    const asked = source()
    if (!asked) return
    const abort = new AbortController()
    const { signal } = abort
    this.#running = { abort, forced: urgent }
    busy(true)
    try {
      const recommender = await asked
      if (signal.aborted) return
      this.#listen(recommender)
      const wanted = request()
      const result = await recommender.recommend({ ...wanted, signal })
      if (!signal.aborted) arrived(result, wanted, urgent)
    } catch (error) {
      if (!signal.aborted) failed(error)
    } finally {
      if (!signal.aborted) {
        this.#running = undefined
        busy(false)
      }
    }
  }

  stop(): void {
    this.#cancel()
    this.#listening?.end()
    this.#listening = undefined
  }

  #cancel(): void {
    this.#running?.abort.abort()
    this.#running = undefined
    clearTimeout(this.#planned?.timer)
    this.#planned = undefined
  }

  #listen(recommender: ShelfRecommender): void {
    if (this.#listening?.to === recommender) return
    this.#listening?.end()
    const end = recommender.on('change', (change) =>
      this.plan({ forced: false, inMs: change === 'model' ? 0 : BURST_MS }),
    )
    const listening = { to: recommender, end }
    this.#listening = listening
    recommender.ready.catch((error: unknown) => {
      if (this.#listening === listening) this.#options.failed(error)
    })
  }
}
