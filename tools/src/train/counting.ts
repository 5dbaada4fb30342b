/** Where graph and popularity are counted: in the sessions, or in pairs that a warehouse counted. */
import type { Statistics } from '@vitrine/recommender'
import { type AggregatedPairs, countAggregatedPopularity, listAggregatedPairs } from './aggregated-pairs.ts'
import { type PairTable, listPairs } from './pairs.ts'
import { countPopularity } from './popularity.ts'
import type { Sessions } from './sessions.ts'

/** What graph and popularity rest on. */
export interface Counting {
  readonly listPairs: () => PairTable
  readonly countPopularity: (prior: number) => Statistics
}

/** Counts in `pairs` where they are given: sessions may then be a sample. */
export function countingOf(
  sessions: Sessions,
  itemCount: number,
  pairs: AggregatedPairs | undefined,
): Counting {
  return pairs
    ? {
        listPairs: () => listAggregatedPairs(pairs, itemCount),
        countPopularity: (prior) => countAggregatedPopularity(pairs, itemCount, prior),
      }
    : {
        listPairs: () => listPairs(sessions, itemCount),
        countPopularity: (prior) => countPopularity(sessions, itemCount, prior),
      }
}
