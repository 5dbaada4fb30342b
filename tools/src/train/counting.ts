/** Where graph and popularity are counted: in the sessions, or in pairs that a warehouse counted. */
import type { Graph, Statistics } from '@vitrine/recommender'
import { type AggregatedPairs, countAggregatedPopularity, listAggregatedPairs } from './aggregated-pairs.ts'
import { type GraphRecipe, buildGraph } from './build-graph.ts'
import { buildGraphInParts, hasManyPairs, sampleForPairs } from './graph-in-parts.ts'
import { type PairTable, countPairs, listPairs } from './pairs.ts'
import { countPopularity } from './popularity.ts'
import type { Sessions } from './sessions.ts'

/** What graph and popularity rest on. */
export interface Counting {
  /** What settings are chosen on: all pairs, or those of a sample of the sessions where all would be too many. */
  readonly listPairs: () => PairTable
  /** The graph of all pairs, of which `table` has those of `listPairs`. */
  readonly buildGraph: (table: PairTable, recipe: GraphRecipe, mostEdges: number) => Graph
  readonly countPopularity: (prior: number) => Statistics
}

/** Counts in `pairs` where they are given: sessions may then be a sample. */
export function countingOf(
  sessions: Sessions,
  itemCount: number,
  pairs: AggregatedPairs | undefined,
): Counting {
  if (pairs) {
    return {
      listPairs: () => listAggregatedPairs(pairs, itemCount),
      buildGraph: buildWhole,
      countPopularity: (prior) => countAggregatedPopularity(pairs, itemCount, prior),
    }
  }
  const isLarge = hasManyPairs(sessions, itemCount)
  return {
    listPairs: () => listPairs(isLarge ? sampleForPairs(sessions, itemCount) : sessions, itemCount),
    buildGraph: isLarge
      ? (_, recipe, mostEdges) => buildGraphInParts(sessions, itemCount, recipe, mostEdges)
      : buildWhole,
    countPopularity: (prior) => countPopularity(sessions, itemCount, prior),
  }
}

function buildWhole(table: PairTable, recipe: GraphRecipe, mostEdges: number): Graph {
  return buildGraph(countPairs(table, recipe), recipe, mostEdges)
}
