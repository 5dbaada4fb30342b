/** Sends the behaviour log to the endpoint in batches, politely, and deletes only what was acknowledged. */
import { VitrineError, parseEventAck } from '@vitrine/contracts'
import { backoffMs } from '../backoff.ts'
import { type Endpoint, isTemporary, readJson, refusal, retryAfterMs } from '../endpoint.ts'
import { type CancelTimer, type Platform, withLock } from '../platform.ts'
import type { BehaviorLog, PendingBatch } from './log.ts'

/** After an event the log waits this long for more before it sends. */
const QUIET_MS = 2000

/** Why events are kept back: the endpoint refused a batch in a way that repeating will not mend. */
export interface Refusal {
  status: number
  message: string
  /** Unix ms. */
  at: number
}

/** What {@link EventSync} works on. */
export interface SyncOptions {
  log: BehaviorLog
  endpoint: Endpoint
  platform: Pick<Platform, 'now' | 'random' | 'setTimer' | 'locks'>
  /** Newest revision of each model, told with every acknowledgement. */
  onModels: (models: Readonly<Record<string, string>>) => void
  onError: (error: unknown) => void
}

/** The sending half of the log. One tab sends at a time; two that did would be told apart by `seq`. */
export class EventSync {
  readonly #options: SyncOptions
  readonly #stopped = new AbortController()
  #cancelTimer: CancelTimer | undefined
  /** Unix ms before which the endpoint is left alone. */
  #notBefore = 0
  #failures = 0
  #refusal: Refusal | undefined
  #bytesSent = 0
  #running: Promise<void> | undefined

  constructor(options: SyncOptions) {
    this.#options = options
  }

  get refusal(): Refusal | undefined {
    return this.#refusal
  }

  /** Bytes of request bodies sent, after gzip. */
  get bytesSent(): number {
    return this.#bytesSent
  }

  /** Sends soon; more calls within the wait are one. */
  schedule(): void {
    if (this.#stopped.signal.aborted || this.#refusal || this.#cancelTimer) return
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
    if (this.#stopped.signal.aborted || this.#refusal || this.#notBefore > now()) return
    this.#sendInBackground()
  }

  /**
   * Sends everything that waits, also after a refusal.
   *
   * @throws `VitrineError('NETWORK_FAILED')` or `('ENDPOINT_REFUSED')`; the events stay in the log.
   */
  async flush(): Promise<void> {
    this.#refusal = undefined
    await this.#running?.catch(() => {
      // Its caller has the error; this call makes its own attempt.
    })
    await this.#send(false)
  }

  /** Ends sending, a request under way included. */
  stop(): void {
    this.#cancelTimer?.()
    this.#stopped.abort(new VitrineError('DISPOSED', 'sending events has ended'))
  }

  #sendInBackground(): void {
    if (this.#running) return
    this.#send(true).catch((error: unknown) => {
      if (!this.#stopped.signal.aborted) this.#options.onError(error)
    })
  }

  #send(ifFree: boolean): Promise<void> {
    const { endpoint, platform } = this.#options
    const { signal } = this.#stopped
    const sending = withLock(platform.locks, `vitrine-sync:${endpoint.url}`, { ifFree, signal }, () =>
      this.#drain(),
    )
    this.#running = sending.finally(() => (this.#running = undefined))
    return this.#running
  }

  async #drain(): Promise<void> {
    const { log, platform } = this.#options
    try {
      for (;;) {
        const batch = await log.nextBatch()
        if (!batch) break
        await this.#post(batch)
      }
      this.#failures = 0
      this.#notBefore = 0
    } catch (error) {
      if (this.#stopped.signal.aborted) throw error
      this.#failures++
      const backoff = platform.now() + backoffMs(this.#failures, platform.random)
      this.#notBefore = Math.max(this.#notBefore, backoff)
      this.schedule()
      throw error
    }
  }

  async #post(batch: PendingBatch): Promise<void> {
    const { log, endpoint, platform, onModels } = this.#options
    const { signal } = this.#stopped
    const body = await gzip(JSON.stringify({ ...batch, sentAt: Math.round(platform.now()) }))
    const response = await endpoint.request('/v1/events', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
      body,
      // Lets a batch that was sent while the page closes arrive; its answer may be lost, its events are not.
      keepalive: true,
      signal,
    })
    this.#bytesSent += body.byteLength
    if (!response.ok) await this.#refuse(response, batch)
    else {
      const { ackedThrough, models } = parseEventAck(await readJson(response, 'INVALID_RESPONSE'))
      if (ackedThrough < batch.firstSeq) {
        throw new VitrineError(
          'INVALID_RESPONSE',
          `the endpoint accepted events from ${batch.firstSeq} on but acknowledged only through ${ackedThrough}; they stay in the log`,
        )
      }
      await log.acknowledge(batch, ackedThrough)
      onModels(models)
    }
  }

  async #refuse(response: Response, { events }: PendingBatch): Promise<void> {
    const { now } = this.#options.platform
    const { status } = response
    if (status === 410) {
      // The device was erased from another tab or by its owner at the endpoint: begin anew, as nobody.
      await this.#options.log.erase()
      return
    }
    const error = await refusal(response, 'ENDPOINT_REFUSED', `${events.length} events were not accepted`)
    if (isTemporary(status)) this.#notBefore = now() + retryAfterMs(response.headers, now())
    else this.#refusal = { status, message: error.message, at: now() }
    throw error
  }
}

async function gzip(text: string): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream('gzip'))
  return new Uint8Array(await new Response(stream).arrayBuffer())
}
