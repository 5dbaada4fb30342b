/** Counts what an import drops, by reason, with the first few lines of each. */

/** One reason and how often it applied. */
export interface DropCount {
  reason: string
  rows: number
  /** Line numbers of the first few, to look them up. */
  lines: number[]
}

const LINES_KEPT = 5

/** Counts rows by reason. */
export class Tally {
  readonly #byReason = new Map<string, DropCount>()
  #rows = 0

  /** All rows counted so far. */
  get rows(): number {
    return this.#rows
  }

  add(reason: string, line: number): void {
    this.#rows += 1
    let count = this.#byReason.get(reason)
    if (!count) this.#byReason.set(reason, (count = { reason, rows: 0, lines: [] }))
    count.rows += 1
    if (count.lines.length < LINES_KEPT) count.lines.push(line)
  }

  /** Most frequent reason first. */
  counts(): DropCount[] {
    return [...this.#byReason.values()].toSorted((a, b) => b.rows - a.rows)
  }
}

/** The first three reasons in words, with the lines to look at. */
export function describeReasons(counts: readonly DropCount[]): string {
  return counts
    .slice(0, 3)
    .map(({ reason, rows, lines }) => `${reason}: ${rows}, first on lines ${lines.join(', ')}`)
    .join('; ')
}
