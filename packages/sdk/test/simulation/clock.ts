/** A clock that stands still until it is moved. */
import type { CancelTimer } from '../../src/platform.ts'

/** Where a simulation begins, Unix ms. */
const START = Date.UTC(2026, 0, 1)

/** One clock for all devices of a simulation; what a device believes may differ. */
export class SimulatedClock {
  #now = START
  readonly #timers = new Set<{ at: number; callback: () => void }>()

  /** Unix ms. */
  get now(): number {
    return this.#now
  }

  /** Ms until the next timer; undefined when none is set. */
  get untilNext(): number | undefined {
    if (this.#timers.size === 0) return undefined
    return Math.min(...[...this.#timers].map(({ at }) => at)) - this.#now
  }

  readonly setTimer = (callback: () => void, ms: number): CancelTimer => {
    const timer = { at: this.#now + Math.max(0, ms), callback }
    this.#timers.add(timer)
    return () => void this.#timers.delete(timer)
  }

  /** Resolves after `ms` of this clock. */
  wait(ms: number): Promise<void> {
    return new Promise((resolve) => this.setTimer(resolve, ms))
  }

  /** Moves on by `ms` and runs what is due, in order; `settle` lets what each timer began come to rest. */
  async advance(ms: number, settle: () => Promise<void>): Promise<void> {
    await settle()
    const until = this.#now + ms
    for (;;) {
      let due: { at: number; callback: () => void } | undefined
      for (const timer of this.#timers) {
        if (timer.at <= until && (due === undefined || timer.at < due.at)) due = timer
      }
      if (due === undefined) break
      this.#timers.delete(due)
      this.#now = Math.max(this.#now, due.at)
      due.callback()
      await settle()
    }
    this.#now = until
  }
}
