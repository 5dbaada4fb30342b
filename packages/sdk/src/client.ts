/** The recommender as a page sees it: each call is one hop to the worker, and settles whatever happens there. */
import {
  type BehaviorEventInput,
  type RecommendRequest,
  type RecommendResult,
  VitrineError,
} from '@vitrine/contracts'
import { proxy } from 'comlink'
import type { Consent, ConsentSource } from './behavior/consent.ts'
import { type Diagnostics, LatencyRing } from './diagnostics.ts'
import type { UpdateResult } from './models/active.ts'
import { type RecommenderOptions, checkOptions, currentConsent, watchConsent } from './options.ts'
import { preload } from './preload.ts'
import { renewJournal } from './renew-journal.ts'
import type { WorkerNews, WorkerOptions } from './worker/protocol.ts'
import { type Connection, spawn } from './worker/spawn.ts'
import { VERSION } from './version.ts'

/** What a page asks for, with a way to give up. */
export type RecommendCall = RecommendRequest & { signal?: AbortSignal | undefined }

/** Told what made earlier lists stale. */
export type ChangeListener = (change: 'model' | 'history') => void

/** Recommendations for one shopper, computed on this device. */
export interface Recommender {
  /**
   * Resolves when the first model is in use. Rejects when none could be had; the recommender goes on trying
   * and says so by `change`. Until then `recommend()` answers with the page's own list, and on a first visit from
   * the model's starter as soon as that is there: a `change` tells, and lists say `starter: true`.
   */
  readonly ready: Promise<void>
  /**
   * Stores an event; resolves when it is durable (without consent: when it is remembered in memory).
   *
   * @throws `VitrineError('INVALID_EVENT')`, `('WORKER_FAILED')`, `('DISPOSED')`.
   */
  track(event: BehaviorEventInput): Promise<void>
  /**
   * Returns up to `k` items, best first, and says in `source` where they came from. Never rejects for want of
   * a model or a network.
   *
   * @throws `VitrineError('INVALID_REQUEST')`, `('WORKER_FAILED')`, `('DISPOSED')`; the signal's reason.
   */
  recommend(request: RecommendCall): Promise<RecommendResult>
  /** Calls `listener` whenever a new model or history makes lists stale; returns a function that ends it. */
  on(event: 'change', listener: ChangeListener): () => void
  /** Looks for a newer model and puts it in use. @throws the code of what stood in the way; the model in use stays. */
  update(): Promise<UpdateResult>
  /** Sends the events that wait. @throws `VitrineError('NETWORK_FAILED')` or `('ENDPOINT_REFUSED')`; they stay. */
  flush(): Promise<void>
  /** Erases events, history and identity on this device in one transaction, and tells the endpoint to. */
  forget(): Promise<void>
  diagnostics(): Promise<Diagnostics>
  /** Ends the worker, after events that were tracked before are durable. */
  dispose(): Promise<void>
}

/**
 * Starts a recommender. Resolves when the worker runs and events can be stored; the model loads meanwhile.
 *
 * @throws `VitrineError('INVALID_OPTIONS')`, `('WORKER_FAILED')`; the signal's reason when aborted.
 * @example
 * ```ts
 * const recommender = await createRecommender({
 *   endpoint: 'https://edge.shop.example',
 *   model: 'online-retail',
 *   key: 'pk_live_…',
 *   consent: 'granted',
 * })
 * await recommender.track({ type: 'view', item: '85123A' })
 * const { items, source } = await recommender.recommend({ placement: 'home', k: 12 })
 * ```
 */
export async function createRecommender(options: RecommenderOptions): Promise<Recommender> {
  const { signal, onProgress } = options
  signal?.throwIfAborted()
  if (typeof document === 'undefined') {
    throw new VitrineError(
      'WORKER_FAILED',
      'createRecommender runs in a browser; on a server, render without it',
    )
  }
  const { worker, consent, workerUrl } = checkOptions(options, document.baseURI)
  // Bundlers know this form and copy the files; they are those beside the page's entry.
  const url = workerUrl ?? new URL('./worker.js', import.meta.url).href
  const beside = (file: string, own: () => URL): string => (workerUrl ? new URL(file, workerUrl) : own()).href
  const networkUrl = beside('network.js', () => new URL('./network.js', import.meta.url))
  const files = {
    networkUrl,
    webgpuUrl: beside('webgpu.js', () => new URL('./webgpu.js', import.meta.url)),
    scalarUrl: beside('scalar.js', () => new URL('./scalar.js', import.meta.url)),
    shelvesUrl: beside('shelves.js', () => new URL('./shelves.js', import.meta.url)),
    placementUrl: beside('placement.js', () => new URL('./placement.js', import.meta.url)),
    shardUrl: beside('shard.js', () => new URL('./shard.js', import.meta.url)),
    ed25519Url: beside('ed25519.js', () => new URL('./ed25519.js', import.meta.url)),
  }
  // Listeners are the page's own code: an EventTarget reports what one throws and goes on with the next.
  const news = new EventTarget()
  if (onProgress) {
    listen(news, 'progress', (report) => {
      if (report.kind === 'progress') onProgress(report.progress)
    })
  }
  const tell = (report: WorkerNews): void => {
    news.dispatchEvent(new CustomEvent(report.kind, { detail: report }))
  }
  const starting = spawn({
    url,
    open: (remote) => remote.open({ ...worker, ...files }, proxy(tell)),
    signal,
  })
  send(preload(networkUrl, worker))
  send(renewJournal(worker)) // While the worker is on its way: it is done before there is an event to store.
  const connection = await starting
  try {
    await abortable(connection.opened, signal)
  } catch (error) {
    connection.close(new VitrineError('DISPOSED', 'the start was given up'))
    throw error
  }
  const stopListening = connectPage(connection, consent, worker)
  return createClient(connection, news, stopListening)
}

function createClient(connection: Connection, news: EventTarget, stopListening: () => void): Recommender {
  const latencies = new LatencyRing()
  const ready = connection.call((remote) => remote.ready())
  ready.catch(() => {
    // The worker has recorded it; a page that does not ask is not disturbed.
  })
  let disposing: Promise<void> | undefined
  const end = async (): Promise<void> => {
    stopListening()
    try {
      await connection.call((remote) => remote.dispose())
    } finally {
      connection.close(new VitrineError('DISPOSED', 'this recommender was disposed of; create a new one'))
    }
  }

  return {
    ready,
    track: (event) => connection.call((remote) => remote.track(event)),
    async recommend({ signal, ...request }) {
      const started = performance.now()
      const answer = connection.call((remote) => remote.recommend(request))
      const result = await abortable(answer, signal)
      latencies.add(performance.now() - started)
      return result
    },
    on: (event, listener) =>
      listen(news, event, (report) => {
        if (report.kind === 'change') listener(report.change)
      }),
    update: () => connection.call((remote) => remote.update()),
    flush: () => connection.call((remote) => remote.flush()),
    forget: () => connection.call((remote) => remote.forget()),
    async diagnostics() {
      const { version, latency, ...rest } = await connection.call((remote) => remote.diagnostics())
      const { host, url, why } = connection
      return {
        versions: { page: VERSION, worker: version },
        worker: { host, url, why },
        ...rest,
        latency: { worker: latency, roundTrip: latencies.summary() },
      }
    },
    dispose: () => (disposing ??= end()),
  }
}

/** Tells the worker what only the page hears of: consent, and that it came online or goes to the background. */
function connectPage(
  connection: Connection,
  consent: Consent | ConsentSource,
  opened: Pick<WorkerOptions, 'consent' | 'storage'>,
): () => void {
  const listening = new AbortController()
  const { signal } = listening
  const onConsent = (changed: Consent): void => {
    send(renewJournal({ ...opened, consent: changed }))
    send(connection.call((remote) => remote.setConsent(changed)).then(() => keepStorage(changed)))
  }
  const wake = (reason: 'online' | 'hidden'): void => send(connection.call((remote) => remote.wake(reason)))
  const onHidden = (): void => {
    if (document.visibilityState === 'hidden') wake('hidden')
  }
  addEventListener('online', () => wake('online'), { signal })
  document.addEventListener('visibilitychange', onHidden, { signal })
  signal.addEventListener('abort', watchConsent(consent, onConsent))
  const now = currentConsent(consent)
  if (now !== opened.consent)
    onConsent(now) // It changed while the worker started.
  else send(keepStorage(now))
  return () => listening.abort()
}

/** Sends a message that nobody waits for. */
function send(message: Promise<void>): void {
  message.catch(() => {
    // The worker records what fails in it; a dead one fails the page's next call.
  })
}

/** Asks the browser not to evict this origin's storage. Firefox would ask the shopper, so it is left alone. */
async function keepStorage(consent: Consent): Promise<void> {
  if (consent === 'granted' && !navigator.userAgent.includes('Firefox')) await navigator.storage?.persist()
}

function listen(target: EventTarget, event: string, listener: (news: WorkerNews) => void): () => void {
  const onEvent = (event: Event): void => listener((event as CustomEvent<WorkerNews>).detail)
  target.addEventListener(event, onEvent)
  return () => target.removeEventListener(event, onEvent)
}

/** Settles like `promise`, or rejects with the signal's reason, whichever comes first. */
function abortable<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason as Error)
    if (signal.aborted) onAbort()
    signal.addEventListener('abort', onAbort)
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort))
  })
}
