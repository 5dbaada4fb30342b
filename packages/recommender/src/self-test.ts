/** The self-test: this device answers the golden histories as training did, or does not use the model. */
import { checkAnswers } from './check-answers.ts'
import type { GoldenCase } from './golden.ts'
import type { Model } from './model.ts'
import { rankAfter, scanForQuery } from './ranking.ts'

const K = 20

/** Returns what `model` answers to `history` (item indices, at least one). */
export function answerOf(model: Model, history: readonly number[]): Promise<GoldenCase> {
  return model.withWorkspace(async (work) => {
    await model.encode(history, work.query)
    const scan = await scanForQuery(model, K, undefined, work)
    const found = await rankAfter(model, history, K, undefined, work)
    const order = Array.from(work.order.subarray(0, found))
    return {
      history,
      ranked: {
        items: order.map((place) => work.items[place]!),
        scores: order.map((place) => work.scores[place]!),
      },
      scanned: { items: Array.from(scan.indices), scores: Array.from(scan.scores) },
    }
  })
}

/**
 * Checks that this device answers every golden case as training did, with the engine that is in use.
 *
 * @throws what {@link checkAnswers} throws.
 */
export function selfTest(model: Model): Promise<void> {
  return checkAnswers(model, answerOf)
}
