/** One guard of the source, and the test that must fail when it is taken out. */

/** A row of the table. */
export interface Guard {
  /** Kebab case, unique in the whole table. */
  name: string
  /** Promise of docs/promises.md that the guard keeps. */
  promise: number
  /** From the repository's root. */
  file: string
  /** Stands in the file exactly once. */
  find: string
  /** What stands there instead; nothing where missing. */
  replace?: string
  /** The test file, from the root. */
  test: string
  /** Part of the name of the one test that must fail, and its describe blocks, as Vitest joins them: by spaces. */
  only: string
}

/** What {@link mutateSource} reads from the environment: one guard at a time. */
export const MUTATION_VARIABLE = 'VITRINE_MUTATION'

/** The part of a guard that changes source. */
export type Mutation = Pick<Guard, 'file' | 'find' | 'replace'>

/**
 * Returns `source` without the guard.
 *
 * @throws `Error` when the guard does not stand there exactly once: the table is out of date.
 */
export function mutate(source: string, { file, find, replace = '' }: Mutation): string {
  const [before, after, ...more] = source.split(find)
  if (before === undefined || after === undefined || more.length > 0) {
    throw new Error(
      `${file} does not contain ${JSON.stringify(find)} exactly once; correct the table of guards.`,
    )
  }
  return before + replace + after
}
