/** Trend: which items sell above their usual rate of late. */
import type { TrendSettings } from './shelf-settings.ts'
import { POPULARITY_SHARES, type Statistics } from './statistics.ts'

/**
 * Fills `scores` `[N]`: how far each item's count in the recent share of the sessions lies above what its count in
 * all of them lets expect, shrunk by how little there is to go by.
 */
export function scoreTrend(
  { count, popularity }: Statistics,
  { recent, smoothing, power }: TrendSettings,
  scores: Float32Array,
): void {
  const share = POPULARITY_SHARES[recent]!
  for (let item = 0; item < count; item++) {
    const expected = share * Math.expm1(popularity[item]!)
    const found = Math.expm1(popularity[recent * count + item]!)
    scores[item] = (found - expected) / (expected + smoothing) ** power
  }
}
