/** What the search for the graph's settings may try, and how it is told to go. */
import type { GraphRecipe } from './build-graph.ts'
import type { TuningGoal } from './measure.ts'

/** Values tried of each setting, in order; the search steps to neighbouring ones. Most influential first. */
const GRID: readonly (readonly [keyof GraphRecipe, readonly number[]])[] = [
  ['decay', [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1]],
  ['columnExponent', [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.85, 1]],
  ['rowExponent', [0, 0.25, 0.5, 0.65, 0.75, 0.85, 1, 1.2]],
  ['backward', [0, 0.15, 0.3, 0.45, 0.6, 0.8, 1]],
  ['distanceDecay', [0.3, 0.45, 0.6, 0.75, 0.9, 1]],
  ['smoothing', [0, 2, 5, 10, 20, 40, 80]],
  ['ageDecay', [0, 0.5, 1, 1.5, 2, 3, 4.5, 6.5]],
  ['selfWeight', [0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.4]],
  ['lengthExponent', [0, 0.25, 0.5, 0.75, 1]],
  ['window', [1, 2, 3, 5, 7, 10, 15, 20, 30, 50]],
  ['purchase', [0.25, 0.5, 1, 2, 4, 8]],
  ['cart', [0.25, 0.5, 1, 2, 4, 8]],
]
/** Of no use where only one thing was ever done. */
const OF_TYPES: ReadonlySet<keyof GraphRecipe> = new Set(['purchase', 'cart'])

/** The settings that are searched, in the order that is tried where none is asked for. */
export const GRAPH_SETTINGS: readonly (keyof GraphRecipe)[] = GRID.map(([setting]) => setting)

/** How the search goes. */
export interface GraphTuning {
  /** What is to be largest; the sum of hit rate and MRR where missing. */
  readonly goal?: TuningGoal
  /** Settings that are tried before the others, in this order. */
  readonly order?: readonly (keyof GraphRecipe)[]
  /** The search ends after so many trials. */
  readonly mostTrials?: number
}

/** Returns the grid with the settings of `first` in front; without those of types where there are none. */
export function gridInOrder(first: readonly (keyof GraphRecipe)[], isTyped: boolean): typeof GRID {
  const rank = (setting: keyof GraphRecipe): number =>
    first.includes(setting) ? first.indexOf(setting) : first.length
  return GRID.filter(([setting]) => isTyped || !OF_TYPES.has(setting)).toSorted(
    ([a], [b]) => rank(a) - rank(b),
  )
}
