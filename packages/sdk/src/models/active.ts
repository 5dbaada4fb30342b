/** The model of one page: put in use from the store, brought up to date when the network allows, kept alike in all tabs. */
import type { ErrorCode, Manifest } from '@vitrine/contracts'
import { backoffMs } from '../backoff.ts'
import { codeOf, isCoded } from '../coded.ts'
import { type Broadcast, type CancelTimer, withLock } from '../platform.ts'
import type { Database } from '../storage/database.ts'
import { LiveModel } from './live.ts'
import { type ModelStatus, describe } from './status.ts'
import { ModelStore } from './store.ts'
import type { Disposable, ModelOptions } from './model-options.ts'
import { NO_PINS, mayRun, recall } from './trust.ts'
import type { DownloadCounts } from './download.ts'

/** Longest wait for another tab's download. */
const LOCK_PATIENCE_MS = 10_000

/** What came of a look for a newer revision. */
export interface UpdateResult {
  /** Revision in use now; null when there is none. */
  revision: string | null
  /** True when this call put another revision in use. */
  changed: boolean
}

/** One model: what is stored of it, what is in use, and the way from one revision to the next. */
export class ActiveModel<M extends Disposable> {
  readonly live: LiveModel<M> = new LiveModel()
  /** Resolves once what is stored is in use or is not there: a list is worth that wait, and no longer one. */
  settled: Promise<void> = Promise.resolve()
  readonly #options: ModelOptions<M>
  readonly #broadcast: Broadcast
  readonly #lock: string
  readonly #stopped = new AbortController()
  #database: Promise<Database>
  #manifest: Manifest | undefined
  /** Serves until the first model is in use. */
  #starter: M | undefined
  #origin: ModelStatus['origin'] = null
  readonly #counts: DownloadCounts = { bytes: 0, deltas: 0, deltasRefused: 0, resumed: 0 }
  readonly #refusals: Partial<Record<ErrorCode, number>> = {}
  #failures = 0
  #cancelRetry: CancelTimer | undefined
  /** A revision that was refused for what it is; only an explicit `update()` tries it again. */
  #refused: string | undefined
  #updating: { isAsked: boolean; result: Promise<UpdateResult> } | undefined
  /** Steps that touch the store run one after the other. */
  #last: Promise<unknown> = Promise.resolve()

  constructor(database: Promise<Database>, options: ModelOptions<M>) {
    const { id, url, platform } = options
    this.#options = options
    this.#database = database
    this.#lock = `vitrine-model:${url}/${id}`
    this.#broadcast = platform.broadcast(this.#lock)
    this.#broadcast.listen(() => this.#inBackground(this.#inTurn(() => this.#adoptStored())))
  }

  /**
   * Puts the stored revision in use, and looks for a newer one. Resolves with the first model in use; a starter
   * serves before that where nothing is stored, and is no model.
   *
   * @throws what {@link update} throws, when nothing is stored either; it is tried again by itself.
   */
  async start(): Promise<void> {
    const adopted = this.#inTurn(() => this.#adoptStored())
    this.settled = adopted.catch(() => undefined) // Whoever started it hears of it.
    await adopted
    const updated = this.#updateByItself()
    if (this.live.current) this.#inBackground(updated)
    else await updated
  }

  /**
   * Looks for a newer revision and puts it in use.
   *
   * @throws `VitrineError` `NETWORK_FAILED`, `MODEL_NOT_FOUND`, `ENDPOINT_REFUSED`, `INVALID_MANIFEST`,
   * `SIGNATURE_INVALID`, `REVISION_TOO_OLD`, `REVISION_TOO_NEW`, `REVISION_EXPIRED`, `ARTIFACT_NOT_FOUND`,
   * `ARTIFACT_CORRUPT`, `MODEL_UNSUPPORTED`, `SELF_TEST_FAILED`; the revision in use stays.
   */
  update({ isAsked = true }: { isAsked?: boolean } = {}): Promise<UpdateResult> {
    const underWay = this.#updating
    // Whoever asks is not served by one that began by itself: it may fail for what is mended by now, or know of no
    // revision that was published since. His own begins when that one has ended.
    if (underWay && (underWay.isAsked || !isAsked)) return underWay.result
    const { locks } = this.#options.platform
    // One download for all tabs: whoever waited finds the revision in the store.
    const result = this.#inTurn(() => {
      let begun = false
      const work = (): Promise<UpdateResult> => {
        begun = true
        return this.#update(isAsked)
      }
      const { signal } = this.#stopped
      const waiting = AbortSignal.any([signal, AbortSignal.timeout(LOCK_PATIENCE_MS)])
      return withLock(locks, this.#lock, { signal: waiting }, work).catch((error: unknown) => {
        if (begun || signal.aborted) throw error
        // A page that was left in the middle of a download may hold the lock asleep: two downloads do no harm.
        return work()
      })
    })
      .then((outcome) => outcome ?? { revision: null, changed: false })
      .finally(() => {
        if (this.#updating?.result === result) this.#updating = undefined
      })
    this.#updating = { isAsked, result }
    return result
  }

  /** True while `model` is but the starter of a revision that is on its way. */
  isStarter(model: M | undefined): boolean {
    return model !== undefined && model === this.#starter
  }

  /** Hears of the newest revision from an acknowledgement. */
  noteNewest(revision: string | undefined): void {
    if (revision === undefined || revision === this.#refused || revision === this.#manifest?.revision) return
    this.#inBackground(this.#updateByItself())
  }

  /** Tries again now if a download is waiting for better times: the device is online again. */
  hurry(): void {
    if (this.#cancelRetry) this.#inBackground(this.#updateByItself())
  }

  /** Moves the revisions in store to another database: consent was given or withdrawn. */
  async moveTo(database: Promise<Database>): Promise<void> {
    await this.#inTurn(async () => {
      const from = await this.#store()
      this.#database = database
      const { active, trust, rejected } = await from.state()
      const to = await this.#store()
      await to.remember({ trust, rejected })
      try {
        if (active) await to.activate(await from.read(active.manifest), active)
      } catch (error) {
        // Another tab was first and deleted what was stored. The model in use stays; the next page downloads it.
        this.#options.onError(error)
      }
    })
  }

  async status(): Promise<ModelStatus> {
    const { pins = NO_PINS, platform } = this.#options
    return {
      ...describe(this.#manifest, await (await this.#store()).state(), { pins, now: platform.now() }),
      origin: this.#origin,
      downloads: { ...this.#counts },
      refused: { ...this.#refusals },
      storage: (await this.#database).status,
    }
  }

  /** Ends downloads; the model goes after its last call. */
  dispose(reason: unknown): void {
    this.#stopped.abort(reason)
    this.#cancelRetry?.()
    this.#broadcast.close()
    this.live.replace(undefined)
  }

  async #store(): Promise<ModelStore> {
    return new ModelStore(await this.#database, this.#options.platform)
  }

  async #update(isAsked: boolean): Promise<UpdateResult> {
    const { id, pins = NO_PINS, device, update, load, selfTest, onProgress, onError } = this.#options
    const { signal } = this.#stopped
    const before = this.#manifest?.revision
    await this.#adoptStored() // Another tab may have been first.
    const store = await this.#store()
    const { active } = await store.state()
    const inUse = this.#manifest?.revision
    let found: string | undefined
    try {
      const newer = await update({
        id,
        store,
        inUse,
        etag: active?.manifest.revision === inUse ? active?.etag : undefined,
        pins,
        device: await device?.(),
        isAsked,
        load,
        selfTest,
        signal,
        onFound: ({ revision }) => (found = revision),
        onStarter: this.live.current ? undefined : (manifest, bytes) => this.#useStarter(manifest, bytes),
        counts: this.#counts,
        onProgress,
        onError,
      })
      if (!newer) return { revision: inUse ?? null, changed: inUse !== before }
      this.#use(newer.model, newer.manifest, 'network')
      this.#broadcast.post('')
      return { revision: newer.manifest.revision, changed: true }
    } catch (error) {
      if (found !== undefined && !isNetworkFailure(error)) this.#refused = found
      if (isCoded(error) && !isNetworkFailure(error)) {
        this.#refusals[error.code] = (this.#refusals[error.code] ?? 0) + 1
      }
      throw error
    }
  }

  /** Puts the active revision of the store in use, or the previous one where the active one cannot be. */
  async #adoptStored(): Promise<void> {
    const store = await this.#store()
    const { pins = NO_PINS } = this.#options
    const { active, previous, trust } = await store.state()
    for (const pointer of [active, previous]) {
      // What was stored before the page pinned its keys has nobody who vouches for it.
      if (!pointer || !mayRun(pointer, recall(trust, pins), pins)) continue
      if (pointer.manifest.revision === this.#manifest?.revision) return
      try {
        const { manifest, artifacts } = await store.read(pointer.manifest)
        // Only what passed its self-test is ever activated.
        const model = await this.#options.load(manifest, artifacts, {
          signal: this.#stopped.signal,
          tested: true,
        })
        this.#use(model, manifest, 'storage')
        return
      } catch (error) {
        if (this.#stopped.signal.aborted) throw error
        this.#options.onError(error)
      }
    }
  }

  async #useStarter(manifest: Manifest, bytes: Uint8Array): Promise<void> {
    const starter = await this.#options.loadStarter(manifest, bytes)
    if (this.#stopped.signal.aborted) {
      starter.dispose()
      return
    }
    this.#starter = starter
    this.live.replace(starter)
    this.#options.onChange()
  }

  #use(model: M, manifest: Manifest, origin: 'storage' | 'network'): void {
    this.live.replace(model)
    this.#starter = undefined
    this.#manifest = manifest
    this.#origin = origin
    this.#options.onChange()
  }

  /** Updates, and on a failure of the network comes back later. */
  async #updateByItself(): Promise<void> {
    this.#cancelRetry?.()
    this.#cancelRetry = undefined
    try {
      await this.update({ isAsked: false })
      this.#failures = 0
    } catch (error) {
      if (isNetworkFailure(error) && !this.#stopped.signal.aborted) {
        const { random, setTimer } = this.#options.platform
        const again = (): void => this.#inBackground(this.#updateByItself())
        this.#cancelRetry = setTimer(again, backoffMs(++this.#failures, random))
      }
      throw error
    }
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work, work)
    this.#last = result
    return result
  }

  #inBackground(work: Promise<void>): void {
    work.catch((error: unknown) => {
      if (!this.#stopped.signal.aborted) this.#options.onError(error)
    })
  }
}

function isNetworkFailure(error: unknown): boolean {
  return codeOf(error) === 'NETWORK_FAILED'
}
