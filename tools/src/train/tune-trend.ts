/** Settings of the trending shelf, chosen on the tail of the training sessions. */
import { DEFAULT_SHELVES, type TrendSettings, chooseBest, scoreTrend } from '@vitrine/recommender'
import { descend } from './coordinate-descent.ts'
import { LIST_LENGTH } from './measure.ts'
import { countPopularity } from './popularity.ts'
import { type Sessions, sessionCount, sliceSessions } from './sessions.ts'

const TREND_GRID = { recent: [1, 2, 3], power: [0, 0.25, 0.5, 0.75, 1], smoothing: [1, 3, 10, 30, 100] }
const WINDOWS = 10

/** Window by window of the tail: how much of the rise to come the trending list holds. */
export async function tuneTrend(
  sessions: Sessions,
  first: number,
  itemCount: number,
  pause: () => Promise<void>,
): Promise<TrendSettings> {
  const length = Math.floor((sessionCount(sessions) - first) / WINDOWS)
  if (length === 0 || first === 0) return DEFAULT_SHELVES.trending
  const windows = Array.from({ length: WINDOWS }, (_, window) => {
    const before = first + window * length
    const known = sliceSessions(sessions, 0, before)
    const rise = new Float32Array(itemCount)
    for (const item of sliceSessions(sessions, before, before + length).items) rise[item]! += 1
    for (const item of known.items) rise[item]! -= length / before
    return { statistics: countPopularity(known, itemCount, 0), rise }
  })
  const scores = new Float32Array(itemCount)
  const items = Uint32Array.from(scores.keys())
  const order = new Uint32Array(LIST_LENGTH + 1)
  const { settings } = await descend<TrendSettings>(DEFAULT_SHELVES.trending, TREND_GRID, async (trial) => {
    await pause()
    let sum = 0
    for (const { statistics, rise } of windows) {
      scoreTrend(statistics, trial, scores)
      const listed = chooseBest(scores, itemCount, items, LIST_LENGTH, order)
      for (const item of order.subarray(0, listed)) sum += rise[item]!
    }
    return sum
  })
  return settings
}
