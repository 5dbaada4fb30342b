/** Notices that searches have become slower or faster than they were, by exponentially weighted moving averages. */

/** Weight of the newest duration: some eight searches are remembered. */
const RECENT_WEIGHT = 1 / 8
/** Searches that are averaged into the baseline before it stands. */
const BASELINE_SEARCHES = 64
/** The recent average counts as drifted beyond this factor, and below its inverse … */
const DRIFT_FACTOR = 2
/** … for so many searches in a row: one garbage collection is no drift. */
const DRIFT_SEARCHES = 16

/** Durations in milliseconds; null before they are known. */
export interface DriftFigures {
  /** What searches took when the device was chosen. */
  baselineMs: number | null
  recentMs: number | null
}

/** One device's latencies over time. */
export class Drift {
  #baseline: number | undefined
  readonly #first: { sum: number; count: number } = { sum: 0, count: 0 }
  #recent: number | undefined
  #beyond = 0

  /** @param baselineMs - from an earlier visit, where there was one */
  constructor(baselineMs?: number) {
    this.#baseline = baselineMs
  }

  get figures(): DriftFigures {
    return { baselineMs: this.#baseline ?? null, recentMs: this.#recent ?? null }
  }

  /** Takes one duration in; `settled` when it completed the baseline, `drifted` when the average has left it for good. */
  add(ms: number): 'settled' | 'drifted' | undefined {
    const recent = this.#recent ?? this.#baseline ?? ms
    this.#recent = recent + RECENT_WEIGHT * (ms - recent)
    if (this.#baseline === undefined) {
      this.#first.sum += ms
      if (++this.#first.count < BASELINE_SEARCHES) return undefined
      this.#baseline = this.#first.sum / BASELINE_SEARCHES
      return 'settled'
    }
    const ratio = this.#recent / this.#baseline
    this.#beyond = ratio > DRIFT_FACTOR || ratio < 1 / DRIFT_FACTOR ? this.#beyond + 1 : 0
    return this.#beyond >= DRIFT_SEARCHES ? 'drifted' : undefined
  }
}
