/** Streams an events file into a pairs file: what a warehouse's query gives, for who has none. */
import { createWriteStream } from 'node:fs'
import { mkdtemp, rename, rm } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { VitrineError } from '@vitrine/contracts'
import { REACH } from '../train/pairs.ts'
import { readEvents } from './events-file.ts'
import type { OpenInputOptions } from './open-input.ts'
import { PairCounter } from './pair-counter.ts'
import { AGES, PAIRS_HEADER, csvField } from './pairs-file.ts'

/** What came of it. */
export interface CountReport {
  events: number
  items: number
  /** Lines of the file, its header apart. */
  lines: number
}

/** How to count. */
export interface CountOptions extends OpenInputOptions {
  /** Distinct lines held in memory; missing for the default. */
  most?: number
}

/** A session without an event for this long is taken for over, and forgotten. */
const OVER_MS = 24 * 3_600_000
const SWEEP_EVERY = 100_000

interface Open {
  /** Latest items, oldest first; at most REACH. */
  items: number[]
  type: string
  at: number
}

/**
 * Counts the pairs of the events in `path` and writes them to `out` (CSV, gzip). Reads the file twice: the first
 * time for its span of time. Memory holds the ids, the sessions of one day and a bounded number of counts.
 *
 * @throws `VitrineError('TOO_LITTLE_DATA')` without any event; what `readEvents` throws.
 */
export async function countPairsOf(
  path: string,
  out: string,
  options: CountOptions = {},
): Promise<CountReport> {
  const { most, ...input } = options
  const { oldest, newest, events } = await spanOf(path, input)
  const scratch = await mkdtemp(join(dirname(resolve(out)), '.pairs-'))
  try {
    const counter = new PairCounter({ directory: scratch, ...(most !== undefined && { most }) })
    const ids: string[] = []
    const numbers = new Map<string, number>()
    const sessions = new Map<string, Open>()
    let seen = 0
    for await (const batch of readEvents(path, input)) {
      for (const { session, item, type, at } of batch) {
        if (type === 'impression') continue
        let number = numbers.get(item)
        if (number === undefined) numbers.set(item, (number = ids.push(item) - 1))
        let open = sessions.get(session)
        if (!open || at - open.at > OVER_MS) sessions.set(session, (open = { items: [], type: '', at }))
        // One act that shows as two events of different types, a view and the cart, counts once.
        const isSameAct = open.items.at(-1) === number && open.type !== type
        open.type = type
        open.at = at
        if (++seen % SWEEP_EVERY === 0) sweep(sessions, at)
        if (isSameAct) continue
        // Whole numbers alone, so that every warehouse computes the same.
        const age = Math.floor((AGES * (newest - at)) / (newest - oldest + 1))
        counter.add(number, -1, 0, age)
        const { items } = open
        for (const [i, other] of items.entries()) counter.add(other, number, items.length - i, age)
        items.push(number)
        if (items.length > REACH) items.shift()
        if (counter.isFull) await counter.spill()
      }
    }
    const partial = join(scratch, 'pairs.csv.gz')
    const lines = await write(partial, counter, ids, input.signal)
    await rename(partial, out)
    return { events, items: ids.length, lines }
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}

async function spanOf(
  path: string,
  input: OpenInputOptions,
): Promise<{ oldest: number; newest: number; events: number }> {
  let oldest = Infinity
  let newest = -Infinity
  let events = 0
  for await (const batch of readEvents(path, input)) {
    for (const { at, type } of batch) {
      if (type === 'impression') continue
      oldest = Math.min(oldest, at)
      newest = Math.max(newest, at)
      events += 1
    }
  }
  if (events > 0) return { oldest, newest, events }
  throw new VitrineError('TOO_LITTLE_DATA', `${path} holds no event of an item: import some first.`)
}

function sweep(sessions: Map<string, Open>, now: number): void {
  for (const [session, { at }] of sessions) if (now - at > OVER_MS) sessions.delete(session)
}

async function write(
  path: string,
  counter: PairCounter,
  ids: readonly string[],
  signal: AbortSignal | undefined,
): Promise<number> {
  let lines = 0
  const names = ids.map(csvField)
  async function* text(): AsyncGenerator<string> {
    let block = `${PAIRS_HEADER.join(',')}\n`
    for await (const counted of counter.lines()) {
      for (const { from, to, distance, age, count } of counted) {
        block += `${names[from]!},${to < 0 ? '' : names[to]!},${distance},${age},${count}\n`
      }
      lines += counted.length
      signal?.throwIfAborted()
      yield block
      block = ''
    }
  }
  await pipeline(Readable.from(text()), createGzip(), createWriteStream(path))
  return lines
}
