/**
 * Takes one guard out of the source as it is loaded or bundled; the files on disk stay as they are. JavaScript, because
 * the configuration of Vitest takes it in, and Node 20 reads no TypeScript.
 */

/** @typedef {import('./mutation.d.ts').Mutation} Mutation */

/** What {@link mutateSource} reads from the environment: one guard at a time. */
export const MUTATION_VARIABLE = 'VITRINE_MUTATION'

/**
 * Returns `source` without the guard.
 *
 * @param {string} source @param {Mutation} mutation
 * @returns {string}
 * @throws {Error} when the guard does not stand there exactly once: the table is out of date
 */
export function mutate(source, { file, find, replace = '' }) {
  const [before, after, ...more] = source.split(find)
  if (before === undefined || after === undefined || more.length > 0) {
    throw new Error(
      `${file} does not contain ${JSON.stringify(find)} exactly once; correct the table of guards.`,
    )
  }
  return before + replace + after
}

/**
 * A plugin of Vite and of Rolldown. Does nothing unless the environment names a mutation; it is read at each load, so
 * that one run may try many.
 *
 * @returns {{ name: string, enforce: 'pre', transform(source: string, id: string): { code: string, map: null } | undefined }}
 */
export function mutateSource() {
  const { process } = /** @type {{ process?: { env: Readonly<Record<string, string | undefined>> } }} */ (
    globalThis
  )
  return {
    name: 'vitrine-mutate-source',
    enforce: 'pre',
    transform(source, id) {
      const text = process?.env[MUTATION_VARIABLE]
      if (text === undefined) return undefined
      const mutation = /** @type {Mutation} */ (JSON.parse(text))
      const [path = id] = id.split('?', 1)
      if (!path.endsWith(`/${mutation.file}`)) return undefined
      return { code: mutate(source, mutation), map: null }
    },
  }
}
