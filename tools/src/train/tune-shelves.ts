/** What ranks the shelves beside the next item's: chosen and learned on the tail of the training sessions. */
import { EVENT_TYPES } from '@vitrine/contracts'
import {
  DEFAULT_SHELVES,
  type Evidence,
  type HabitRecipe,
  type HabitSettings,
  type ShelfSettings,
} from '@vitrine/recommender'
import { descend } from './coordinate-descent.ts'
import { fitHabits } from './fit-habits.ts'
import { type HabitTrial, type TypeWeights, createAsking } from './habit-lists.ts'
import { LIST_LENGTH } from './measure.ts'
import { type Sessions, sessionCount, sliceSessions } from './sessions.ts'
import { type VisitQuestion, askNextVisits } from './shopper-visits.ts'
import { tuneSimilar } from './tune-similar.ts'
import { tuneTrend } from './tune-trend.ts'

const HABIT_GRID = {
  decay: [0.5, 0.7, 0.8, 0.9, 0.95, 1],
  popularity: [0, 0.1, 0.3, 0.6, 1, 2, 4, 8],
  neighbours: [0, 0.1, 0.3, 0.6, 1, 2, 4],
  season: [0, 0.05, 0.1, 0.2, 0.4],
}
/** What an event of a type counts, of what one of the type that counts most. */
const TYPE_WEIGHTS = [1, 0.5, 0.25, 0.1, 0.03]

/** Enough to tell settings apart. */
const MOST_QUESTIONS = 1000
/** Of these a network learns more. */
const MOST_TAUGHT = 2000
/** Fewer say nothing. */
const FEWEST_QUESTIONS = 50

/** What shelves are tuned on. */
export interface ShelfTuning {
  /** Counted and learned on the sessions before `first`. */
  readonly evidence: Evidence
  readonly sessions: Sessions
  /** `[S]`; missing where nobody knows whose sessions they are. */
  readonly shoppers?: Int32Array | undefined
  /** `[events]`, places in `EVENT_TYPES`; missing where all are of one type. */
  readonly types?: Uint8Array | undefined
  /** Number of the first session of the tail. */
  readonly first: number
  readonly seed: number
  readonly pause: () => Promise<void>
}

/** Returns the settings that serve the tail best; what it says nothing about stays as it is without training. */
export async function tuneShelves(tuning: ShelfTuning): Promise<ShelfSettings> {
  const { evidence, sessions, first, pause } = tuning
  const trending = await tuneTrend(sessions, first, evidence.statistics.count, pause)
  const tail = sliceSessions(sessions, first, sessionCount(sessions))
  const similar = await tuneSimilar(evidence, tail, pause)
  return { ...DEFAULT_SHELVES, trending, similar, ...(await tuneHabits(tuning)) }
}

async function tuneHabits({
  evidence,
  sessions,
  shoppers,
  types,
  first,
  seed,
  pause,
}: ShelfTuning): Promise<Partial<ShelfSettings>> {
  const taught = shoppers ? askNextVisits(sessions, shoppers, first, MOST_TAUGHT, types) : []
  if (taught.length < FEWEST_QUESTIONS) return {}
  const step = Math.ceil(taught.length / MOST_QUESTIONS)
  const measure = createMeasure(
    evidence,
    taught.filter((_, place) => place % step === 0),
  )
  const tune = async (
    recipe: HabitRecipe,
    start: HabitSettings,
    weights: TypeWeights,
  ): Promise<HabitSettings> => {
    const { settings } = await descend<HabitSettings>(start, HABIT_GRID, async (trial) => {
      await pause()
      return measure({ recipe, settings: trial, weights })
    })
    return settings
  }
  const { nextBasket: start, ...others } = DEFAULT_SHELVES
  const untyped = await tune('next-basket', start, {})
  const weights = types
    ? await tuneTypes(
        types,
        (trial) => measure({ recipe: 'next-basket', settings: untyped, weights: trial }),
        pause,
      )
    : {}
  const nextBasket = types ? await tune('next-basket', start, weights) : untyped
  const buyAgain = await tune('buy-again', others.buyAgain, weights)
  const forYou = await tune('for-you', others.forYou, weights)
  const trials: HabitTrial[] = [
    { recipe: 'next-basket', settings: nextBasket, weights },
    { recipe: 'buy-again', settings: buyAgain, weights },
    { recipe: 'for-you', settings: forYou, weights },
  ]
  const habits = await fitHabits(evidence, taught, trials, { seed, pause })
  return { nextBasket, buyAgain, forYou, types: weights, ...(habits && { habits }) }
}

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
): (trial: HabitTrial) => number {
  const ask = createAsking(evidence)
  return (trial) => {
    let sum = 0
    let asked = 0
    ask(questions, trial, LIST_LENGTH, ({ places, wanted, work }) => {
      asked += 1
      let found = 0
      for (const place of places) if (wanted.has(work.items[place]!)) found += 1
      sum += found / wanted.size
    })
    return sum / Math.max(1, asked)
  }
}
