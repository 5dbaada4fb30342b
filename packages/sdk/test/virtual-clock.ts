/** Time that passes only when a test says so: a clock and the timers on it. */

interface Timer {
  due: number
  callback: () => void
}

/** Both clocks of a platform, in milliseconds from the same start. */
export class VirtualClock {
  #now = 0
  readonly #timers = new Set<Timer>()
  /** The longest that one task took, from one timer to the next. */
  longestTask = 0

  readonly elapsed = (): number => this.#now
  readonly now = (): number => 1.8e12 + this.#now
  readonly setTimer = (callback: () => void, ms: number): (() => void) => {
    const timer = { due: this.#now + ms, callback }
    this.#timers.add(timer)
    return () => this.#timers.delete(timer)
  }

  /** Work takes time. */
  spend(ms: number): void {
    this.#now += ms
  }

  /** Calls the timers that are due, and those that they set for at once. */
  async runDue(): Promise<void> {
    const isDue = (): boolean => [...this.#timers].some(({ due }) => due <= this.#now)
    if (isDue()) await this.until(() => !isDue(), 0)
  }

  /** Calls timers in the order of their times until `isDone`. @throws `Error` when it is not within `ms`. */
  async until(isDone: () => boolean, ms = 1e6): Promise<void> {
    const end = this.#now + ms
    while (!isDone()) {
      const [next] = [...this.#timers].toSorted((a, b) => a.due - b.due)
      if (!next || next.due > end) throw new Error(`Not done at ${this.#now} ms.`)
      this.#timers.delete(next)
      this.#now = Math.max(this.#now, next.due)
      const started = this.#now
      next.callback()
      // All that follows without a timer of its own belongs to the same task.
      await new Promise((resolve) => setTimeout(resolve))
      this.longestTask = Math.max(this.longestTask, this.#now - started)
    }
  }
}
