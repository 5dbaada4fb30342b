/** Hit rate and mean reciprocal rank at 20, over cases. */

/** Length of the lists that training is measured by. */
export const LIST_LENGTH = 20

/** In percent. */
export interface Quality {
  readonly hitRate: number
  readonly mrr: number
}

/** Adds up ranks, counted from 0. */
export class RankSum {
  #cases = 0
  #hits = 0
  #reciprocals = 0

  /** Counts a case whose target came at `rank`; −1 for not at all. */
  add(rank: number): void {
    this.#cases++
    if (rank < 0 || rank >= LIST_LENGTH) return
    this.#hits++
    this.#reciprocals += 1 / (rank + 1)
  }

  get quality(): Quality {
    const unit = 100 / Math.max(1, this.#cases)
    return { hitRate: this.#hits * unit, mrr: this.#reciprocals * unit }
  }
}

/** What settings are chosen by: hit rate@20 + MRR@20. */
export function objective({ hitRate, mrr }: Quality): number {
  return hitRate + mrr
}

/** What the graph's settings can be chosen by. */
export type TuningGoal = 'both' | 'hit-rate' | 'mrr'

/** How much a quality is worth to each. */
export const TUNING_GOALS: Readonly<Record<TuningGoal, (quality: Quality) => number>> = {
  both: objective,
  'hit-rate': ({ hitRate }) => hitRate,
  mrr: ({ mrr }) => mrr,
}

/**
 * Returns the rank of the candidate at `place` among `scores[0..count)`, equal scores by rising item; −1 for a
 * place of −1.
 */
export function rankOf(scores: Float32Array, items: Uint32Array, count: number, place: number): number {
  if (place < 0) return -1
  const score = scores[place]!
  const item = items[place]!
  let rank = 0
  for (let i = 0; i < count; i++) {
    if (scores[i]! > score || (scores[i] === score && items[i]! < item)) rank++
  }
  return rank
}
