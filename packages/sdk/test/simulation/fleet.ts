/** Thousands of devices on one clock that steps by seconds: the sync's own code, one event at a time each. */
import { BehaviorLog } from '../../src/behavior/log.ts'
import { EventSync } from '../../src/behavior/sync.ts'
import type { Platform } from '../../src/platform.ts'
import { createMemoryDatabase } from '../../src/storage/memory.ts'
import { turn } from './node.ts'

/** Turns of the event loop without a request after which nobody is about to make one. */
const QUIET_TURNS = 4

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
  /** Timers and requests of the present second: one may lead to another. */
  #steps = 0

  constructor(answer: FleetEndpoint, random: () => number) {
    this.#answer = answer
    this.#random = random
  }

  addDevice(): FleetDevice {
    const platform: Pick<Platform, 'now' | 'random' | 'setTimer' | 'locks'> = {
      now: () => this.now,
      random: this.#random,
      setTimer: (callback, ms) => this.at(this.now + ms, callback),
      locks: undefined,
    }
    const log = new BehaviorLog(createMemoryDatabase('simulated'), {
      now: platform.now,
      randomId: () => '0'.repeat(32),
    })
    const encoder = new TextEncoder()
    const sync = new EventSync({
      log,
      endpoint: { url: '', request: async () => this.#request() },
      platform,
      onModels: () => undefined,
      onError: () => undefined, // The endpoint counts what it refuses.
      // As it is: gzip would go to another thread, a hundred thousand times.
      compress: async (text) => encoder.encode(text),
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
      for (const { callback, isSet } of this.#timers.get(second) ?? []) {
        if (!isSet) continue
        this.#steps++
        callback()
      }
      this.#timers.delete(second)
      await this.#rest()
    }
  }

  /** The most requests within `seconds` between two moments, Unix ms, as a rate a second. */
  peak(from: number, to: number, seconds: number): number {
    let peak = 0
    for (let second = from / 1000; second + seconds <= to / 1000; second++) {
      peak = Math.max(peak, this.count(second * 1000, (second + seconds) * 1000) / seconds)
    }
    return peak
  }

  count(from: number, to: number): number {
    let count = 0
    for (let second = from / 1000; second < to / 1000; second++) count += this.requests[second] ?? 0
    return count
  }

  /** Nothing here waits for anything but the event loop, so a few of its turns see everything to its end. */
  async #rest(): Promise<void> {
    if (this.#steps === 0) return
    for (let quiet = 0; quiet < QUIET_TURNS; quiet++) {
      if (this.#steps > 0) quiet = 0
      this.#steps = 0
      await turn()
    }
  }

  #request(): Response {
    this.#steps++
    const second = Math.floor(this.now / 1000)
    this.requests[second] = (this.requests[second] ?? 0) + 1
    return this.#answer(this.now)
  }
}
