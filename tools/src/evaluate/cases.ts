/** The literature's protocol: every prefix of a test session predicts the item that comes next. */

/** One question to a ranker. */
export interface EvaluationCase {
  /** Number of the session, from 0 in order of the input. */
  session: number
  /** Items so far, oldest first, at least one. */
  prefix: readonly string[]
  target: string
}

/** Yields the cases of `sessions`, in order of the input and of the prefix's length. */
export function* questionsOf(
  sessions: readonly (readonly string[])[],
  minPrefix: number = 1,
): Generator<EvaluationCase> {
  for (const [session, ids] of sessions.entries()) {
    for (let length = minPrefix; length < ids.length; length++) {
      yield { session, prefix: ids.slice(0, length), target: ids[length]! }
    }
  }
}

/** How many cases {@link questionsOf} yields. */
export function countCases(sessions: readonly (readonly string[])[], minPrefix: number = 1): number {
  return sessions.reduce((sum, ids) => sum + Math.max(0, ids.length - minPrefix), 0)
}
