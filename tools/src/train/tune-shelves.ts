/** Settings of the shelves that go by long history or by trend, chosen on the tail of the training sessions. */
import { EVENT_TYPES } from '@vitrine/contracts'
import {
  DEFAULT_SHELVES,
  type Evidence,
  type HabitSettings,
  type ShelfSettings,
  type TrendSettings,
  Workspace,
  chooseBest,
  priorOf,
  scoreHabits,
  scoreTrend,
} from '@vitrine/recommender'
import { descend } from './coordinate-descent.ts'
import { LIST_LENGTH } from './measure.ts'
import { countPopularity } from './popularity.ts'
import { type Sessions, sessionCount, sliceSessions } from './sessions.ts'
import { type VisitQuestion, askNextVisits } from './shopper-visits.ts'

const HABIT_GRID = {
  decay: [0.5, 0.7, 0.8, 0.9, 0.95, 1],
  popularity: [0, 0.1, 0.3, 0.6, 1, 2, 4, 8],
  neighbours: [0, 0.1, 0.3, 0.6, 1, 2, 4],
  season: [0, 0.05, 0.1, 0.2, 0.4],
}
/** What an event of a type counts, of what one of the type that counts most. */
const TYPE_WEIGHTS = [1, 0.5, 0.25, 0.1, 0.03]
const TREND_GRID = { recent: [1, 2, 3], power: [0, 0.25, 0.5, 0.75, 1], smoothing: [1, 3, 10, 30, 100] }

/** Enough to tell settings apart. */
const MOST_QUESTIONS = 1000
/** Fewer say nothing. */
const FEWEST_QUESTIONS = 50
const WINDOWS = 10
const POPULAR = 100

/** What shelves are tuned on. */
export interface ShelfTuning {
  /** Counted on the sessions before `first`. */
  readonly evidence: Pick<Evidence, 'graph' | 'statistics'>
  readonly sessions: Sessions
  /** `[S]`; missing where nobody knows whose sessions they are. */
  readonly shoppers?: Int32Array | undefined
  /** `[events]`, places in `EVENT_TYPES`; missing where all are of one type. */
  readonly types?: Uint8Array | undefined
  /** Number of the first session of the tail. */
  readonly first: number
  readonly pause: () => Promise<void>
}

/** Returns the settings that serve the tail best; what it says nothing about stays as it is without training. */
export async function tuneShelves({
  evidence,
  sessions,
  shoppers,
  types,
  first,
  pause,
}: ShelfTuning): Promise<ShelfSettings> {
  const trending = await tuneTrend(sessions, first, evidence.statistics.count, pause)
  const questions = shoppers ? askNextVisits(sessions, shoppers, first, MOST_QUESTIONS, types) : []
  if (questions.length < FEWEST_QUESTIONS) return { ...DEFAULT_SHELVES, trending }
  const measure = createMeasure(evidence, questions)
  const tune = async (shelf: Shelf, weights: TypeWeights): Promise<HabitSettings> => {
    const { settings } = await descend<HabitSettings>(DEFAULT_SHELVES[shelf], HABIT_GRID, async (trial) => {
      await pause()
      return measure(trial, shelf, weights)
    })
    return settings
  }
  const nextBasket = await tune('nextBasket', {})
  const weights = types
    ? await tuneTypes(types, (trial) => measure(nextBasket, 'nextBasket', trial), pause)
    : {}
  return {
    trending,
    nextBasket: types ? await tune('nextBasket', weights) : nextBasket,
    buyAgain: await tune('buyAgain', weights),
    forYou: await tune('forYou', weights),
    types: weights,
  }
}

type Shelf = 'nextBasket' | 'buyAgain' | 'forYou'
type TypeWeights = ShelfSettings['types']

/** What each type that occurs counts: 1 for all where nothing else serves better. */
async function tuneTypes(
  types: Uint8Array,
  qualityOf: (weights: TypeWeights) => number,
  pause: () => Promise<void>,
): Promise<TypeWeights> {
  const names = [...new Set(types)].toSorted((a, b) => a - b).map((place) => EVENT_TYPES[place]!)
  const start = Object.fromEntries(names.map((name) => [name, 1]))
  const grid = Object.fromEntries(names.map((name) => [name, TYPE_WEIGHTS]))
  const { settings } = await descend<Record<string, number>>(start, grid, async (trial) => {
    await pause()
    return qualityOf(trial)
  })
  return settings
}

/** Returns a function that gives the mean recall of a shelf's lists. */
function createMeasure(
  evidence: Pick<Evidence, 'graph' | 'statistics'>,
  questions: readonly VisitQuestion[],
): (settings: HabitSettings, shelf: Shelf, weights: TypeWeights) => number {
  const work = new Workspace(evidence.statistics.count, 16)
  const prior = priorOf(evidence.statistics)
  const popular = Uint32Array.from(prior.keys())
    .toSorted((a, b) => prior[b]! - prior[a]! || a - b)
    .subarray(0, POPULAR)
  return (settings, shelf, weights) => {
    let sum = 0
    let asked = 0
    const byType = EVENT_TYPES.map((name) => weights[name] ?? 1)
    for (const { visits: typed, next } of questions) {
      const visits = typed.map(({ items, types }) =>
        types ? { items, weights: types.map((type) => byType[type]!) } : { items },
      )
      scoreHabits(evidence, visits, settings, popular, work)
      const wanted = new Set(next)
      if (shelf !== 'nextBasket') {
        for (const item of next) {
          const place = work.find(item)
          const isOwn = place >= 0 && work.hops[place]! > 0
          if (isOwn !== (shelf === 'buyAgain')) wanted.delete(item)
        }
      }
      if (wanted.size === 0) continue
      asked += 1
      if (shelf !== 'nextBasket') {
        for (let place = 0; place < work.count; place++) {
          if (work.hops[place]! > 0 !== (shelf === 'buyAgain')) work.scores[place] = -Infinity
        }
      }
      const listed = chooseBest(work.scores, work.count, work.items, LIST_LENGTH, work.order)
      let found = 0
      for (const place of work.order.subarray(0, listed)) {
        if (work.scores[place]! > -Infinity && wanted.has(work.items[place]!)) found += 1
      }
      sum += found / wanted.size
    }
    return sum / Math.max(1, asked)
  }
}

/** Window by window of the tail: how much of the rise to come the trending list holds. */
async function tuneTrend(
  sessions: Sessions,
  first: number,
  itemCount: number,
  pause: () => Promise<void>,
): Promise<TrendSettings> {
  const length = Math.floor((sessionCount(sessions) - first) / WINDOWS)
  if (length === 0 || first === 0) return DEFAULT_SHELVES.trending
  const windows = Array.from({ length: WINDOWS }, (_, window) => {
    const before = first + window * length
    const known = sliceSessions(sessions, 0, before)
    const rise = new Float32Array(itemCount)
    for (const item of sliceSessions(sessions, before, before + length).items) rise[item]! += 1
    for (const item of known.items) rise[item]! -= length / before
    return { statistics: countPopularity(known, itemCount, 0), rise }
  })
  const scores = new Float32Array(itemCount)
  const items = Uint32Array.from(scores.keys())
  const order = new Uint32Array(LIST_LENGTH + 1)
  const { settings } = await descend<TrendSettings>(DEFAULT_SHELVES.trending, TREND_GRID, async (trial) => {
    await pause()
    let sum = 0
    for (const { statistics, rise } of windows) {
      scoreTrend(statistics, trial, scores)
      const listed = chooseBest(scores, itemCount, items, LIST_LENGTH, order)
      for (const item of order.subarray(0, listed)) sum += rise[item]!
    }
    return sum
  })
  return settings
}
