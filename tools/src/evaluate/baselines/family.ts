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
  return (prefix) => {
    const known: number[] = []
    for (const id of prefix) {
      const place = places.get(id)
      if (place !== undefined) known.push(place)
    }
    return known
  }
}

/** Scores of a few of many items: added up, read as a ranked list, and empty again after it. */
export class Scores {
  readonly #ids: readonly string[]
  readonly #values: Float64Array
  readonly #touched: Uint32Array
  #count = 0

  constructor(ids: readonly string[]) {
    this.#ids = ids
    this.#values = new Float64Array(ids.length)
    this.#touched = new Uint32Array(ids.length)
  }

  /** Adds `value`, above 0. */
  add(item: number, value: number): void {
    const before = this.#values[item]!
    const sum = before + value
    // A value too small for a number would have the item listed twice.
    if (before === 0 && sum > 0) this.#touched[this.#count++] = item
    this.#values[item] = sum
  }

  /** Returns the best `k` ids that are not `barred`, equal scores by first occurrence, and forgets all scores. */
  take(k: number, barred?: ReadonlySet<string>): string[] {
    const values = this.#values
    const best: number[] = []
    let least = 0
    for (let i = 0; i < this.#count; i++) {
      const item = this.#touched[i]!
      const value = values[item]!
      if (best.length === k && (k === 0 || value < least)) continue
      if (barred?.has(this.#ids[item]!)) continue
      let at = best.length
      while (at > 0 && isAhead(item, best[at - 1]!)) at--
      if (at === k) continue
      best.splice(at, 0, item)
      if (best.length > k) best.pop()
      least = values[best.at(-1)!]!
    }
    for (let i = 0; i < this.#count; i++) values[this.#touched[i]!] = 0
    this.#count = 0
    return best.map((item) => this.#ids[item]!)

    function isAhead(item: number, other: number): boolean {
      return values[item]! > values[other]! || (values[item] === values[other] && item < other)
    }
  }
}
