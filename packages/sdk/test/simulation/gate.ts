/** Whether a tab runs: what happens to a tab passes here, waits here while it is frozen, and ends here when it died. */
export class Gate {
  #state: 'open' | 'frozen' | 'dead' = 'open'
  #waiting: (() => void)[] = []

  get isOpen(): boolean {
    return this.#state === 'open'
  }

  get isDead(): boolean {
    return this.#state === 'dead'
  }

  /** Resolves at once, after a thaw, or never. */
  pass(): Promise<void> {
    if (this.#state === 'open') return Promise.resolve()
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  /** Runs `callback` now, after a thaw, or never. */
  run(callback: () => void): void {
    if (this.#state === 'open') callback()
    else this.#waiting.push(callback)
  }

  freeze(): void {
    if (this.#state === 'open') this.#state = 'frozen'
  }

  thaw(): void {
    if (this.#state !== 'frozen') return
    this.#state = 'open'
    for (const callback of this.#waiting.splice(0)) callback()
  }

  kill(): void {
    this.#state = 'dead'
    this.#waiting = []
  }
}
