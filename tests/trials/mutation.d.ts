/** Types of mutation.js, for projects that take no JavaScript in. */

/** What stands for a guard, and what stands there without it. */
export interface Mutation {
  /** From the repository's root. */
  file: string
  /** Stands in the file exactly once. */
  find: string
  /** What stands there instead; nothing where missing. */
  replace?: string
}

export const MUTATION_VARIABLE: string

export function mutate(source: string, mutation: Mutation): string

export function mutateSource(): {
  name: string
  enforce: 'pre'
  transform(source: string, id: string): { code: string; map: null } | undefined
}
