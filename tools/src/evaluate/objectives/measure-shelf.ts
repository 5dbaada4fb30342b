/** Measures of lists to which several items may be right. */
import type { ShelfQuestion } from './question.ts'

/** Returns the best `k` item ids for a question, best first. */
export type ShelfRanker = (
  question: ShelfQuestion,
  k: number,
) => Promise<readonly string[]> | readonly string[]

/** Means over questions, each 0 to 1. */
export interface ShelfRates {
  /** Share of the right items that are listed. */
  recall: number
  /** Share of the lists' places that hold a right item. */
  precision: number
  /** Share of the lists that hold any right item. */
  hit_rate: number
  /** Gain of the right items by their places, of the most that was possible. */
  ndcg: number
}

/** One of the measures. */
export type ShelfMeasure = keyof ShelfRates

/** A ranker's values by measure, `[questions]` each. */
export type ShelfValues = Readonly<Record<ShelfMeasure, Float64Array>>

const QUESTIONS_A_TURN = 64

/** Asks `rank` all `questions`. */
export async function measureShelf(
  rank: ShelfRanker,
  questions: readonly ShelfQuestion[],
  { k, signal }: { k: number; signal?: AbortSignal },
): Promise<ShelfValues> {
  const values = {
    recall: new Float64Array(questions.length),
    precision: new Float64Array(questions.length),
    hit_rate: new Float64Array(questions.length),
    ndcg: new Float64Array(questions.length),
  }
  for (const [q, question] of questions.entries()) {
    const { relevant } = question
    let found = 0
    let gain = 0
    for (const [place, id] of (await rank(question, k)).entries()) {
      if (!relevant.has(id)) continue
      found += 1
      gain += 1 / Math.log2(place + 2)
    }
    let most = 0
    for (let best = 0; best < Math.min(k, relevant.size); best++) most += 1 / Math.log2(best + 2)
    values.recall[q] = found / relevant.size
    values.precision[q] = found / k
    values.hit_rate[q] = found > 0 ? 1 : 0
    values.ndcg[q] = gain / most
    if (q % QUESTIONS_A_TURN > 0) continue
    await new Promise((done) => setImmediate(done))
    signal?.throwIfAborted()
  }
  return values
}

/** Means of `values`; zeros where there are no questions. */
export function shelfRatesOf({ recall, precision, hit_rate, ndcg }: ShelfValues): ShelfRates {
  return {
    recall: meanOf(recall),
    precision: meanOf(precision),
    hit_rate: meanOf(hit_rate),
    ndcg: meanOf(ndcg),
  }
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)
}
