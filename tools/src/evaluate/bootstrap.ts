/** Paired bootstrap: how far the difference of two rankers could be chance. */

import { createRandom } from '../train/random.ts'

/** Mean difference over the cases, with its 95% interval. */
export interface Difference {
  mean: number
  low: number
  high: number
}

const SAMPLES = 1000

/**
 * Returns the mean of `differences` (one a case, ours minus theirs) and its percentile interval. Whole
 * sessions are drawn, with replacement, because the cases of one session are not independent.
 *
 * @param sessions Session of each case, rising.
 */
export function pairedBootstrap(
  differences: Float64Array,
  sessions: Uint32Array,
  { samples = SAMPLES, seed = 1 }: { samples?: number; seed?: number } = {},
): Difference {
  const sums: number[] = []
  const counts: number[] = []
  for (let i = 0; i < differences.length; i++) {
    if (i === 0 || sessions[i] !== sessions[i - 1]) {
      sums.push(0)
      counts.push(0)
    }
    const last = sums.length - 1
    sums[last]! += differences[i]!
    counts[last]! += 1
  }
  const total = sums.reduce((sum, value) => sum + value, 0)
  const mean = total / Math.max(1, differences.length)
  if (sums.length === 0) return { mean: 0, low: 0, high: 0 }
  const random = createRandom(seed)
  const means = Float64Array.from({ length: samples }, () => {
    let sum = 0
    let cases = 0
    for (let draw = 0; draw < sums.length; draw++) {
      const s = Math.floor(random() * sums.length)
      sum += sums[s]!
      cases += counts[s]!
    }
    return sum / cases
  }).toSorted()
  const at = (q: number): number => means[Math.min(samples - 1, Math.floor(q * samples))]!
  return { mean, low: at(0.025), high: at(0.975) }
}
