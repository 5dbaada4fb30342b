/** Waits for moments in which no list is being made, so that probing comes after shoppers, never before. */

/** Who searches, and when it last did. */
export interface Traffic {
  readonly inFlight: number
  /** On the clock of `elapsed`. */
  readonly lastUse: number
}

/** The clock and timers of {@link createIdle}. */
export interface IdleOptions {
  elapsed: () => number
  setTimer: (callback: () => void, ms: number) => () => void
  /** No search for so long, in milliseconds. */
  quietMs: number
  signal: AbortSignal
}

/**
 * Returns a function that resolves in a task of its own, when there was no search for `quietMs`.
 * It rejects with the signal's reason once that is aborted.
 */
export function createIdle(
  traffic: Traffic,
  { elapsed, setTimer, quietMs, signal }: IdleOptions,
): () => Promise<void> {
  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const onAbort = (): void => {
        cancel()
        resolve()
      }
      const cancel = setTimer(() => {
        signal.removeEventListener('abort', onAbort)
        resolve()
      }, ms)
      signal.addEventListener('abort', onAbort, { once: true })
    })
  return async () => {
    signal.throwIfAborted()
    // Even in silence the messages that wait come first.
    let wait = 0
    do {
      await pause(wait)
      signal.throwIfAborted()
      wait = traffic.inFlight > 0 ? quietMs : quietMs - (elapsed() - traffic.lastUse)
    } while (wait > 0)
  }
}
