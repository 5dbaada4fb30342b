/** What `diagnostics()` answers, and the small recorders behind it. */
import type { ErrorCode, VitrineError } from '@vitrine/contracts'
import type { KernelDevice } from '@vitrine/kernels'
import type { EncoderName, EngineDevice } from '@vitrine/recommender'
import { isCoded } from './coded.ts'
import type { Consent } from './behavior/consent.ts'
import type { Refusal, SetAside } from './behavior/log.ts'
import type { Rejection } from './models/store.ts'
import type { TrustStatus } from './models/trust.ts'
import type { DownloadCounts } from './models/download.ts'
import type { PlacementStatus } from './placement/surroundings.ts'
import type { StorageStatus } from './storage/database.ts'

/**
 * Where the heavy part runs: a `worker` from the page's own origin, a `blob-worker` that imports the file from
 * another origin, or the `main-thread`, when the page's policy allows neither.
 */
export type WorkerHost = 'worker' | 'blob-worker' | 'main-thread'

/** Durations in milliseconds over the last {@link LATENCY_SAMPLES} calls; null before the first one. */
export interface Latency {
  /** Calls measured in all. */
  count: number
  last: number | null
  p50: number | null
  p99: number | null
}

/** An error that was survived. */
export interface RecordedError {
  /** `INTERNAL` for one that Vitrine did not foresee. */
  code: ErrorCode
  message: string
  /** Unix ms. */
  at: number
}

/** Everything about the state of a recommender that helps to find out why it does what it does. */
export interface Diagnostics {
  /** Versions of page entry and worker; equal, or the recommender would not have started. */
  versions: { page: string; worker: string }
  worker: {
    host: WorkerHost
    url: string
    /** Why the places before `host` were not taken; empty where the first one served. */
    why: string[]
  }
  consent: Consent
  online: boolean
  model: {
    id: string
    /** Revision in use; null before the first one. */
    revision: string | null
    /** Revision kept for a way back. */
    previous: string | null
    /** What computes the scores. */
    device: KernelDevice | null
    /** What computes query embeddings, and on what: the built-in encoder, or the engine that the manifest names. */
    encoder: { name: EncoderName; device: EngineDevice } | null
    /** Why the devices before it, or the manifest's engine, do not serve, as `device: reason`; empty where the first one does. */
    why: string[]
    items: number
    /** True while the lists of a first visit come from the starter of a revision that is on its way. */
    isStarter: boolean
    /** Where the revision in use came from in this page's life. */
    origin: 'storage' | 'network' | null
    /** Who vouches for the revision in use. */
    trust: TrustStatus
    /** What downloads came to in this page's life. */
    downloads: DownloadCounts
    /** How often a revision was refused in this page's life, by code. */
    refused: Partial<Record<ErrorCode, number>>
    /** A revision that did not work on this device: it is not tried again by itself. */
    rejected: Rejection | null
  }
  /**
   * How the model's device was chosen: what each one was measured to take, and why it does or does not serve. Null
   * where `devices` names them, and before the first look, some seconds after the first model came.
   */
  placement: PlacementStatus | null
  bytes: {
    /** Artifacts of the revision in use. */
    model: number
    /** Artifacts downloaded in this page's life, before any content encoding. */
    downloaded: number
    /** Bodies of event batches sent in this page's life, after gzip. */
    uploaded: number
  }
  /** `kind: 'memory'` comes with `why`. `persisted`: the browser promised not to evict this origin. */
  storage: { events: StorageStatus; model: StorageStatus; persisted: boolean | null }
  /**
   * Two sums that hold at any time: `stored = waiting + acknowledged + dropped.overflow + dropped.refused` over the
   * current epoch and all tabs; `page.offered = page.stored + dropped.invalid + dropped.withoutConsent +
   * dropped.failed` over this page's life, while no `track()` is under way.
   */
  events: {
    /** Events stored since the epoch began. */
    stored: number
    /** Stored and not acknowledged yet. */
    waiting: number
    acknowledged: number
    dropped: {
      /** Oldest ones, because the log was full. */
      overflow: number
      /** The endpoint refuses them one by one. */
      refused: number
      /** They did not parse; `track()` rejected. */
      invalid: number
      /** They came without consent: remembered until the page ends, never stored or sent. */
      withoutConsent: number
      /** Storage broke in a way that memory could not stand in for; `track()` rejected. */
      failed: number
    }
    page: {
      /** Calls of `track()`. */
      offered: number
      /** Those whose event was stored. */
      stored: number
    }
    /** Set while the endpoint refuses this page's events as a whole; they are kept, and it is asked again in an hour. */
    refused: Refusal | null
    /** The newest events that count as `dropped.refused`, with what the endpoint said. */
    setAside: readonly SetAside[]
  }
  latency: {
    /** `recommend()` inside the worker. */
    worker: Latency
    /** `recommend()` as the page sees it, the hop included. */
    roundTrip: Latency
  }
  errors: {
    /** How often each code occurred. */
    counts: Partial<Record<ErrorCode, number>>
    /** The newest ones, oldest first. */
    last: RecordedError[]
  }
}

/** The part of {@link Diagnostics} that the worker knows. */
export type WorkerDiagnostics = Omit<Diagnostics, 'versions' | 'worker' | 'latency'> & {
  version: string
  latency: Latency
}

/** Calls over which percentiles are taken. */
const LATENCY_SAMPLES = 128
const LAST_ERRORS = 8

/** A ring of durations. */
export class LatencyRing {
  readonly #samples: Float64Array = new Float64Array(LATENCY_SAMPLES)
  #count = 0

  /** Adds one duration in ms. */
  add(ms: number): void {
    this.#samples[this.#count++ % LATENCY_SAMPLES] = ms
  }

  summary(): Latency {
    const count = this.#count
    if (count === 0) return { count, last: null, p50: null, p99: null }
    const sorted = this.#samples.subarray(0, Math.min(count, LATENCY_SAMPLES)).toSorted()
    const at = (share: number): number => sorted[Math.ceil(share * sorted.length) - 1]!
    return { count, last: this.#samples[(count - 1) % LATENCY_SAMPLES]!, p50: at(0.5), p99: at(0.99) }
  }
}

/** Counts the errors that were survived and keeps the newest. */
export class ErrorRecord {
  readonly #now: () => number
  readonly #counts: Partial<Record<ErrorCode, number>> = {}
  readonly #last: RecordedError[] = []

  constructor(now: () => number) {
    this.#now = now
  }

  add(error: unknown): void {
    const { code, message } = isCoded(error) ? error : unforeseen(error)
    this.#counts[code] = (this.#counts[code] ?? 0) + 1
    this.#last.push({ code, message, at: this.#now() })
    if (this.#last.length > LAST_ERRORS) this.#last.shift()
  }

  summary(): Diagnostics['errors'] {
    return { counts: { ...this.#counts }, last: [...this.#last] }
  }
}

function unforeseen(error: unknown): Pick<VitrineError, 'code' | 'message'> {
  return { code: 'INTERNAL', message: String(error) }
}
