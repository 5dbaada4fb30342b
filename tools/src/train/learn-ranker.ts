/** Learning the ranker: on lists of the tail, from evidence that was counted and learned on the head alone. */
import {
  type CandidateSettings,
  type Evidence,
  FEATURE_COUNT,
  type FeatureName,
  type StoredReranker,
  Workspace,
} from '@vitrine/recommender'
import { fitReranker, measureReranker } from './fit-reranker.ts'
import { objective } from './measure.ts'
import { PLAIN_RERANKER } from './plain-reranker.ts'
import { choosePrior } from './popularity.ts'
import { createRandom } from './random.ts'
import { type KnownShoppers, type RankingCases, collectRankingCases, sliceLists } from './ranking-cases.ts'
import type { Run } from './run.ts'
import { type VisitLog, contextsOf, sliceVisits } from './session-contexts.ts'
import { FLOPS } from './session-recipe.ts'
import { type Cases, type Sessions, casesOf, headCount, sessionCount, sliceSessions } from './sessions.ts'
import { measureGraph } from './tune-graph.ts'
import type { StageMetrics } from './types.ts'

/** Share of the tail's sessions that the ranker learns from; the rest says how good it is. */
const LEARN_SHARE = 0.8
/** As many lists as fit into a gigabyte, twice: the more, the better. */
const RANKER_CASES = 32_000
/** Fewer lists than this teach a network nothing; the plain weighted sum serves. */
const FEWEST_LISTS = 200
const HIDDEN = 32
/** What networks from different beginnings disagree on is mostly noise. */
const NETWORKS = 2
const EPOCHS = 12
const FEWEST_EPOCHS = 4
/** Share of a budget that learning may take, both times together. */
const BUDGET_SHARE = 0.2

/** Graph and scan always both give candidates: each finds what the other misses. */
export const CANDIDATES: CandidateSettings = { limit: 100, hopSeeds: 2, scan: 100, ranked: 100 }
/** Of a shopper who is known. */
const PAST_CANDIDATES = 20

/** The parts that sessions fall into while settings are chosen, by time. */
export interface SessionParts {
  /** What everything is counted and learned on meanwhile. */
  readonly head: Sessions
  /** What settings are chosen on. */
  readonly tail: Sessions
  /** Cases of the tail, and of these the newest, that say how good a ranker is which learned from the others. */
  readonly cases: Cases
  readonly heldOut: Cases
  /** What is known of the shoppers of the tail's sessions; missing where that is nothing. */
  readonly known?: KnownShoppers
  /** How many candidates come from where. */
  readonly candidates: CandidateSettings
}

/** Splits `sessions`; `visits` are the same with what is known of them. */
export function partsOf(sessions: Sessions, visits?: VisitLog): SessionParts {
  const count = sessionCount(sessions)
  const cut = headCount(sessions)
  const tail = sliceSessions(sessions, cut, count)
  const cases = casesOf(tail, RANKER_CASES)
  const boundary = tail.offsets[Math.floor((count - cut) * LEARN_SHARE)]!
  const learned = cases.targets.filter((target) => target < boundary).length
  const { items, targets, starts, owners } = cases
  const contexts = visits && contextsOf(sliceVisits(visits, cut, count), sliceVisits(visits, 0, cut))
  return {
    head: sliceSessions(sessions, 0, cut),
    tail,
    cases,
    heldOut: {
      items,
      targets: targets.subarray(learned),
      starts: starts.subarray(learned),
      owners: owners.subarray(learned),
    },
    ...(visits && contexts && { known: { ids: visits.ids, sessions: tail, contexts } }),
    candidates: { ...CANDIDATES, ...(contexts && { past: PAST_CANDIDATES }) },
  }
}

/** The lists of the tail's cases. */
export interface RankerLists {
  readonly all: RankingCases
  /** Views of them: those that a ranker learns from while it is measured on the rest. */
  readonly learned: RankingCases
  readonly heldOut: RankingCases
  /** Where their candidates come from. */
  readonly candidates: CandidateSettings
}

/** Gathers candidates and features from evidence of the head. */
export async function collectLists(
  evidence: Evidence,
  { cases, heldOut, known, candidates: usual }: SessionParts,
  pause: () => Promise<void>,
  candidates: CandidateSettings = usual,
): Promise<RankerLists> {
  const all = await collectRankingCases(evidence, cases, candidates, pause, known)
  const count = cases.targets.length
  const learned = count - heldOut.targets.length
  return {
    all,
    learned: sliceLists(all, 0, learned),
    heldOut: sliceLists(all, learned, count),
    candidates,
  }
}

/** How to learn. */
export interface LearnOptions {
  readonly seed: number
  /** What the ranker may read; all features where missing. */
  readonly features?: readonly FeatureName[]
  /** Units of the hidden layer, divisible by 8. */
  readonly hidden?: number
  /** `[rows of learned]` what a teacher would have of each candidate, see `fitReranker`. */
  readonly shares?: Float32Array
}

/** A ranker, and how it came along. */
export interface LearnedRanker {
  /** It has seen nothing of what was held out. */
  readonly reranker: StoredReranker
  /** Quality of the weighted sum, and of the network where it is better and thus chosen. */
  readonly stages: readonly StageMetrics[]
  /** Mean loss a list by epoch, of all networks. */
  readonly loss: readonly number[]
  /** Learns it again from all lists: the newest are most like those to come. */
  readonly onAll: () => Promise<StoredReranker>
}

/** Learns a network, and takes the plain weighted sum where that ranks what was held out better. */
export async function learnRanker(
  { all, learned, heldOut, candidates }: RankerLists,
  { seed, features, hidden = HIDDEN, shares }: LearnOptions,
  run: Run,
): Promise<LearnedRanker> {
  const plain: StoredReranker = { ...PLAIN_RERANKER, candidates }
  const plainStage = { name: 'weighted sum', ...measureReranker(plain, heldOut) }
  const epochs = epochsWithin(run.budgetMs, learned.items.length + all.items.length, hidden)
  const loss = Array.from({ length: learned.targets.length < FEWEST_LISTS ? 0 : epochs }, () => 0)
  const fit = (
    lists: RankingCases,
    from: number,
    onLoss: (epoch: number, mean: number) => void,
    shares?: Float32Array,
  ): Promise<StoredReranker> =>
    fitReranker(lists, {
      candidates,
      hidden,
      networks: NETWORKS,
      epochs: loss.length,
      random: createRandom(seed),
      ...(features && { features }),
      ...(shares && { shares }),
      onEpoch: async (epoch, mean) => {
        onLoss(epoch % epochs, mean)
        const share = from + (0.12 * (epoch + 1)) / (NETWORKS * epochs)
        run.report('ranker', share, `epoch ${epoch + 1}: loss ${mean.toFixed(4)}`)
        await run.pause()
      },
    })
  const network = await fit(learned, 0.65, (epoch, mean) => (loss[epoch]! += mean / NETWORKS), shares)
  const networkStage = { name: 'network', ...measureReranker(network, heldOut) }
  const isBetter = loss.length > 0 && objective(networkStage) > objective(plainStage)
  return {
    reranker: isBetter ? network : plain,
    stages: isBetter ? [plainStage, networkStage] : [plainStage],
    loss,
    // A teacher's shares are of the learned lists alone.
    onAll: async () => (isBetter && !shares ? fit(all, 0.77, () => undefined) : isBetter ? network : plain),
  }
}

/** Returns how often `rows` may be passed over: by a count of operations, never by the clock, so that a seed replays. */
function epochsWithin(budgetMs: number, rows: number, hidden: number): number {
  const operations = 6 * rows * FEATURE_COUNT * hidden * NETWORKS
  const affordable = Math.floor((BUDGET_SHARE * (budgetMs / 1000) * FLOPS) / operations)
  return Math.min(EPOCHS, Math.max(FEWEST_EPOCHS, affordable))
}

/** What popularity alone, and one hop in the graph alone, reach on the cases that were held out. */
export function simplerStages({ graph, statistics }: Evidence, heldOut: Cases): StageMetrics[] {
  return [
    { name: 'popularity', ...choosePrior(statistics, heldOut).quality },
    // The graph needs no query: a workspace of the least dimension will do.
    { name: 'graph', ...measureGraph(graph, heldOut, new Workspace(statistics.count, 16)) },
  ]
}
