/** The network that ranks shelves of long history, learned on the tail of the training sessions. */
import {
  type Evidence,
  HABIT_FEATURES,
  HABIT_FEATURE_COUNT,
  type HabitFeature,
  type StoredNetwork,
  chooseBest,
  habitNetworkOf,
} from '@vitrine/recommender'
import { fitNetwork } from './fit-network.ts'
import { type HabitLists, type HabitTrial, collectHabitLists } from './habit-lists.ts'
import { LIST_LENGTH } from './measure.ts'
import { createRandom } from './random.ts'
import type { VisitQuestion } from './shopper-visits.ts'

/** Fewer questions teach nothing; the formula serves. */
const FEWEST_QUESTIONS = 200
/** Spans of time that are each asked of a network which learned from the others: one alone says little. */
const FOLDS = 3
const HIDDEN = 16
const NETWORKS = 2
/** How often lists are passed over: few lists more often. */
const LIST_PASSES = 40_000
const FEWEST_EPOCHS = 12
const MOST_EPOCHS = 60

/** Returns the network; undefined where the formula's own order serves as well. */
export async function fitHabits(
  evidence: Pick<Evidence, 'graph' | 'statistics'>,
  questions: readonly VisitQuestion[],
  trials: readonly HabitTrial[],
  { seed, pause }: { seed: number; pause: () => Promise<void> },
): Promise<StoredNetwork<HabitFeature> | undefined> {
  if (questions.length < FEWEST_QUESTIONS) return undefined
  const fit = (lists: HabitLists): Promise<StoredNetwork<HabitFeature>> =>
    fitNetwork(lists, new Map(HABIT_FEATURES.entries()), {
      hidden: HIDDEN,
      networks: NETWORKS,
      epochs: epochsOf(lists.wanted.length),
      random: createRandom(seed),
      onEpoch: pause,
    })
  let gain = 0
  for (let fold = 0; fold < FOLDS; fold++) {
    const [from, to] = [fold, fold + 1].map((end) => Math.floor((end * questions.length) / FOLDS))
    const others = [...questions.slice(0, from), ...questions.slice(to)]
    const learned = await fit(collectHabitLists(evidence, others, trials))
    const heldOut = collectHabitLists(evidence, questions.slice(from, to), trials)
    gain += recallOf(heldOut, learned) - recallOf(heldOut)
  }
  return gain > 0 ? fit(collectHabitLists(evidence, questions, trials)) : undefined
}

function epochsOf(lists: number): number {
  return Math.max(FEWEST_EPOCHS, Math.min(MOST_EPOCHS, Math.ceil(LIST_PASSES / lists)))
}

/** Mean share of the right items that lists have in front, by `network` or as the formula has them. */
function recallOf(
  { offsets, features, items, shares, wanted }: HabitLists,
  network?: StoredNetwork<HabitFeature>,
): number {
  const rank = network && habitNetworkOf(network)
  let scores = new Float32Array()
  let order = new Uint32Array()
  let sum = 0
  for (const [list, all] of wanted.entries()) {
    const first = offsets[list]!
    const count = offsets[list + 1]! - first
    if (count > scores.length) scores = new Float32Array(2 * count)
    if (count > order.length) order = new Uint32Array(2 * count)
    if (rank) rank(features.subarray(first * HABIT_FEATURE_COUNT), count, scores)
    else for (let row = 0; row < count; row++) scores[row] = -row
    const listed = chooseBest(scores, count, items.subarray(first, first + count), LIST_LENGTH, order)
    let found = 0
    for (const row of order.subarray(0, listed)) if (shares[first + row]! > 0) found += 1
    sum += found / all
  }
  return sum / Math.max(1, wanted.length)
}
