/** Tunes each baseline as our own model is tuned, on the tail of its training data, then fits it on all of that. */
import { type SessionLog, holdOut, sessionIds } from '../../data/session-log.ts'
import { sessionCount } from '../../train/sessions.ts'
import { descend } from '../../train/coordinate-descent.ts'
import { TAIL_SHARE, TUNING_CASES } from '../../train/tuning-effort.ts'
import { type Ranker, measureRanker } from '../measure-ranker.ts'
import { ratesOf } from '../metrics.ts'
import type { Family, Settings } from './family.ts'
import { itemKnn, itemKnnPearson } from './item-knn.ts'
import { popularity, sessionPopularity } from './popularity.ts'
import { sequentialRules } from './sequential-rules.ts'
import { sessionKnn } from './session-knn.ts'
import { stan } from './stan.ts'

/** All baselines, the plainest first. */
export const BASELINES = [
  'popularity',
  'session-popularity',
  'item-knn',
  'item-knn-pearson',
  'sequential-rules',
  'session-knn',
  'stan',
] as const

/** One of {@link BASELINES}. */
export type BaselineName = (typeof BASELINES)[number]

/** A family whose settings only the family itself knows. */
type AnyFamily = Family<Record<string, Settings[string]>>

const FAMILIES = {
  popularity,
  'session-popularity': sessionPopularity,
  'item-knn': itemKnn,
  'item-knn-pearson': itemKnnPearson,
  'sequential-rules': sequentialRules,
  'session-knn': sessionKnn,
  stan,
}

/** A baseline ready to rank, and what tuning chose. */
export interface Baseline {
  rank: Ranker
  settings: Settings
  /** Settings that were tried. */
  trials: number
}

/** How to tune. */
export interface FitOptions {
  k: number
  signal?: AbortSignal
}

/** Fits a baseline on `train`, with the settings that serve the tail of it best. */
export function fitBaseline(name: BaselineName, train: SessionLog, options: FitOptions): Promise<Baseline> {
  // One of several families: each is consistent in itself, which a union of them cannot say.
  return tune(FAMILIES[name] as unknown as AnyFamily, train, options)
}

async function tune(
  { start, grid, fit }: AnyFamily,
  train: SessionLog,
  options: FitOptions,
): Promise<Baseline> {
  const { train: head, test } = holdOut(train, TAIL_SHARE)
  const tail = tailSessions(test)
  const rankers = fit(head, options.signal)
  const { settings, trials } = await descend<Settings>(start, grid, (trial) =>
    measureQuality(rankers(trial), tail, options),
  )
  return { rank: fit(train, options.signal)(settings), settings, trials }
}

/** Hit rate plus MRR, the objective that our own model is tuned by. */
async function measureQuality(
  rank: Ranker,
  sessions: readonly (readonly string[])[],
  { k, signal }: FitOptions,
): Promise<number> {
  const { ranks } = await measureRanker(rank, sessions, { k, ...(signal && { signal }) })
  const { hit_rate, mrr } = ratesOf(ranks)
  return hit_rate + mrr
}

/** Sessions spread evenly over the tail, about as many as make {@link TUNING_CASES} cases. */
function tailSessions(log: SessionLog): string[][] {
  const count = sessionCount(log.sessions)
  const cases = log.sessions.items.length - count
  const step = Math.max(1, Math.floor(cases / TUNING_CASES))
  return Array.from({ length: Math.ceil(count / step) }, (_, i) => sessionIds(log, i * step))
}
