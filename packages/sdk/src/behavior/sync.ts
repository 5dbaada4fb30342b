/** Sends the behaviour log to the endpoint in batches, politely, and deletes only what was acknowledged. */
import { MAX_BATCH_EVENTS, VitrineError, parseEventAck } from '@vitrine/contracts'
import { LONGEST_BACKOFF_MS, REFUSED_PAUSE_MS, backoffMs } from '../backoff.ts'
import {
  type Endpoint,
  isTemporary,
  RETRY_AFTER_CAP_MS,
  readJson,
  refusal,
  retryAfterMs,
} from '../endpoint.ts'
import { type CancelTimer, type Platform, withLock } from '../platform.ts'
import type { PendingBatch } from './batch.ts'
import type { BehaviorLog, Refusal } from './log.ts'
import { UNKNOWN_PACE_MS } from './pace.ts'

/** After an event the log waits this long for more before it sends. */
const QUIET_MS = 2000

/** Whoever holds the lock for so long is frozen or hangs. */
const LOCK_PATIENCE_MS = 30_000
/** Answers that mean what was sent, and not who sends it or where to. */
const REFUSES_CONTENT: ReadonlySet<number> = new Set([400, 413, 422])
/** So many events refused in a row, and it is not the events. */
const MAX_REFUSED_IN_A_ROW = 3

/** What {@link EventSync} works on. */
export interface SyncOptions {
  log: BehaviorLog
  endpoint: Endpoint
  platform: Pick<Platform, 'now' | 'random' | 'setTimer' | 'locks'>
  /** Newest revision of each model, told with every acknowledgement. */
  onModels: (models: Readonly<Record<string, string>>) => void
  onError: (error: unknown) => void
  /** Missing: gzip, by CompressionStream. */
  compress?: (text: string) => Promise<Uint8Array<ArrayBuffer>>
}

/** The sending half of the log. One tab sends at a time; two that did would be told apart by `seq`. */
export class EventSync {
  readonly #options: SyncOptions
  readonly #stopped = new AbortController()
  #cancelTimer: CancelTimer | undefined
  /** Unix ms before which the endpoint is left alone. */
  #notBefore = 0
  #failures = 0
  /** This device's own, which retries are spread over. */
  #paceMs = UNKNOWN_PACE_MS
  #refusal: Refusal | undefined
  /** Events in a batch at most: halved until a refused one stands alone. */
  #limit = MAX_BATCH_EVENTS
  #refusedInARow = 0
  /** The last event of a batch that was refused once. */
  #doubted: number | undefined
  #bytesSent = 0
  #running: Promise<void> | undefined

  constructor(options: SyncOptions) {
    this.#options = options
  }

  /** Why nothing is sent for a while; undefined once something was accepted. */
  get refusal(): Refusal | undefined {
    return this.#refusal
  }

  /** Bytes of request bodies sent, after gzip. */
  get bytesSent(): number {
    return this.#bytesSent
  }

  /** Sends soon; more calls within the wait are one. */
  schedule(): void {
    if (this.#stopped.signal.aborted || this.#cancelTimer) return
    const { now, setTimer } = this.#options.platform
    const ms = Math.max(QUIET_MS, this.#notBefore - now())
    this.#cancelTimer = setTimer(() => {
      this.#cancelTimer = undefined
      this.#sendInBackground()
    }, ms)
  }

  /** Sends now what waits, unless the endpoint asked for patience: the page is going to the background, or online again. */
  hurry(): void {
    const { now } = this.#options.platform
    if (this.#stopped.signal.aborted || this.#notBefore > now()) return
    this.#sendInBackground()
  }

  /**
   * Sends everything that waits, whatever the endpoint said on waiting.
   *
   * @throws `VitrineError('NETWORK_FAILED')` or `('ENDPOINT_REFUSED')`; the events stay in the log.
   */
  async flush(): Promise<void> {
    await this.#running?.catch(() => {
      // Its caller has the error; this call makes its own attempt.
    })
    await this.#send({ asked: true })
  }

  /** Ends sending, a request under way included. */
  stop(): void {
    this.#cancelTimer?.()
    this.#stopped.abort(new VitrineError('DISPOSED', 'sending events has ended'))
  }

  #sendInBackground(): void {
    if (this.#running) return
    this.#send({ asked: false }).catch((error: unknown) => {
      if (!this.#stopped.signal.aborted) this.#options.onError(error)
    })
  }

  #send(by: { asked: boolean }): Promise<void> {
    this.#running = this.#sendAlone(by).finally(() => (this.#running = undefined))
    return this.#running
  }

  /** Sends while no other tab does. */
  async #sendAlone(by: { asked: boolean }): Promise<void> {
    const { endpoint, platform } = this.#options
    const stopped = this.#stopped.signal
    const waiting = new AbortController()
    const giveUp = (): void => waiting.abort(stopped.reason)
    const cancel = platform.setTimer(giveUp, LOCK_PATIENCE_MS)
    if (stopped.aborted) giveUp()
    stopped.addEventListener('abort', giveUp)
    let drained: Promise<void> | undefined
    try {
      await withLock(platform.locks, `vitrine-sync:${endpoint.url}`, { signal: waiting.signal }, () => {
        cancel()
        return (drained = this.#drain(by))
      })
    } catch (error) {
      stopped.throwIfAborted()
      if (drained) throw error
      // Two senders do no harm: the endpoint tells events apart by their number.
      await this.#drain(by)
    } finally {
      cancel()
      stopped.removeEventListener('abort', giveUp)
    }
  }

  async #drain({ asked }: { asked: boolean }): Promise<void> {
    const { log, platform } = this.#options
    try {
      if (!asked && (await this.#isPostponed())) return
      this.#paceMs = await log.paceMs()
      for (;;) {
        const batch = await log.nextBatch(this.#limit)
        if (!batch) break
        await this.#post(batch)
      }
      this.#failures = 0
      this.#notBefore = 0
    } catch (error) {
      if (this.#stopped.signal.aborted) throw error
      this.#failures++
      this.#notBefore = Math.max(this.#notBefore, platform.now() + this.#backoffMs(this.#failures))
      this.schedule()
      throw error
    }
  }

  /** Spread over this device's own pace, however short the outage. */
  #backoffMs(attempt: number): number {
    return backoffMs(attempt, this.#options.platform.random, this.#paceMs)
  }

  /** True, and scheduled for later, when the endpoint asked another tab or an earlier page for patience. */
  async #isPostponed(): Promise<boolean> {
    const { log, platform } = this.#options
    const ms = (await log.postponedUntil()) - platform.now()
    // The clock may have been set since.
    if (ms <= 0 || ms > RETRY_AFTER_CAP_MS + LONGEST_BACKOFF_MS) return false
    this.#notBefore = platform.now() + ms
    this.schedule()
    return true
  }

  async #post(batch: PendingBatch): Promise<void> {
    const { log, endpoint, platform, onModels, compress = gzip } = this.#options
    const { signal } = this.#stopped
    const body = await compress(JSON.stringify({ ...batch, sentAt: Math.round(platform.now()) }))
    const response = await endpoint.request('/v1/events', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
      body,
      device: batch.device,
      // Lets a batch that was sent while the page closes arrive; its answer may be lost, its events are not.
      keepalive: true,
      signal,
    })
    this.#bytesSent += body.byteLength
    if (!response.ok) await this.#onRefusal(response, batch)
    else {
      const { ackedThrough, models } = parseEventAck(await readJson(response, 'INVALID_RESPONSE'))
      if (ackedThrough < batch.firstSeq) {
        throw new VitrineError(
          'INVALID_RESPONSE',
          `the endpoint accepted events from ${batch.firstSeq} on but acknowledged only through ${ackedThrough}; they stay in the log`,
        )
      }
      await log.acknowledge(batch, ackedThrough)
      this.#refusal = undefined
      this.#refusedInARow = 0
      this.#limit = Math.min(MAX_BATCH_EVENTS, this.#limit * 2)
      onModels(models)
    }
  }

  /** Returns when the next batch may follow at once. @throws `VitrineError('ENDPOINT_REFUSED')` when it may not. */
  async #onRefusal(response: Response, batch: PendingBatch): Promise<void> {
    const { log, platform, onError } = this.#options
    const { status, headers } = response
    const { events } = batch
    if (status === 410) {
      // The device was erased from another tab or by its owner at the endpoint: begin anew, as nobody.
      await log.erase({ of: batch.device })
      return
    }
    const error = await refusal(response, 'ENDPOINT_REFUSED', `${events.length} events were not accepted`)
    const at = platform.now()
    if (isTemporary(status)) {
      const asked = retryAfterMs(headers, at)
      // Never earlier, and not all at once: whoever was told the same moment comes a little after it.
      this.#notBefore = at + (asked > 0 ? asked + this.#backoffMs(this.#failures + 1) : 0)
      await log.postpone(this.#notBefore) // For the other tabs, and the next page.
      throw error
    }
    const reason: Refusal = { status, message: error.message, at }
    const isOfEvents = REFUSES_CONTENT.has(status)
    const last = events.at(-1)!.seq
    if (isOfEvents && this.#doubted !== last) {
      // A body that arrived broken is refused like one that is wrong: sent once more, it is whole.
      this.#doubted = last
    } else if (isOfEvents && events.length > 1) {
      this.#limit = Math.ceil(events.length / 2)
    } else if (isOfEvents && this.#refusedInARow < MAX_REFUSED_IN_A_ROW) {
      await log.setAside(batch, reason)
      this.#refusedInARow++
      this.#limit = MAX_BATCH_EVENTS
      onError(error)
    } else {
      this.#refusal = reason
      this.#refusedInARow = 0
      this.#notBefore = at + REFUSED_PAUSE_MS
      throw error
    }
  }
}

async function gzip(text: string): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream('gzip'))
  return new Uint8Array(await new Response(stream).arrayBuffer())
}
