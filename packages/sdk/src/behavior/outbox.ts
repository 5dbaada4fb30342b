/** Where a log is sent from: the sync, once the network file is there that holds it. */
import type { Refusal } from './log.ts'
import type { EventSync, SyncOptions } from './sync.ts'

/** What behaviour needs of the endpoint. It is in the network file, which comes after the first list. */
export interface BehaviorNetwork {
  createSync(options: OutboxOptions): EventSync
  /** Asks the endpoint to forget a device. @throws `VitrineError('NETWORK_FAILED')` or `('ENDPOINT_REFUSED')`. */
  eraseDevice(device: string): Promise<void>
}

/** The network file on its way. */
export interface NetworkSource<N> {
  /** Resolves when somebody has loaded it, and never rejects. */
  readonly loaded: Promise<N>
  /** Loads it now. @throws `VitrineError('NETWORK_FAILED')` or `('WORKER_FAILED')`; the next call tries again. */
  load(): Promise<N>
}

/** What {@link Outbox} works on. */
export type OutboxOptions = Pick<SyncOptions, 'log' | 'onModels' | 'onError'>

/** What is left to send of one log. Until the network file is there it remembers what was asked of it. */
export class Outbox {
  readonly #network: NetworkSource<BehaviorNetwork>
  readonly #onError: (error: unknown) => void
  #sync: EventSync | undefined
  #scheduled = false
  #stopped = false

  constructor(network: NetworkSource<BehaviorNetwork>, options: OutboxOptions) {
    this.#network = network
    this.#onError = options.onError
    void network.loaded.then((loaded) => {
      this.#sync = loaded.createSync(options)
      if (this.#stopped) this.#sync.stop()
      else if (this.#scheduled) this.#sync.schedule()
    })
  }

  get refusal(): Refusal | undefined {
    return this.#sync?.refusal
  }

  /** Bytes of request bodies sent, after gzip. */
  get bytesSent(): number {
    return this.#sync?.bytesSent ?? 0
  }

  /** Sends soon. That alone loads nothing: a first list has no business behind a batch of events. */
  schedule(): void {
    this.#scheduled = true
    this.#sync?.schedule()
  }

  /** Sends now what waits, unless the endpoint asked for patience. */
  hurry(): void {
    this.#loadSync().then((sync) => sync.hurry(), this.#onError)
  }

  /** Sends everything that waits. @throws `VitrineError('NETWORK_FAILED')` or `('ENDPOINT_REFUSED')`. */
  async flush(): Promise<void> {
    await (await this.#loadSync()).flush()
  }

  /** Ends sending, a request under way included. */
  stop(): void {
    this.#stopped = true
    this.#sync?.stop()
  }

  async #loadSync(): Promise<EventSync> {
    await this.#network.load()
    await this.#network.loaded // The constructor's own wait for it came first.
    return this.#sync!
  }
}
