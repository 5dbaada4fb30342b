/** Self-tuning of the graph: coordinate descent on cases that follow the sessions it was counted on. */
import { type Graph, Workspace, gatherFromGraph } from '@vitrine/recommender'
import { type GraphRecipe, buildGraph } from './build-graph.ts'
import { type GraphTuning, gridInOrder } from './graph-grid.ts'
import { type Quality, RankSum, TUNING_GOALS, rankOf } from './measure.ts'
import { type PairCounts, type PairTable, countPairs } from './pairs.ts'
import { type Cases, historyOf, targetOf } from './sessions.ts'
import { TUNING_ROUNDS } from './tuning-effort.ts'
import type { TuningTrial } from './types.ts'

/** Where the search begins: the textbook's cosine over recent items. */
export const TEXTBOOK_RECIPE: GraphRecipe = {
  ageDecay: 0,
  lengthExponent: 0,
  distanceDecay: 0.75,
  backward: 1,
  smoothing: 10,
  rowExponent: 0.5,
  columnExponent: 0.5,
  window: 10,
  decay: 0.6,
  selfWeight: 0.05,
}

/** The best recipe found, with every trial on the way. */
export interface TunedGraph {
  readonly recipe: GraphRecipe
  readonly quality: Quality
  readonly trials: readonly TuningTrial[]
}

/**
 * Steps each setting up and down its grid as long as that helps, over and over until a round changes nothing.
 *
 * @param onTrial Called after each trial; awaited, so that it can yield or stop the search by throwing.
 * @param isOver Asked before each trial: true ends the search with what it has.
 */
export async function tuneGraph(
  table: PairTable,
  cases: Cases,
  {
    mostEdges,
    onTrial,
    isOver,
    goal = 'both',
    order = [],
    mostTrials = Infinity,
  }: GraphTuning & {
    mostEdges: number
    onTrial: (trial: TuningTrial, tried: number) => Promise<void>
    isOver: () => boolean
  },
): Promise<TunedGraph> {
  const trials: TuningTrial[] = []
  const measure = createMeasure(table, cases, mostEdges)
  const worth = TUNING_GOALS[goal]
  const isDone = (): boolean => trials.length >= mostTrials || isOver()
  let recipe = TEXTBOOK_RECIPE
  let quality = measure(recipe)
  const attempt = async (setting: keyof GraphRecipe, value: number): Promise<boolean> => {
    const candidate = { ...recipe, [setting]: value }
    const found = measure(candidate)
    const kept = worth(found) > worth(quality)
    if (kept) {
      recipe = candidate
      quality = found
    }
    const trial = { setting, value, ...found, kept }
    trials.push(trial)
    await onTrial(trial, trials.length)
    return kept
  }
  let hasChanged = true
  for (let round = 0; round < TUNING_ROUNDS && hasChanged; round++) {
    hasChanged = false
    for (const [setting, values] of gridInOrder(order, !!table.isTyped)) {
      for (const step of [1, -1]) {
        let at = placeOf(values, recipe[setting] ?? 1) + step
        let moved = false
        while (at >= 0 && at < values.length && !isDone() && (await attempt(setting, values[at]!))) {
          moved = true
          at += step
        }
        hasChanged ||= moved
        // What was better upwards is not better downwards: those values were just left.
        if (moved) break
      }
    }
  }
  return { recipe, quality, trials }
}

/** The place of the value closest to `value`. */
function placeOf(values: readonly number[], value: number): number {
  let best = 0
  for (let i = 1; i < values.length; i++) {
    if (Math.abs(values[i]! - value) < Math.abs(values[best]! - value)) best = i
  }
  return best
}

/** Returns a function that measures a recipe, counting anew only when what it changes needs that. */
function createMeasure(table: PairTable, cases: Cases, mostEdges: number): (recipe: GraphRecipe) => Quality {
  const itemCount = table.offsets.length - 1
  const work = new Workspace(itemCount, 16)
  let counts: PairCounts | undefined
  let countsKey = ''
  let graph: Graph | undefined
  let graphKey = ''
  return (recipe) => {
    const { ageDecay, lengthExponent, distanceDecay, backward, cart, purchase } = recipe
    const { smoothing, rowExponent, columnExponent } = recipe
    const neededCounts = [ageDecay, lengthExponent, distanceDecay, backward, cart, purchase].join()
    if (!counts || neededCounts !== countsKey) counts = countPairs(table, recipe)
    countsKey = neededCounts
    const neededGraph = [neededCounts, smoothing, rowExponent, columnExponent].join()
    if (!graph || neededGraph !== graphKey) graph = buildGraph(counts, recipe, mostEdges)
    graphKey = neededGraph
    const { window, decay, selfWeight } = recipe
    return measureGraph({ ...graph, settings: { window, decay, selfWeight } }, cases, work)
  }
}

/** Returns the quality of ranking by one-hop graph score alone. */
export function measureGraph(graph: Graph, cases: Cases, work: Workspace): Quality {
  const sum = new RankSum()
  for (let c = 0; c < cases.targets.length; c++) {
    gatherFromGraph(graph, historyOf(cases, c), { limit: Infinity, hopSeeds: 0 }, undefined, work)
    sum.add(rankOf(work.graph, work.items, work.count, work.find(targetOf(cases, c))))
  }
  return sum.quality
}
