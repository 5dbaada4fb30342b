/** Tunes each baseline as our own model is tuned, on the tail of its training data. */
import { type SessionLog, holdOut, sessionIds } from '../../data/session-log.ts'
import { sessionCount } from '../../train/sessions.ts'
import { descend } from '../../train/coordinate-descent.ts'
import { FEWEST_TRIALS, TAIL_SHARE, TUNING_CASES } from '../../train/tuning-effort.ts'
import { countCases } from '../cases.ts'
import { ratesOf } from '../metrics.ts'
import type { Panel } from '../panel/panel.ts'
import { type BaselineName, searchOf } from './families.ts'
import type { Settings } from './family.ts'

/** What tuning chose. */
export interface TunedBaseline {
  settings: Settings
  /** Settings that were tried. */
  trials: number
  /** Cases of the tail that they were tried on. */
  cases: number
}

/** How to tune. */
export interface TuneOptions {
  k: number
  /** Called after each trial, with how many there were. */
  onTrial?: (trials: number) => void
  signal?: AbortSignal
}

/** Returns the settings that serve the tail of `train` best, fitted on what was before. */
export async function tuneBaseline(
  name: BaselineName,
  train: SessionLog,
  panel: Panel,
  options: TuneOptions,
): Promise<TunedBaseline> {
  const { start, grid } = searchOf(name)
  const tail = tailSessions(holdOut(train, TAIL_SHARE).test)
  const { settings, trials } = await descend<Settings>(start, grid, createTrial(name, panel, tail, options), {
    fewestTrials: FEWEST_TRIALS,
  })
  return { settings, trials, cases: countCases(tail) }
}

/** Every so manieth session is asked first. */
const GLANCE = 4
/** A setting this far behind the best one after the glance is asked no more: several times the error of such a difference. */
const HOPELESS = 0.02
/** Fewer cases than this tell too little to give a setting up for. */
const FEWEST_CASES = 1000

/** Returns what measures settings on `tail`; clearly worse ones than the best so far on a quarter of it alone. */
function createTrial(
  name: BaselineName,
  panel: Panel,
  tail: readonly (readonly string[])[],
  { k, onTrial, signal }: TuneOptions,
): (settings: Settings) => Promise<number> {
  const glance = tail.filter((_, at) => at % GLANCE === 0)
  const rest = tail.filter((_, at) => at % GLANCE > 0)
  let best = { whole: -Infinity, glance: -Infinity }
  let trials = 0
  /** Hit rate plus MRR, the objective that our own model is tuned by, added up over the cases. */
  const measure = async (
    settings: Settings,
    sessions: readonly (readonly string[])[],
  ): Promise<{ sum: number; cases: number }> => {
    const source = { kind: 'baseline', name, settings, fittedOn: 'head' } as const
    const { ranks } = await panel.measure(source, sessions, { k, ...(signal && { signal }) })
    const { hit_rate, mrr, cases } = ratesOf(ranks)
    return { sum: cases * (hit_rate + mrr), cases }
  }
  return async (settings) => {
    onTrial?.(++trials)
    const first = await measure(settings, glance)
    const atFirst = first.sum / Math.max(1, first.cases)
    if (first.cases >= FEWEST_CASES && atFirst < best.glance - HOPELESS) return -Infinity
    const second = await measure(settings, rest)
    const whole = (first.sum + second.sum) / Math.max(1, first.cases + second.cases)
    if (whole > best.whole) best = { whole, glance: atFirst }
    return whole
  }
}

/** Sessions spread evenly over the tail, about as many as make {@link TUNING_CASES} cases. */
function tailSessions(log: SessionLog): string[][] {
  const count = sessionCount(log.sessions)
  const cases = log.sessions.items.length - count
  const step = Math.max(1, Math.floor(cases / TUNING_CASES))
  return Array.from({ length: Math.ceil(count / step) }, (_, i) => sessionIds(log, i * step))
}
