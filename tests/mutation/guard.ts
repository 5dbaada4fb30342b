/** One guard of the source, and the test that must fail when it is taken out. */
import type { Mutation } from '@vitrine/trials/mutation'

/** A row of the table. */
export interface Guard extends Mutation {
  /** Kebab case, unique in the whole table. */
  name: string
  /** Promise of docs/promises.md that the guard keeps. */
  promise: number
  /** The test file, from the root. One of `tests/e2e` runs in Chromium, on an SDK that is built without the guard. */
  test: string
  /** Part of the name of the one test that must fail, and its describe blocks, as Vitest joins them: by spaces. */
  only: string
  /**
   * Part of what the test must say. Where missing, that an assertion failed: a program that does not start, or a test
   * that runs out of time, proves nothing.
   */
  says?: string
}

/** What came of one run of a guard's test. `broken`: it did not get so far as to pass or fail. */
export type Outcome = { result: 'passed' | 'failed' | 'broken'; said: string }

/** How the test of `guard` ended by `error`: a failure counts when it is the one that the guard's absence must lead to. */
export function failureOf({ says }: Guard, error: { name?: string; message?: string }): Outcome {
  const message = String(error.message)
  const lines = message.split('\n')
  const said = [lines[0], ...lines.slice(1).filter((line) => says !== undefined && line.includes(says))].join(
    ' ',
  )
  const isMeant = says === undefined ? error.name === 'AssertionError' : message.includes(says)
  return isMeant
    ? { result: 'failed', said }
    : { result: 'broken', said: `it failed by something else: ${said}` }
}
