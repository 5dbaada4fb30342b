/** Lists of what a shopper's next visit may bring, as a device ranks them: what shelves of long history learn from. */
import { EVENT_TYPES } from '@vitrine/contracts'
import {
  type Evidence,
  HABIT_CANDIDATES,
  HABIT_FEATURE_COUNT,
  HABIT_POPULAR,
  type HabitRecipe,
  type HabitSettings,
  type ShelfSettings,
  type Visit,
  Workspace,
  chooseHabits,
  describeHabits,
  priorOf,
  scoreHabits,
} from '@vitrine/recommender'
import type { NetworkLists } from './fit-network.ts'
import type { VisitQuestion } from './shopper-visits.ts'

/** What each type of event counts. */
export type TypeWeights = ShelfSettings['types']

/** Asks a shelf under settings. */
export interface HabitTrial {
  readonly recipe: HabitRecipe
  readonly settings: HabitSettings
  readonly weights: TypeWeights
}

/** An answer: places of candidates in `work`, best first, and which items would have been right. */
interface HabitAnswer {
  readonly visits: readonly Visit[]
  readonly places: Uint32Array
  readonly wanted: ReadonlySet<number>
  readonly work: Workspace
}

/** Lists of several shelves, and how many right items each case has in all. */
export interface HabitLists extends NetworkLists {
  /** `[rows]`. */
  readonly items: Uint32Array
  /** `[lists]`. */
  readonly wanted: Uint32Array
}

/** Returns a function that calls `onAnswer` for each question to which the shelf has a right answer. */
export function createAsking(
  evidence: Pick<Evidence, 'graph' | 'statistics'>,
): (
  questions: readonly VisitQuestion[],
  trial: HabitTrial,
  most: number,
  onAnswer: (answer: HabitAnswer) => void,
) => void {
  const work = new Workspace(evidence.statistics.count, 16)
  const prior = priorOf(evidence.statistics)
  const popular = Uint32Array.from(prior.keys())
    .toSorted((a, b) => prior[b]! - prior[a]! || a - b)
    .subarray(0, HABIT_POPULAR)
  return (questions, { recipe, settings, weights }, most, onAnswer) => {
    const byType = EVENT_TYPES.map((name) => weights[name] ?? 1)
    for (const { visits: typed, next } of questions) {
      const visits = typed.map(({ items, types }) =>
        types ? { items, weights: types.map((type) => byType[type]!) } : { items },
      )
      scoreHabits(evidence, visits, settings, popular, work)
      const wanted = new Set(next)
      if (recipe !== 'next-basket') {
        for (const item of next) {
          const place = work.find(item)
          const isOwn = place >= 0 && work.hops[place]! > 0
          if (isOwn !== (recipe === 'buy-again')) wanted.delete(item)
        }
      }
      if (wanted.size > 0) {
        onAnswer({ visits, places: chooseHabits(work, recipe, most), wanted, work })
      }
    }
  }
}

/** Gathers the lists of all `trials`, with the features of their candidates; each right one is to have as much. */
export function collectHabitLists(
  evidence: Pick<Evidence, 'graph' | 'statistics'>,
  questions: readonly VisitQuestion[],
  trials: readonly HabitTrial[],
): HabitLists {
  const ask = createAsking(evidence)
  const most = questions.length * trials.length
  const offsets = new Uint32Array(most + 1)
  const counts = new Uint32Array(most)
  const features = new Float32Array(most * HABIT_CANDIDATES * HABIT_FEATURE_COUNT)
  const shares = new Float32Array(most * HABIT_CANDIDATES)
  const items = new Uint32Array(most * HABIT_CANDIDATES)
  let lists = 0
  for (const trial of trials) {
    ask(questions, trial, HABIT_CANDIDATES, ({ visits, places, wanted, work }) => {
      const first = offsets[lists]!
      const end = first + places.length
      describeHabits(evidence, visits, places, work, features.subarray(first * HABIT_FEATURE_COUNT))
      items.set(
        places.map((place) => work.items[place]!),
        first,
      )
      const right = items.subarray(first, end).reduce((sum, item) => sum + (wanted.has(item) ? 1 : 0), 0)
      for (let row = first; row < end; row++) shares[row] = wanted.has(items[row]!) ? 1 / right : 0
      counts[lists++] = wanted.size
      offsets[lists] = end
    })
  }
  const rows = offsets[lists]!
  return {
    offsets: offsets.subarray(0, lists + 1),
    features: features.subarray(0, rows * HABIT_FEATURE_COUNT),
    width: HABIT_FEATURE_COUNT,
    shares: shares.subarray(0, rows),
    items: items.subarray(0, rows),
    wanted: counts.subarray(0, lists),
  }
}
