/** The objective of trends: window by window, which items sell most above their usual rate next. */
import { type Model, type TrendSettings, readShelfSettings, scoreTrend } from '@vitrine/recommender'
import type { SessionLog } from '../../data/session-log.ts'
import { countPopularity } from '../../train/popularity.ts'
import { type Sessions, sessionCount, sliceSessions } from '../../train/sessions.ts'
import type { Settings } from '../baselines/family.ts'
import type { ShelfRanker } from './measure-shelf.ts'
import type { ShelfQuestion } from './question.ts'
import type { ShelfFamily } from './shelf-family.ts'
import type { ShelfObjective } from './shelf-objectives.ts'

/** A question at one moment: what happens in the window after it. */
interface TrendQuestion extends ShelfQuestion {
  /** Sessions before the moment, of those known and asked in order. */
  readonly before: number
}

const WINDOWS = 10
/** Items of a window that count as trending. */
const TRENDING = 20

interface TrendObjective extends ShelfObjective {
  readonly joined: (known: SessionLog, asked: SessionLog) => SessionLog
  /** The device's own trend, on statistics as a training at the moment of the question counts them. */
  readonly ours: (model: Model, known: SessionLog, asked: SessionLog) => ShelfRanker
}

/** Trends. */
export const TREND_OBJECTIVE: TrendObjective = {
  placements: ['trending'],
  by: 'ndcg',
  ask: askWindows,
  joined,
  ours: (model, known, asked) =>
    rankTrends(joined(known, asked), readShelfSettings(model.reranker.shelves).trending),
  baselines: {
    popularity: {
      start: { window: 0.1 },
      grid: { window: [1, 0.3, 0.1, 0.05, 0.02] },
      fit:
        ({ log }) =>
        (settings: Settings) =>
        (question, k) => {
          const before = beforeOf(question)
          const since = Math.floor(before * (1 - Number(settings['window'])))
          const counts = countItems(sliceSessions(log.sessions, since, before), log.ids.length)
          return best(counts, k, log.ids)
        },
    } satisfies ShelfFamily,
  },
}

/** Cuts `asked` into windows of as many sessions; what rises most in each is right to show at its beginning. */
function askWindows(known: SessionLog, asked: SessionLog): ShelfQuestion[] {
  const all = joined(known, asked).sessions
  const first = sessionCount(known.sessions)
  const length = Math.floor(sessionCount(asked.sessions) / WINDOWS)
  if (length === 0) return []
  return Array.from({ length: WINDOWS }, (_, window): TrendQuestion => {
    const before = first + window * length
    const usual = countItems(sliceSessions(all, 0, before), known.ids.length)
    const next = countItems(sliceSessions(all, before, before + length), known.ids.length)
    const rise = next.map((times, item) => times - (usual[item]! * length) / before)
    return { shopper: window, history: [], before, relevant: new Set(best(rise, TRENDING, known.ids)) }
  })
}

function rankTrends(log: SessionLog, settings: TrendSettings): ShelfRanker {
  const scores = new Float32Array(log.ids.length)
  return (question, k) => {
    const sessions = sliceSessions(log.sessions, 0, beforeOf(question))
    scoreTrend(countPopularity(sessions, log.ids.length, 0), settings, scores)
    return best(scores, k, log.ids)
  }
}

function beforeOf(question: ShelfQuestion): number {
  return (question as TrendQuestion).before
}

function countItems({ items }: Sessions, itemCount: number): Float32Array {
  const counts = new Float32Array(itemCount)
  for (const item of items) counts[item]! += 1
  return counts
}

/** Ids of the `k` largest values above 0, equal ones by first occurrence. */
function best(values: Float32Array, k: number, ids: readonly string[]): string[] {
  const order = [...values.keys()].filter((item) => values[item]! > 0)
  return order
    .toSorted((a, b) => values[b]! - values[a]! || a - b)
    .slice(0, k)
    .map((item) => ids[item]!)
}

/** Sessions of both, in order. */
function joined(known: SessionLog, asked: SessionLog): SessionLog {
  const shift = known.sessions.items.length
  const { offsets, items } = asked.sessions
  return {
    ids: known.ids,
    sessions: {
      offsets: Uint32Array.from([...known.sessions.offsets, ...offsets.subarray(1).map((at) => at + shift)]),
      items: Uint32Array.from([...known.sessions.items, ...items]),
    },
  }
}
