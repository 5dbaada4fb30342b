/** What every family of baselines gives: a fit to sessions, and the settings that tuning may try. */
import type { SessionLog } from '../../data/session-log.ts'
import type { Ranker } from '../measure-ranker.ts'

/** Values of one family's settings. */
export type Settings = Readonly<Record<string, number | boolean | string>>

/** A kind of ranker that is fitted once and then asked under many settings. */
export interface Family<S extends Settings> {
  /** Where the search starts. */
  start: S
  /** The values that tuning tries for each setting. */
  grid: { readonly [setting in keyof S]: readonly S[setting][] }
  /** Counts `log` once; the function that comes back makes a ranker of any settings of the grid. */
  fit: (log: SessionLog, signal?: AbortSignal) => (settings: S) => Ranker
}

/** Returns a function that gives the places of known ids; ids that training did not see are left out. */
export function placesOf(ids: readonly string[]): (prefix: readonly string[]) => number[] {
  const places = new Map(ids.map((id, place) => [id, place]))
  return (prefix) => prefix.flatMap((id) => places.get(id) ?? [])
}

/** Scores of a few of many items: added up, read as a ranked list, and empty again after it. */
export class Scores {
  readonly #ids: readonly string[]
  readonly #values: Float64Array
  #touched: number[] = []

  constructor(ids: readonly string[]) {
    this.#ids = ids
    this.#values = new Float64Array(ids.length)
  }

  /** Adds `value`, above 0. */
  add(item: number, value: number): void {
    if (this.#values[item] === 0) this.#touched.push(item)
    this.#values[item]! += value
  }

  /** Returns the best `k` ids that are not `barred`, equal scores by first occurrence, and forgets all scores. */
  take(k: number, barred?: ReadonlySet<string>): string[] {
    const values = this.#values
    const best: number[] = []
    for (const item of this.#touched) {
      const value = values[item]!
      const isBehind = (other: number): boolean =>
        value < values[other]! || (value === values[other]! && item > other)
      if (best.length === k && (k === 0 || isBehind(best[k - 1]!))) continue
      if (barred?.has(this.#ids[item]!)) continue
      let at = best.length
      while (at > 0 && !isBehind(best[at - 1]!)) at--
      best.splice(at, 0, item)
      if (best.length > k) best.pop()
    }
    for (const item of this.#touched) values[item] = 0
    this.#touched = []
    return best.map((item) => this.#ids[item]!)
  }
}
