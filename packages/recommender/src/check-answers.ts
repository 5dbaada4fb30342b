/** Compares a model's answers with its golden ones; apart from what answers, as a browser loads it only to test. */
import { VitrineError } from '@vitrine/contracts'
import { corrupt } from './bytes.ts'
import { type GoldenCase, type GoldenList, readGolden } from './golden.ts'
import type { Model } from './model.ts'

/**
 * How far a score may lie from the golden one, absolute and relative: engines differ in the last digits of
 * exp and log, and a wrong kernel differs in the first.
 */
const TOLERANCE = 1e-3

/**
 * Checks that `answerOf` answers every golden case as training did, with the engine that is in use.
 *
 * @throws `VitrineError('SELF_TEST_FAILED')` naming the first list that differs, `ARTIFACT_CORRUPT` without cases of
 * the engine in use.
 */
export async function checkAnswers(
  model: Model,
  answerOf: (model: Model, history: readonly number[]) => Promise<GoldenCase>,
): Promise<void> {
  const { name, device } = model.engine
  const golden = readGolden(model.golden, model.manifest.items)
  const cases = name === 'built-in' ? golden.cases : golden.engineCases
  if (!cases) throw corrupt('golden', `it has no cases of the engine ${name}`)
  for (const [index, expected] of cases.entries()) {
    const actual = await answerOf(model, expected.history)
    // The engine failed on the way: from now on the built-in encoder's answers count.
    if (model.engine.name !== name) return checkAnswers(model, answerOf)
    for (const list of ['ranked', 'scanned'] as const) {
      const rank = firstDifference(expected[list], actual[list])
      if (rank < 0) continue
      throw new VitrineError(
        'SELF_TEST_FAILED',
        `Revision ${model.manifest.revision} on ${model.device}, encoder ${name} on ${device}: golden case ${index}, ${list}, differs at rank ` +
          `${rank} (${describe(actual[list], rank)} in place of ${describe(expected[list], rank)}). Use another device.`,
      )
    }
  }
}

/** Returns the first rank at which the lists differ, −1 for none. Items within tolerance may change places. */
function firstDifference(expected: GoldenList, actual: GoldenList): number {
  const { length } = expected.items
  if (actual.items.length !== length) return Math.min(actual.items.length, length)
  for (let rank = 0; rank < length; rank++) {
    const score = expected.scores[rank]!
    const isClose = (other: number | undefined): boolean =>
      other !== undefined && Math.abs(other - score) <= TOLERANCE * (1 + Math.abs(score))
    if (!isClose(actual.scores[rank])) return rank
    const hasTwin =
      isClose(expected.scores[rank - 1]) || isClose(expected.scores[rank + 1]) || rank === length - 1
    if (actual.items[rank] !== expected.items[rank] && !hasTwin) return rank
  }
  return -1
}

function describe({ items, scores }: GoldenList, rank: number): string {
  return rank < items.length ? `item ${items[rank]} with ${scores[rank]}` : 'nothing'
}
