/** What a shopper's visits say of an item: what a network ranks the shelves of long history by. */
import type { Evidence } from './features.ts'
import type { Visit } from './habits.ts'
import { POPULARITY_SHARES } from './statistics.ts'
import type { Workspace } from './workspace.ts'

/** Names of the features, in column order. Adding is safe, renaming or changing a meaning is not. */
export const HABIT_FEATURES = [
  /** Log of the decayed number of visits that had it, share of the visits, log(1 + visits). */
  'own',
  'ownShare',
  'ownVisits',
  /** 1 / (1 + visits since), 0 where there was none; and whether there was any. */
  'ownRecency',
  'isOwn',
  /** What the neighbours of all visits' items have, over the largest, and its log; the log of that of the last visit. */
  'led',
  'ledLog',
  'ledLast',
  /** log(1 + occurrences) in all sessions, the latest 30%, 10% and 2%. */
  'popularity',
  'popularity30',
  'popularity10',
  'popularity2',
  /** Alike for all items: log of the visits, of their mean size, and the share of what was in them that was new. */
  'visits',
  'visitSize',
  'newShare',
] as const

/** One of {@link HABIT_FEATURES}. */
export type HabitFeature = (typeof HABIT_FEATURES)[number]

/** Columns of the feature matrix. */
export const HABIT_FEATURE_COUNT: number = HABIT_FEATURES.length

/** The columns that go back to the item itself, to others that led to it, to how it sells. */
export const HABIT_CAUSES = { own: [0, 5], led: [5, 8], popular: [8, 12] } as const

/** Keeps the log of nothing finite: a hundredth of a visit, a thousandth of the best. */
const LEAST_VISIT = 0.01
const LEAST_SHARE = 1e-3

/** What a column holds of an item of which nothing is known. */
export const NOTHING_KNOWN: readonly number[] = HABIT_FEATURES.map((name) =>
  name === 'own'
    ? Math.log(LEAST_VISIT)
    : name === 'ledLog' || name === 'ledLast'
      ? Math.log(LEAST_SHARE)
      : 0,
)

/**
 * Fills `rows` `[places, HABIT_FEATURE_COUNT]` with the features of the candidates at `places`, of those that
 * `scoreHabits` found.
 */
export function describeHabits(
  { statistics: { count, popularity } }: Pick<Evidence, 'statistics'>,
  visits: readonly Visit[],
  places: Uint32Array,
  work: Workspace,
  rows: Float32Array,
): void {
  let had = 0
  for (const { items } of visits) had += items.length
  let distinct = 0
  let mostLed = 0
  let mostLedLast = 0
  for (let c = 0; c < work.count; c++) {
    if (work.hops[c]! > 0) distinct += 1
    mostLed = Math.max(mostLed, work.graph[c]!)
    mostLedLast = Math.max(mostLedLast, work.previous[c]!)
  }
  const visitCount = Math.max(1, visits.length)
  const ofVisits = [visitCount, Math.max(1, had) / visitCount, Math.max(1, distinct) / Math.max(1, had)]
  for (const [row, place] of places.entries()) {
    const at = row * HABIT_FEATURE_COUNT
    const times = work.hops[place]! > 0 ? work.dense[place]! : 0
    const led = mostLed > 0 ? work.graph[place]! / mostLed : 0
    const ledLast = mostLedLast > 0 ? work.previous[place]! / mostLedLast : 0
    rows[at] = Math.log(LEAST_VISIT + work.hops[place]!)
    rows[at + 1] = times / visitCount
    rows[at + 2] = Math.log1p(times)
    rows[at + 3] = times && work.denseRank[place]!
    rows[at + 4] = times && 1
    rows[at + 5] = led
    rows[at + 6] = Math.log(LEAST_SHARE + led)
    rows[at + 7] = Math.log(LEAST_SHARE + ledLast)
    for (let share = 0; share < POPULARITY_SHARES.length; share++) {
      rows[at + 8 + share] = popularity[share * count + work.items[place]!]!
    }
    for (let i = 0; i < 3; i++) rows[at + 12 + i] = Math.log(ofVisits[i]!)
  }
}
