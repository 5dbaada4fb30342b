/** Consent in force: with it behaviour is logged and sent, without it nothing outlives the page. */
import type { HistoryEvent } from '@vitrine/recommender'
import { codeOf } from '../coded.ts'
import { REFUSED_PAUSE_MS, backoffMs } from '../backoff.ts'
import type { Broadcast, CancelTimer, Platform } from '../platform.ts'
import type { Database } from '../storage/database.ts'
import { createMemoryDatabase } from '../storage/memory.ts'
import type { Consent } from './consent-source.ts'
import { BehaviorLog } from './log.ts'
import { type BehaviorNetwork, type NetworkSource, Outbox } from './outbox.ts'
import type { PageCounts, ShopperStatus } from './shopper-status.ts'

export type { Consent, ConsentSource } from './consent-source.ts'

/** The durable database as this file needs it. */
export interface DurableDatabase {
  exists(): Promise<boolean>
  open(): Promise<Database>
  delete(): Promise<void>
}

/** What {@link Shopper} works on. */
export interface ShopperOptions {
  /** The endpoint's URL: channels to other tabs are named by it. */
  url: string
  network: NetworkSource<BehaviorNetwork>
  platform: Platform
  durable: DurableDatabase
  maxWaiting?: number
  onHistory: () => void
  onModels: (models: Readonly<Record<string, string>>) => void
  onError: (error: unknown) => void
}

/** What other tabs are told when a shopper is forgotten; of events they are told by an empty message. */
const FORGOTTEN = 'forgotten'

/** Log and outbox while consent stands; a memory that sends nothing while it does not. */
interface Ledger {
  database: Database
  log: BehaviorLog
  outbox: Outbox | undefined
}

/** What is known of this shopper on this device. */
export class Shopper {
  readonly #options: ShopperOptions
  readonly #broadcast: Broadcast
  readonly #page: PageCounts = { offered: 0, stored: 0, invalid: 0, withoutConsent: 0, failed: 0 }
  #consent: Consent
  #ledger: Promise<Ledger>
  /** What consent that was withdrawn still has to erase on this device. */
  #erasing: Promise<unknown> = Promise.resolve()
  /** Logs that may know of devices whose erasure no endpoint has confirmed; one may have found room in memory alone. */
  readonly #noted = new Set<BehaviorLog>()
  #cancelRetry: CancelTimer | undefined
  #disposed = false

  constructor(consent: Consent, options: ShopperOptions) {
    this.#options = options
    this.#consent = consent
    this.#broadcast = options.platform.broadcast(`vitrine-history:${options.url}`)
    this.#broadcast.listen((message) => this.#inBackground(this.#hear(message)))
    this.#ledger = consent === 'granted' ? this.#openDurable() : this.#openTransient()
    if (consent === 'denied') this.#inBackground(this.#eraseLeftovers())
  }

  /** Resolves when events can be stored. */
  async opened(): Promise<void> {
    await this.#ledger
  }

  /** Stores one event; resolves when it is durable (without consent: when it is remembered in memory). */
  async track(event: unknown): Promise<void> {
    this.#page.offered++
    const { log, outbox } = await this.#ledger
    try {
      const { kept, changedHistory } = await log.append(event)
      this.#page[kept ? 'stored' : 'withoutConsent']++
      if (changedHistory) {
        if (outbox) this.#broadcast.post('')
        this.#options.onHistory()
      }
    } catch (error) {
      this.#page[codeOf(error) === 'INVALID_EVENT' ? 'invalid' : 'failed']++
      throw error
    }
    outbox?.schedule()
  }

  async history(): Promise<readonly HistoryEvent[]> {
    return (await this.#ledger).log.history()
  }

  /** Under which the endpoint knows this device; undefined without consent, and before the first event. */
  async device(): Promise<string | undefined> {
    return (await this.#ledger).log.device()
  }

  /** Sends what waits. @throws `VitrineError('NETWORK_FAILED')` or `('ENDPOINT_REFUSED')`. */
  async flush(): Promise<void> {
    await (await this.#ledger).outbox?.flush()
  }

  /** Sends what waits if that is polite: the page goes to the background, or is online again. */
  async hurry(): Promise<void> {
    ;(await this.#ledger).outbox?.hurry()
  }

  /** Puts a new decision in force at once; resolves when what it forbids is erased from this device. */
  async setConsent(consent: Consent): Promise<void> {
    if (consent === this.#consent) return
    this.#consent = consent
    if (consent === 'granted') {
      this.#ledger = this.#erasing.then(() => this.#openDurable())
      await this.#ledger
    } else {
      const before = this.#ledger
      this.#ledger = this.#openTransient()
      const erased = this.#withdraw(before)
      this.#erasing = Promise.allSettled([erased])
      await erased
    }
    this.#options.onHistory()
  }

  /** Erases events, history and identity here, and tells the endpoint to; a new identity begins with the next event. */
  async forget(): Promise<void> {
    const before = await this.#ledger
    this.#stopSending(before)
    await this.#erase(before)
    if (before.outbox) {
      this.#broadcast.post(FORGOTTEN)
      this.#inBackground(this.#tellErased(before.log))
    }
    this.#options.onHistory()
  }

  async status(): Promise<ShopperStatus> {
    const { database, log, outbox } = await this.#ledger
    return {
      consent: this.#consent,
      storage: database.status,
      counts: await log.counts(),
      page: { ...this.#page },
      refusal: outbox?.refusal,
      setAside: await log.setAsideEvents(),
      bytesSent: outbox?.bytesSent ?? 0,
    }
  }

  /** Ends sending; resolves after every event that was tracked before is durable. */
  async dispose(): Promise<void> {
    this.#disposed = true
    this.#cancelRetry?.()
    const { log, outbox } = await this.#ledger
    outbox?.stop()
    await log.counts() // Transactions come in order: this one ends after every append before it.
    this.#broadcast.close()
  }

  async #openDurable(): Promise<Ledger> {
    const { durable, platform, maxWaiting } = this.#options
    const database = await durable.open()
    const { now, randomId } = platform
    const log = new BehaviorLog(database, { now, randomId, ...(maxWaiting !== undefined && { maxWaiting }) })
    const outbox = this.#createOutbox(log)
    outbox.schedule() // What an earlier page left behind.
    this.#inBackground(this.#tellErased(log))
    return { database, log, outbox }
  }

  async #openTransient(): Promise<Ledger> {
    const database = createMemoryDatabase('no consent to store')
    const { now, randomId } = this.#options.platform
    return {
      database,
      log: new BehaviorLog(database, { now, randomId, keepEvents: false }),
      outbox: undefined,
    }
  }

  #createOutbox(log: BehaviorLog): Outbox {
    const { network, onModels, onError } = this.#options
    return new Outbox(network, { log, onModels, onError })
  }

  async #withdraw(before: Promise<Ledger>): Promise<void> {
    const ledger = await before
    ledger.outbox?.stop()
    ledger.log.close()
    await this.#erase(ledger)
    this.#inBackground(this.#tellErased(ledger.log))
  }

  async #erase({ database, log, outbox }: Ledger): Promise<void> {
    await log.erase()
    // A disk that failed still holds what was stored before it did.
    if (outbox && database.status.kind === 'memory') await this.#eraseLeftovers(await log.erasedDevices())
  }

  /** Erases what an earlier page, or this one before its disk failed, left behind. */
  async #eraseLeftovers(also: readonly string[] = []): Promise<void> {
    const { durable, platform } = this.#options
    if (!(await durable.exists())) return
    const database = await durable.open()
    const log = new BehaviorLog(database, platform)
    // Read first: where erasing fails for want of room, memory must still know whose erasure to ask for.
    const device = await log.device()
    const noted = [...also, ...(await log.erasedDevices()), ...(device === undefined ? [] : [device])]
    await log.erase({ also: noted })
    if (database.status.kind === 'memory') await durable.delete() // Not even the note found room.
    await this.#tellErased(log)
  }

  /** Tells the endpoint which devices to erase, until it confirms; then leaves no database behind without consent. */
  async #tellErased(log: BehaviorLog, attempt = 1): Promise<void> {
    this.#noted.add(log)
    this.#cancelRetry?.()
    const { network, platform, onError, durable } = this.#options
    try {
      for (const noted of this.#noted) {
        for (const device of await noted.erasedDevices()) {
          await (await network.load()).eraseDevice(device)
          await noted.confirmErased(device)
        }
        this.#noted.delete(noted)
      }
    } catch (error) {
      if (this.#disposed) return
      onError(error)
      const isRefused = codeOf(error) === 'ENDPOINT_REFUSED'
      const ms = isRefused ? REFUSED_PAUSE_MS : backoffMs(attempt, platform.random)
      const retry = (): void => this.#inBackground(this.#tellErased(log, attempt + 1))
      this.#cancelRetry = platform.setTimer(retry, ms)
      return
    }
    // Another tab may have begun anew by now.
    if (this.#consent === 'denied' && (await log.isEmpty())) await durable.delete()
  }

  /** Another tab tracked an event, or forgot them all. */
  async #hear(message: string): Promise<void> {
    const ledger = await this.#ledger
    const { database, log, outbox } = ledger
    // What this page keeps in memory, because its disk failed, the other one cannot erase.
    if (message === FORGOTTEN && outbox && database.status.kind === 'memory') {
      this.#stopSending(ledger)
      await log.erase()
      this.#inBackground(this.#tellErased(log))
    }
    log.forgetCachedHistory()
    this.#options.onHistory()
  }

  /** Ends what is under way; what is tracked from now on goes out anew. */
  #stopSending(ledger: Ledger): void {
    ledger.outbox?.stop()
    this.#ledger = Promise.resolve({ ...ledger, outbox: ledger.outbox && this.#createOutbox(ledger.log) })
  }

  #inBackground(work: Promise<void>): void {
    work.catch((error: unknown) => this.#options.onError(error))
  }
}
