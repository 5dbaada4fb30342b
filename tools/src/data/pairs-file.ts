/**
 * A pairs file: how often one item followed another, counted in a warehouse or by `vitrine pairs`. CSV with the
 * columns from, to, distance, age, count; lines without `to` (distance 0) count occurrences of an item.
 */
import { VitrineError } from '@vitrine/contracts'
import type { AggregatedPairs } from '../train/aggregated-pairs.ts'
import { REACH } from '../train/pairs.ts'
import { type OpenInputOptions, openInput } from './open-input.ts'
import { readDelimited } from './records.ts'

/** Ages 0 (newest) to 49: equal parts of the span from the first to the last event. */
export const AGES = 50

/** The columns, in the order that `vitrine pairs` writes. */
export const PAIRS_HEADER = ['from', 'to', 'distance', 'age', 'count'] as const

/** A pairs file in memory, items by their place in `ids`. */
export interface PairLog extends AggregatedPairs {
  ids: readonly string[]
}

/** An id as a field of CSV (RFC 4180). */
export function csvField(id: string): string {
  return /[",\r\n]/u.test(id) ? `"${id.replaceAll('"', '""')}"` : id
}

/**
 * Reads a pairs file; columns in any order, lines in any order.
 *
 * @throws `VitrineError` `COLUMN_MISSING`; `INPUT_UNREADABLE` at a line that does not parse; what `openInput` throws.
 */
export async function readPairsFile(path: string, options: OpenInputOptions = {}): Promise<PairLog> {
  const ids: string[] = []
  const numbers = new Map<string, number>()
  const numberOf = (id: string): number => {
    let number = numbers.get(id)
    if (number === undefined) numbers.set(id, (number = ids.push(id) - 1))
    return number
  }
  const from = new Column(Uint32Array)
  const to = new Column(Uint32Array)
  const distances = new Column(Uint8Array)
  const ages = new Column(Uint8Array)
  const counts = new Column(Float32Array)
  const occurrences = {
    items: new Column(Uint32Array),
    ages: new Column(Uint8Array),
    counts: new Column(Float32Array),
  }
  let places: number[] | undefined
  for await (const records of readDelimited(await openInput(path, options), ',')) {
    for (const { fields = [], line, problem } of records) {
      if (!places) {
        places = PAIRS_HEADER.map((name) => fields.indexOf(name))
        if (!places.includes(-1)) continue
        throw new VitrineError(
          'COLUMN_MISSING',
          `${path} has the columns ${fields.join(', ')}: a pairs file has ${PAIRS_HEADER.join(', ')}.`,
        )
      }
      const [a = '', b = '', ...rest] = places.map((place) => fields[place] ?? '')
      const [distance = NaN, age = NaN, count = NaN] = rest.map((text) => (text === '' ? NaN : Number(text)))
      const isPair = b !== ''
      const fits =
        problem === undefined &&
        a !== '' &&
        isWhole(distance, isPair ? 1 : 0, isPair ? REACH : 0) &&
        isWhole(age, 0, AGES - 1) &&
        count > 0 &&
        Number.isFinite(count)
      if (!fits) {
        throw new VitrineError(
          'INPUT_UNREADABLE',
          `Line ${line} of ${path} is no pair (${problem ?? fields.join(',')}): distance is 1 to ${REACH} (0 without a second item), age 0 to ${AGES - 1}, count above 0.`,
        )
      }
      if (isPair) {
        from.push(numberOf(a))
        to.push(numberOf(b))
        distances.push(distance)
        ages.push(age)
        counts.push(count)
      } else {
        occurrences.items.push(numberOf(a))
        occurrences.ages.push(age)
        occurrences.counts.push(count)
      }
    }
  }
  return {
    ids,
    ageCount: AGES,
    from: from.values,
    to: to.values,
    distances: distances.values,
    ages: ages.values,
    counts: counts.values,
    occurrences: {
      items: occurrences.items.values,
      ages: occurrences.ages.values,
      counts: occurrences.counts.values,
    },
  }
}

function isWhole(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most
}

/** A typed array that grows. */
class Column<T extends Uint32Array | Uint8Array | Float32Array> {
  readonly #Kind: new (length: number) => T
  #values: T
  #length = 0

  constructor(Kind: new (length: number) => T) {
    this.#Kind = Kind
    this.#values = new Kind(1024)
  }

  push(value: number): void {
    if (this.#length === this.#values.length) {
      const larger = new this.#Kind(2 * this.#length)
      larger.set(this.#values)
      this.#values = larger
    }
    this.#values[this.#length++] = value
  }

  get values(): T {
    return this.#values.subarray(0, this.#length) as T
  }
}
