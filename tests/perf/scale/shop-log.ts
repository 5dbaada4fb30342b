/** Writes the log of a made-up shop of any size, by a law, as the stream that it is. */
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { finished } from 'node:stream/promises'
import type { ShopLaw } from './law.ts'

const START = Date.UTC(2026, 0, 1)
/** All events lie in this time, in milliseconds. */
const SPAN = 180 * 86_400_000
const DEEPEST_FOLLOWER = 64
const LINES_A_WRITE = 5000

/** Writes `events` events as CSV, `session,item,time`, and every `each`-th session to `sample`, one a line. */
export async function writeShopLog(
  law: ShopLaw,
  events: number,
  { csv, sample, each, signal }: { csv: string; sample: string; each: number; signal: AbortSignal },
): Promise<{ items: number; sessions: number }> {
  const items = Math.max(100, Math.round(law.itemsARoot * Math.sqrt(events)))
  const random = generator(events)
  const drawItem = drawer(items, law.popularity, random)
  const drawFollower = drawer(DEEPEST_FOLLOWER, law.transition, random)
  const [log, some] = [createWriteStream(csv), createWriteStream(sample)]
  let lines = ['session,item,time']
  let sessions = 0
  for (let written = 0; written < events; sessions++) {
    let item = drawItem()
    const visit: number[] = []
    // Geometric, with the law's mean.
    do {
      visit.push(item)
      // An item's followers lie at steps of its own from it, the likeliest first.
      const step = 1 + ((item * 2_654_435_761) % items)
      item = random() < law.followed ? (item + (drawFollower() + 1) * step) % items : drawItem()
    } while (random() > 1 / law.length && written + visit.length < events)
    const at = START + Math.floor((SPAN * written) / events)
    for (const [place, seen] of visit.entries()) lines.push(`s${sessions},p${seen},${at + place * 1000}`)
    if (sessions % each === 0) some.write(`${visit.map((seen) => `p${seen}`).join(' ')}\n`)
    written += visit.length
    if (lines.length < LINES_A_WRITE) continue
    signal.throwIfAborted()
    if (!log.write(`${lines.join('\n')}\n`)) await once(log, 'drain')
    lines = []
  }
  log.end(lines.length > 0 ? `${lines.join('\n')}\n` : '')
  some.end()
  await Promise.all([finished(log), finished(some)])
  return { items, sessions }
}

/** Draws 0 to count − 1, the i-th ∝ (i + 1) ^ exponent. */
function drawer(count: number, exponent: number, random: () => number): () => number {
  const ends = new Float64Array(count)
  for (let i = 0; i < count; i++) ends[i] = (ends[i - 1] ?? 0) + (i + 1) ** exponent
  return () => {
    const wanted = random() * ends[count - 1]!
    let [low, high] = [0, count - 1]
    while (low < high) {
      const middle = (low + high) >> 1
      if (ends[middle]! <= wanted) low = middle + 1
      else high = middle
    }
    return low
  }
}

/** Numbers in [0, 1), the same for a seed (mulberry32). */
function generator(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
