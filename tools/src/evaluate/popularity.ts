/** Baseline: the most frequent items of the newest part of the training data, whoever asks. */
import type { SessionLog } from '../data/session-log.ts'
import type { Ranker } from './measure.ts'

/** What can be tuned. */
export interface PopularitySettings {
  /** Share of the training sessions that counts, from the newest: 0 to 1. */
  window: number
}

/** Fits the baseline. */
export function fitPopularity({ ids, sessions }: SessionLog, { window }: PopularitySettings): Ranker {
  const { offsets, items } = sessions
  const first = Math.floor((offsets.length - 1) * (1 - window))
  const counts = new Uint32Array(ids.length)
  for (const item of items.subarray(offsets[first])) counts[item]! += 1
  const order = [...ids.keys()].toSorted((a, b) => counts[b]! - counts[a]! || a - b).map((item) => ids[item]!)
  return (_, k) => order.slice(0, k)
}
