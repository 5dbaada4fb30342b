/** Tunes each baseline on the tail of its training data, then fits it on all of that. */
import { type SessionLog, holdOut, sessionCount, sessionIds } from '../data/session-log.ts'
import {
  type ItemKnnSettings,
  type PairCounts,
  countPairs,
  itemKnnRanker,
  rankNeighboursBySimilarity,
} from './item-knn.ts'
import { type Ranker, measure } from './measure.ts'
import { ratesOf } from './metrics.ts'
import { type PopularitySettings, fitPopularity } from './popularity.ts'

/** Names of {@link fitBaseline}. */
export const BASELINES = ['popularity', 'item-knn'] as const

/** One of {@link BASELINES}. */
export type BaselineName = (typeof BASELINES)[number]

/** A baseline ready to rank, and what tuning chose. */
export interface Baseline {
  rank: Ranker
  settings: PopularitySettings | ItemKnnSettings
}

/** How to tune. */
export interface FitOptions {
  k: number
  signal?: AbortSignal
}

/** Tuned on what our own model also tunes on: the last tenth of the training sessions. */
const TAIL = 0.1
const TAIL_CASES = 4000

/** Fits a baseline on `train`. */
export function fitBaseline(name: BaselineName, train: SessionLog, options: FitOptions): Promise<Baseline> {
  return name === 'popularity' ? tunePopularity(train, options) : tuneItemKnn(train, options)
}

async function tunePopularity(train: SessionLog, options: FitOptions): Promise<Baseline> {
  const { train: head, test } = holdOut(train, TAIL)
  const tail = tailSessions(test)
  let best = { settings: { window: 1 }, quality: -1 }
  for (const window of [1, 0.5, 0.3, 0.1, 0.05, 0.02]) {
    const quality = await qualityOf(fitPopularity(head, { window }), tail, options)
    if (quality > best.quality) best = { settings: { window }, quality }
  }
  return { rank: fitPopularity(train, best.settings), settings: best.settings }
}

const GRID: { [setting in keyof ItemKnnSettings]: readonly ItemKnnSettings[setting][] } = {
  history: [1, 2, 3, 5, 10, 20],
  decay: [0.3, 0.6, 0.8, 0.9, 1],
  shrinkage: [0, 5, 20, 50, 100],
  neighbours: [20, 50, 100, 200, 500],
  repeats: [true, false],
}

/** Coordinate descent, two rounds over the grid: each setting in turn takes its best value. */
async function tuneItemKnn(train: SessionLog, options: FitOptions): Promise<Baseline> {
  const { train: head, test } = holdOut(train, TAIL)
  const tail = tailSessions(test)
  const rankers = rankersOf(countPairs(head, options.signal))
  let settings: ItemKnnSettings = { history: 5, decay: 0.8, shrinkage: 20, neighbours: 100, repeats: true }
  let quality = await qualityOf(rankers(settings), tail, options)
  for (let round = 0; round < 2; round++) {
    for (const name of Object.keys(GRID) as (keyof ItemKnnSettings)[]) {
      for (const value of GRID[name]) {
        if (value === settings[name]) continue
        const trial: ItemKnnSettings = { ...settings, [name]: value }
        const found = await qualityOf(rankers(trial), tail, options)
        if (found > quality) [settings, quality] = [trial, found]
      }
    }
  }
  return { rank: rankersOf(countPairs(train, options.signal))(settings), settings }
}

/** Returns rankers over one set of counts; the lists of the last shrinkage are kept. */
function rankersOf(pairs: PairCounts): (settings: ItemKnnSettings) => Ranker {
  const most = Math.max(...GRID.neighbours)
  const byShrinkage = new Map<number, ReturnType<typeof rankNeighboursBySimilarity>>()
  return (settings) => {
    const { shrinkage } = settings
    const known = byShrinkage.get(shrinkage) ?? rankNeighboursBySimilarity(pairs, shrinkage, most)
    byShrinkage.set(shrinkage, known)
    return itemKnnRanker(pairs, known, settings)
  }
}

/** Hit rate plus MRR, the objective that our own model is tuned by. */
async function qualityOf(
  rank: Ranker,
  sessions: readonly (readonly string[])[],
  { k, signal }: FitOptions,
): Promise<number> {
  const { ranks } = await measure(rank, sessions, { k, ...(signal && { signal }) })
  const { hit_rate, mrr } = ratesOf(ranks)
  return hit_rate + mrr
}

/** Sessions spread evenly over the tail, about as many as make {@link TAIL_CASES} cases. */
function tailSessions(log: SessionLog): string[][] {
  const count = sessionCount(log.sessions)
  const cases = log.sessions.items.length - count
  const step = Math.max(1, Math.floor(cases / TAIL_CASES))
  return Array.from({ length: Math.ceil(count / step) }, (_, i) => sessionIds(log, i * step))
}
