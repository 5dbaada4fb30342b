/** Learning the ranker: on lists of the tail, from evidence that was counted and learned on the head alone. */
import {
  type CandidateSettings,
  type Evidence,
  type FeatureName,
  type StoredReranker,
  Workspace,
} from '@vitrine/recommender'
import { fitReranker, measureReranker } from './fit-reranker.ts'
import { objective } from './measure.ts'
import { PLAIN_RERANKER } from './plain-reranker.ts'
import { choosePrior } from './popularity.ts'
import { createRandom } from './random.ts'
import { type RankingCases, collectRankingCases } from './ranking-cases.ts'
import type { Run } from './run.ts'
import { type Cases, type Sessions, casesOf, headCount, sessionCount, sliceSessions } from './sessions.ts'
import { measureGraph } from './tune-graph.ts'
import type { StageMetrics } from './types.ts'

/** Share of the tail's sessions that the ranker learns from; the rest says how good it is. */
const LEARN_SHARE = 0.8
/** Enough to learn a small network from, few enough to keep their candidates in memory. */
const RANKER_CASES = 20_000
/** Fewer lists than this teach a network nothing; the plain weighted sum serves. */
const FEWEST_LISTS = 200
const HIDDEN = 32
const EPOCHS = 10

/** Both the graph and the scan always give candidates: each finds what the other misses. */
export const CANDIDATES: CandidateSettings = { limit: 100, hopSeeds: 2, enough: 101, scan: 100 }

/** The parts that sessions fall into while settings are chosen, by time. */
export interface SessionParts {
  /** What everything is counted and learned on meanwhile. */
  readonly head: Sessions
  /** What settings are chosen on. */
  readonly tail: Sessions
  /** Of the tail: cases that the ranker learns from, and newer ones that say how good it is. */
  readonly learned: Cases
  readonly heldOut: Cases
}

/** Splits `sessions`. */
export function partsOf(sessions: Sessions): SessionParts {
  const count = sessionCount(sessions)
  const cut = headCount(sessions)
  const learnEnd = cut + Math.floor((count - cut) * LEARN_SHARE)
  return {
    head: sliceSessions(sessions, 0, cut),
    tail: sliceSessions(sessions, cut, count),
    learned: casesOf(sliceSessions(sessions, cut, learnEnd), RANKER_CASES * LEARN_SHARE),
    heldOut: casesOf(sliceSessions(sessions, learnEnd, count), RANKER_CASES * (1 - LEARN_SHARE)),
  }
}

/** The lists of both parts. */
export interface RankerLists {
  readonly learned: RankingCases
  readonly heldOut: RankingCases
}

/** Gathers candidates and features from evidence of the head. */
export async function collectLists(
  evidence: Evidence,
  { learned, heldOut }: SessionParts,
  candidates: CandidateSettings,
  pause: () => Promise<void>,
): Promise<RankerLists> {
  return {
    learned: await collectRankingCases(evidence, learned, candidates, pause),
    heldOut: await collectRankingCases(evidence, heldOut, candidates, pause),
  }
}

/** How to learn. */
export interface LearnOptions {
  readonly seed: number
  readonly candidates?: CandidateSettings
  /** What the ranker may read; all features where missing. */
  readonly features?: readonly FeatureName[]
  /** Units of the hidden layer, divisible by 8. */
  readonly hidden?: number
  /** `[rows of learned]` what a teacher would have of each candidate, see `fitReranker`. */
  readonly shares?: Float32Array
}

/** A ranker, and how it came along. */
export interface LearnedRanker {
  readonly reranker: StoredReranker
  /** Quality of the weighted sum, and of the network where it is better and thus chosen. */
  readonly stages: readonly StageMetrics[]
  readonly loss: readonly number[]
}

/** Learns a network, and takes the plain weighted sum where that ranks what was held out better. */
export async function learnRanker(
  { learned, heldOut }: RankerLists,
  { seed, candidates = CANDIDATES, features, hidden = HIDDEN, shares }: LearnOptions,
  run: Run,
): Promise<LearnedRanker> {
  const loss: number[] = []
  const network = await fitReranker(learned, {
    candidates,
    hidden,
    epochs: learned.targets.length < FEWEST_LISTS ? 0 : EPOCHS,
    random: createRandom(seed),
    ...(features && { features }),
    ...(shares && { shares }),
    onEpoch: async (epoch, mean) => {
      loss.push(mean)
      run.report('ranker', 0.7 + (0.2 * (epoch + 1)) / EPOCHS, `epoch ${epoch + 1}: loss ${mean.toFixed(4)}`)
      await run.pause()
    },
  })
  const plain: StoredReranker = { ...PLAIN_RERANKER, candidates }
  const plainStage = { name: 'weighted sum', ...measureReranker(plain, heldOut) }
  const networkStage = { name: 'network', ...measureReranker(network, heldOut) }
  const isBetter = loss.length > 0 && objective(networkStage) > objective(plainStage)
  return {
    reranker: isBetter ? network : plain,
    stages: isBetter ? [plainStage, networkStage] : [plainStage],
    loss,
  }
}

/** What popularity alone, and one hop in the graph alone, reach on the cases that were held out. */
export function simplerStages({ graph, statistics }: Evidence, heldOut: Cases): StageMetrics[] {
  return [
    { name: 'popularity', ...choosePrior(statistics, heldOut).quality },
    // The graph needs no query: a workspace of the least dimension will do.
    { name: 'graph', ...measureGraph(graph, heldOut, new Workspace(statistics.count, 16)) },
  ]
}
