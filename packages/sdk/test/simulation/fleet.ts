/** Thousands of devices on one clock that steps by seconds: the sync's own code, one event at a time each. */
import { BehaviorLog } from '../../src/behavior/log.ts'
import { EventSync } from '../../src/behavior/sync.ts'
import type { Platform } from '../../src/platform.ts'
import { createMemoryDatabase } from '../../src/storage/memory.ts'
import { turn } from './node.ts'

/** Real ms without a request after which the timers that fired had nothing to send. */
const NOTHING_TO_SEND_MS = 6

/** One device of the fleet. */
export interface FleetDevice {
  log: BehaviorLog
  sync: EventSync
}

/** Answers one request at Unix ms `now`; throws where there is no way to it. */
export type FleetEndpoint = (now: number) => Response

/** See above. */
export class Fleet {
  /** Unix ms. */
  now = 0
  /** Requests by the second in which they were made. */
  readonly requests: number[] = []
  readonly #timers = new Map<number, { callback: () => void; isSet: boolean }[]>()
  readonly #answer: FleetEndpoint
  readonly #random: () => number
  #sending = 0

  constructor(answer: FleetEndpoint, random: () => number) {
    this.#answer = answer
    this.#random = random
  }

  addDevice(): FleetDevice {
    const platform: Pick<Platform, 'now' | 'random' | 'setTimer' | 'locks'> = {
      now: () => this.now,
      random: this.#random,
      setTimer: (callback, ms) =>
        this.at(this.now + ms, () => {
          this.#sending++
          callback()
        }),
      locks: undefined,
    }
    const log = new BehaviorLog(createMemoryDatabase('simulated'), {
      now: platform.now,
      randomId: () => '0'.repeat(32),
    })
    const sync = new EventSync({
      log,
      endpoint: { url: '', request: async () => this.#request() },
      platform,
      onModels: () => undefined,
      onError: () => undefined, // The endpoint counts what it refuses.
    })
    return { log, sync }
  }

  /** Calls `callback` in the second of `at`, Unix ms; returns a way to forget it. */
  at(at: number, callback: () => void): () => void {
    const second = Math.ceil(at / 1000)
    const timer = { callback, isSet: true }
    const timers = this.#timers.get(second)
    if (timers) timers.push(timer)
    else this.#timers.set(second, [timer])
    return () => (timer.isSet = false)
  }

  /** Lets `seconds` pass. */
  async run(seconds: number): Promise<void> {
    const until = this.now / 1000 + seconds
    for (let second = this.now / 1000 + 1; second <= until; second++) {
      this.now = second * 1000
      for (const { callback, isSet } of this.#timers.get(second) ?? []) if (isSet) callback()
      this.#timers.delete(second)
      await this.#rest()
    }
  }

  /** The most requests within 10 seconds between the two moments, Unix ms, as a rate a second. */
  peak(from: number, to: number): number {
    let peak = 0
    for (let second = from / 1000; second + 10 <= to / 1000; second++) {
      peak = Math.max(peak, this.count(second * 1000, (second + 10) * 1000) / 10)
    }
    return peak
  }

  count(from: number, to: number): number {
    let count = 0
    for (let second = from / 1000; second < to / 1000; second++) count += this.requests[second] ?? 0
    return count
  }

  /** What follows an answer takes a few turns; compressing a body, another thread; a timer may find nothing to send. */
  async #rest(): Promise<void> {
    let since = performance.now()
    let before = this.#sending
    for (let quiet = 0; quiet < 4; quiet = this.#sending > 0 ? 0 : quiet + 1) {
      await turn()
      if (this.#sending !== before) {
        before = this.#sending
        since = performance.now()
      } else if (performance.now() - since > NOTHING_TO_SEND_MS) this.#sending = 0
    }
  }

  #request(): Response {
    const second = Math.floor(this.now / 1000)
    this.requests[second] = (this.requests[second] ?? 0) + 1
    queueMicrotask(() => this.#sending--)
    return this.#answer(this.now)
  }
}
