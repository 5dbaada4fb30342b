/** The behaviour log: append-only, bounded, durable before `append` resolves, and safe with several tabs open. */
import { type BehaviorEvent, MAX_BATCH_EVENTS, parseEventInput } from '@vitrine/contracts'
import type { HistoryEvent } from '@vitrine/recommender'
import type { Database, Migration, Transaction } from '../storage/database.ts'
import { type PendingBatch, fitting } from './batch.ts'
import { HISTORY, readHistory, remember } from './history.ts'
import { type Pace, UNKNOWN_PACE_MS, nextPace } from './pace.ts'

/** Events kept while they wait for the endpoint; beyond it the oldest are dropped and counted. */
const MAX_WAITING_EVENTS = 10_000
/** Refused events that are kept to be looked at. */
const MAX_SET_ASIDE = 20

const META = 'meta'
/** Events that the endpoint refused one by one. */
const SET_ASIDE = 'set-aside'
/** Unix ms before which the endpoint asked to be left alone. */
const NOT_BEFORE = 'not-before'
/** Device ids whose erasure the endpoint has not confirmed yet. */
const ERASED = 'erased'
const FIRST_SEQ = 1
const LAST_SEQ = Number.MAX_SAFE_INTEGER

/** The log's one row of bookkeeping. Waiting events are those from `oldest` to `next - 1`, without gaps. */
interface Meta {
  device: string
  epoch: string
  oldest: number
  next: number
  acknowledged: number
  /** Dropped because the log was full. */
  overflowed: number
  /** Set aside because the endpoint refuses them. */
  refused: number
  /** Missing before the first time that everything was sent. */
  pace?: Pace
}

/** Schema 2 counts what was refused. */
export const LOG_MIGRATIONS: readonly Migration[] = [
  async (rows) => {
    const meta = await rows.get(META)
    if (meta) rows.put(META, { ...meta, refused: 0 })
  },
]

/** Why the endpoint did not take a batch. */
export interface Refusal {
  status: number
  message: string
  /** Unix ms. */
  at: number
}

/** An event that the endpoint refuses, and why. */
export interface SetAside {
  event: BehaviorEvent
  refusal: Refusal
}

/** Counts of this epoch: `stored = waiting + acknowledged + overflowed + refused`. */
export interface LogCounts {
  stored: number
  waiting: number
  acknowledged: number
  overflowed: number
  refused: number
}

/** What came of an append. */
export interface Appended {
  /** False when the event was not kept for sending. */
  kept: boolean
  /** True when the event says something about the shopper's taste. */
  changedHistory: boolean
}

/** What {@link BehaviorLog} takes from its surroundings. */
export interface LogOptions {
  now: () => number
  randomId: () => string
  maxWaiting?: number
  /** False keeps the history alone: without consent no event waits to be sent. */
  keepEvents?: boolean
}

/** The log of one shop on one device. Every method is one transaction. */
export class BehaviorLog {
  readonly #database: Database
  readonly #now: () => number
  readonly #randomId: () => string
  readonly #maxWaiting: number
  readonly #keepEvents: boolean
  /** Devices that this page wrote as: their erasure is asked for also where storage was evicted under it. */
  readonly #devices = new Set<string>()
  /** Cached, because every list needs it; undefined after a write. */
  #history: Promise<readonly HistoryEvent[]> | undefined
  #closed = false

  constructor(
    database: Database,
    { now, randomId, maxWaiting = MAX_WAITING_EVENTS, keepEvents = true }: LogOptions,
  ) {
    this.#database = database
    this.#now = now
    this.#randomId = randomId
    this.#maxWaiting = maxWaiting
    this.#keepEvents = keepEvents
  }

  /**
   * Stores one event; resolves after its transaction completed.
   *
   * @throws `VitrineError('INVALID_EVENT')`.
   */
  async append(input: unknown): Promise<Appended> {
    const event = parseEventInput(input)
    const at = event.at ?? Math.round(this.#now())
    const appended = await this.#database.transact('readwrite', async (transaction) => {
      if (this.#closed) return { kept: false, changedHistory: false }
      const meta = await this.#meta(transaction)
      const before = await readHistory(transaction)
      const after = remember(before, { ...event, at })
      if (after !== before) transaction.put(HISTORY, after)
      if (this.#keepEvents) {
        transaction.put(meta.next, { ...event, at, seq: meta.next })
        meta.next++
        if (meta.next - meta.oldest > this.#maxWaiting) {
          transaction.delete(meta.oldest)
          meta.oldest++
          meta.overflowed++
        }
      }
      transaction.put(META, meta)
      return { kept: this.#keepEvents, changedHistory: after !== before }
    })
    if (appended.changedHistory) this.#history = undefined
    return appended
  }

  /** Under which the endpoint knows this device; undefined before its first event, and where nothing is kept. */
  async device(): Promise<string | undefined> {
    if (!this.#keepEvents) return undefined
    return (await this.#database.transact('readonly', readMeta))?.device
  }

  /** The shopper's recent events, oldest first. */
  history(): Promise<readonly HistoryEvent[]> {
    this.#history ??= this.#database.transact('readonly', readHistory)
    return this.#history
  }

  /** Reads the history anew next time: another tab wrote. */
  forgetCachedHistory(): void {
    this.#history = undefined
  }

  /** Returns the oldest waiting events, at most `limit`, that fit one batch; undefined when none waits. */
  async nextBatch(limit: number = MAX_BATCH_EVENTS): Promise<PendingBatch | undefined> {
    return this.#database.transact('readonly', async (transaction) => {
      const meta = await readMeta(transaction)
      if (!meta || meta.oldest === meta.next) return undefined
      const rows = (await transaction.range(meta.oldest, meta.next - 1, limit)) as BehaviorEvent[]
      const events = fitting(rows)
      return events[0] && { device: meta.device, epoch: meta.epoch, firstSeq: events[0].seq, events }
    })
  }

  /** Deletes what the endpoint has stored. An answer to an epoch that was erased meanwhile changes nothing. */
  async acknowledge({ epoch, events }: PendingBatch, ackedThrough: number): Promise<void> {
    await this.#database.transact('readwrite', async (transaction) => {
      const meta = await readMeta(transaction)
      // Never beyond what this batch sent: an endpoint's mistake must not cost events.
      const through = Math.min(ackedThrough, events.at(-1)!.seq)
      if (meta?.epoch !== epoch || through < meta.oldest) return
      transaction.delete(meta.oldest, through)
      meta.acknowledged += through + 1 - meta.oldest
      meta.oldest = through + 1
      if (meta.oldest === meta.next) meta.pace = nextPace(meta.pace, this.#now())
      transaction.put(META, meta)
    })
  }

  /** Takes the oldest waiting event out of the way, and keeps it and the reason for a look: others go on. */
  async setAside({ epoch, events: [event] }: PendingBatch, refusal: Refusal): Promise<void> {
    await this.#database.transact('readwrite', async (transaction) => {
      const meta = await readMeta(transaction)
      if (meta?.epoch !== epoch || event?.seq !== meta.oldest) return // Another tab was first.
      const before = await readSetAside(transaction)
      transaction.put(SET_ASIDE, [...before, { event, refusal }].slice(-MAX_SET_ASIDE))
      transaction.delete(meta.oldest)
      transaction.put(META, { ...meta, oldest: meta.oldest + 1, refused: meta.refused + 1 })
    })
  }

  /** The newest events that were set aside, oldest first. */
  async setAsideEvents(): Promise<readonly SetAside[]> {
    return this.#database.transact('readonly', readSetAside)
  }

  /** Notes that the endpoint asked to be left alone until `until`, Unix ms. */
  async postpone(until: number): Promise<void> {
    await this.#database.transact('readwrite', async (transaction) => transaction.put(NOT_BEFORE, until))
  }

  /** Mean time between two moments at which everything was sent, in ms. */
  async paceMs(): Promise<number> {
    return (await this.#database.transact('readonly', readMeta))?.pace?.everyMs ?? UNKNOWN_PACE_MS
  }

  /** Unix ms; 0 when the endpoint asked for no patience. */
  async postponedUntil(): Promise<number> {
    const until = await this.#database.transact('readonly', (transaction) => transaction.get(NOT_BEFORE))
    return (until as number | undefined) ?? 0
  }

  /**
   * Erases events, history and identity in one transaction, and notes whose erasure the endpoint must confirm.
   * With `of`, only while the log is that device's; `also` are further devices to note.
   */
  async erase({ of, also = [] }: { of?: string; also?: readonly string[] } = {}): Promise<void> {
    await this.#database.transact('readwrite', async (transaction) => {
      const meta = await readMeta(transaction)
      if (of !== undefined && meta?.device !== of) return
      const erased = new Set([...(await readErased(transaction)), ...this.#devices, ...also])
      if (meta && this.#keepEvents) erased.add(meta.device)
      transaction.clear()
      if (erased.size > 0) transaction.put(ERASED, [...erased])
    })
    this.#devices.clear()
    this.#history = undefined
  }

  /** True when nothing is kept, not even a note on whom to erase. */
  async isEmpty(): Promise<boolean> {
    return (await this.#database.transact('readonly', (transaction) => transaction.keys())).length === 0
  }

  /** Refuses what arrives from now on: consent is gone. */
  close(): void {
    this.#closed = true
  }

  /** Devices whose erasure the endpoint has not confirmed. */
  async erasedDevices(): Promise<readonly string[]> {
    return this.#database.transact('readonly', readErased)
  }

  /** Notes that the endpoint confirmed the erasure of `device`. */
  async confirmErased(device: string): Promise<void> {
    await this.#database.transact('readwrite', async (transaction) => {
      const left = (await readErased(transaction)).filter((other) => other !== device)
      if (left.length > 0) transaction.put(ERASED, left)
      else transaction.delete(ERASED)
    })
  }

  async counts(): Promise<LogCounts> {
    const meta = await this.#database.transact('readonly', readMeta)
    if (!meta) return { stored: 0, waiting: 0, acknowledged: 0, overflowed: 0, refused: 0 }
    const { oldest, next, acknowledged, overflowed, refused } = meta
    return { stored: next - FIRST_SEQ, waiting: next - oldest, acknowledged, overflowed, refused }
  }

  /**
   * Missing bookkeeping means that storage was evicted, or erased from another tab: a new epoch, so that `seq` may
   * start over, of a new device, because the endpoint takes nothing more from an erased one.
   */
  async #meta(transaction: Transaction): Promise<Meta> {
    const stored = await readMeta(transaction)
    const meta = stored
      ? { ...stored }
      : {
          device: this.#randomId(),
          epoch: this.#randomId(),
          oldest: FIRST_SEQ,
          next: FIRST_SEQ,
          acknowledged: 0,
          overflowed: 0,
          refused: 0,
        }
    if (!stored) transaction.delete(FIRST_SEQ, LAST_SEQ)
    if (this.#keepEvents) this.#devices.add(meta.device)
    return meta
  }
}

async function readMeta(transaction: Transaction): Promise<Meta | undefined> {
  return (await transaction.get(META)) as Meta | undefined
}

async function readSetAside(transaction: Transaction): Promise<readonly SetAside[]> {
  return ((await transaction.get(SET_ASIDE)) as SetAside[] | undefined) ?? []
}

async function readErased(transaction: Transaction): Promise<readonly string[]> {
  return ((await transaction.get(ERASED)) as string[] | undefined) ?? []
}
