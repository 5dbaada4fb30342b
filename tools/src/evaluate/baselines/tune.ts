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
  const { settings, trials } = await descend<Settings>(start, grid, createTrial(rankers, tail, options))
  return { rank: fit(train, options.signal)(settings), settings, trials }
}

/** Every so manieth session is asked first. */
const GLANCE = 4
/** A setting this far behind the best one after the glance is asked no more: several times the error of such a difference. */
const HOPELESS = 0.02
/** Fewer cases than this tell too little to give a setting up for. */
const FEWEST_CASES = 1000

/** Returns what measures settings on `tail`; clearly worse ones than the best so far on a quarter of it alone. */
function createTrial(
  rankers: (settings: Settings) => Ranker,
  tail: readonly (readonly string[])[],
  options: FitOptions,
): (settings: Settings) => Promise<number> {
  const glance = tail.filter((_, at) => at % GLANCE === 0)
  const rest = tail.filter((_, at) => at % GLANCE > 0)
  let best = { whole: -Infinity, glance: -Infinity }
  return async (settings) => {
    const rank = rankers(settings)
    const first = await measureQuality(rank, glance, options)
    const atFirst = first.sum / Math.max(1, first.cases)
    if (first.cases >= FEWEST_CASES && atFirst < best.glance - HOPELESS) return -Infinity
    const second = await measureQuality(rank, rest, options)
    const whole = (first.sum + second.sum) / Math.max(1, first.cases + second.cases)
    if (whole > best.whole) best = { whole, glance: atFirst }
    return whole
  }
}

/** Hit rate plus MRR, the objective that our own model is tuned by, added up over the cases. */
async function measureQuality(
  rank: Ranker,
  sessions: readonly (readonly string[])[],
  { k, signal }: FitOptions,
): Promise<{ sum: number; cases: number }> {
  const { ranks } = await measureRanker(rank, sessions, { k, ...(signal && { signal }) })
  const { hit_rate, mrr, cases } = ratesOf(ranks)
  return { sum: cases * (hit_rate + mrr), cases }
}

/** Sessions spread evenly over the tail, about as many as make {@link TUNING_CASES} cases. */
function tailSessions(log: SessionLog): string[][] {
  const count = sessionCount(log.sessions)
  const cases = log.sessions.items.length - count
  const step = Math.max(1, Math.floor(cases / TUNING_CASES))
  return Array.from({ length: Math.ceil(count / step) }, (_, i) => sessionIds(log, i * step))
}
