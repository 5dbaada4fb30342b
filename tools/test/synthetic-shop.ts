/** A small shop made up from a seed: visits that walk within a family of items, so that there is something to learn. */
import { createRandom } from '../src/train/random.ts'

const FAMILIES = 6
const FAMILY_SIZE = 8
const START = Date.UTC(2026, 0, 1)
const HOUR = 3_600_000

/** One visit. */
export interface Visit {
  session: string
  /** Unix ms. */
  at: number
  items: string[]
}

/** Visits in order of time: the next item is mostly the neighbour of the last one within its family. */
export function syntheticVisits({ count = 400, seed = 7 }: { count?: number; seed?: number } = {}): Visit[] {
  const random = createRandom(seed)
  const below = (n: number): number => Math.floor(random() * n)
  return Array.from({ length: count }, (_, s) => {
    const family = below(FAMILIES)
    let place = below(FAMILY_SIZE)
    const items = Array.from({ length: 2 + below(5) }, () => {
      place = random() < 0.8 ? (place + 1) % FAMILY_SIZE : below(FAMILY_SIZE)
      return `${100 * (family + 1) + place}`
    })
    return { session: `s${s}`, at: START + s * HOUR, items }
  })
}

/** The visits as CSV with the columns session, time, item, title and price. */
export function toCsv(visits: readonly Visit[]): string {
  const rows = visits.flatMap(({ session, at, items }) =>
    items.map((item, i) => {
      const time = new Date(at + i * 60_000).toISOString()
      return `${session},${time},${item},RED MUG ${item},${Number(item) / 100}`
    }),
  )
  return ['session,time,item,title,price', ...rows, ''].join('\n')
}

/** The visits as one session a line. */
export function toLines(visits: readonly Visit[]): string {
  return visits.map(({ items }) => items.join(' ') + '\n').join('')
}
