/** Counts pairs of items in bounded memory: what does not fit is sorted and written aside, and merged in the end. */
import { open, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { VitrineError } from '@vitrine/contracts'
import { CountTable } from './count-table.ts'

/** One line of a pairs file, items by number. */
export interface CountedPair {
  from: number
  /** −1 in a line that counts occurrences of `from` alone. */
  to: number
  /** 0 in a line that counts occurrences. */
  distance: number
  age: number
  count: number
}

/** Where runs go, and how much is counted in memory. */
export interface PairCounterOptions {
  /** A folder of the caller's, who removes it. */
  directory: string
  /** Distinct lines held at once. */
  most?: number
}

const MOST = 3_000_000
// A line as one whole number below 2⁵³: 21 bits for each item, 4 for the distance, 6 for the age.
const ITEMS = 2 ** 21
const DISTANCES = 16
const AGES = 64
const READ_AT_ONCE = 1 << 16
const LINES_AT_ONCE = 1 << 14

/** Adds up pairs; read it once, when all are added. */
export class PairCounter {
  readonly #directory: string
  readonly #runs: string[] = []
  readonly #counts: CountTable

  constructor({ directory, most = MOST }: PairCounterOptions) {
    this.#directory = directory
    this.#counts = new CountTable(most)
  }

  /** Counts one pair, or one occurrence of `from` with `to` −1 and distance 0. */
  add(from: number, to: number, distance: number, age: number): void {
    if (from >= ITEMS || to >= ITEMS - 1) {
      throw new VitrineError(
        'INPUT_UNREADABLE',
        `There are more than ${ITEMS - 1} items: count the pairs of a part of the catalogue.`,
      )
    }
    const key = ((from * ITEMS + to + 1) * DISTANCES + distance) * AGES + age
    this.#counts.add(key)
  }

  /** True when {@link spill} is due. */
  get isFull(): boolean {
    return this.#counts.isFull
  }

  /** Writes what is held aside. */
  async spill(): Promise<void> {
    const path = join(this.#directory, `pairs-${this.#runs.length}`)
    await writeFile(path, new Uint8Array(this.#counts.sorted().buffer))
    this.#runs.push(path)
    this.#counts.clear()
  }

  /** Yields every line once, by from, to, distance and age, many at a time. */
  async *lines(): AsyncGenerator<CountedPair[]> {
    const runs = [...this.#runs.map((path) => readRun(path)), single(this.#counts.sorted())]
    const heads: Head[] = runs.map((run) => ({ run, block: new Float64Array(), at: 0 }))
    let live = heads
    let lines: CountedPair[] = []
    for (;;) {
      if (live.some(({ at, block }) => at === block.length)) {
        for (const head of live) if (head.at === head.block.length) await refill(head)
        live = live.filter(({ block }) => block.length > 0)
      }
      if (live.length === 0 || lines.length === LINES_AT_ONCE) {
        yield lines
        lines = []
        if (live.length === 0) return
      }
      let key = Infinity
      for (const { block, at } of live) key = Math.min(key, block[at]!)
      let count = 0
      for (const head of live) {
        if (head.block[head.at] !== key) continue
        count += head.block[head.at + 1]!
        head.at += 2
      }
      lines.push(lineOf(key, count))
    }
  }
}

interface Head {
  run: AsyncGenerator<Float64Array>
  block: Float64Array
  at: number
}

async function refill(head: Head): Promise<void> {
  const next = await head.run.next()
  head.block = next.done ? new Float64Array() : next.value
  head.at = 0
}

async function* single(block: Float64Array): AsyncGenerator<Float64Array> {
  if (block.length > 0) yield block
}

async function* readRun(path: string): AsyncGenerator<Float64Array> {
  const file = await open(path)
  try {
    for (;;) {
      const bytes = new Uint8Array(16 * READ_AT_ONCE)
      const { bytesRead } = await file.read(bytes, 0, bytes.length)
      if (bytesRead === 0) return
      yield new Float64Array(bytes.buffer, 0, bytesRead / 8)
    }
  } finally {
    await file.close()
  }
}

function lineOf(key: number, count: number): CountedPair {
  const age = key % AGES
  const distance = Math.floor(key / AGES) % DISTANCES
  const pair = Math.floor(key / (AGES * DISTANCES))
  return { from: Math.floor(pair / ITEMS), to: (pair % ITEMS) - 1, distance, age, count }
}
