/** A Vite plugin that takes one guard out of the source as it is loaded; the files on disk stay as they are. */
import { join } from 'node:path'
import type { Plugin } from 'vite'
import { ROOT } from '../../scripts/run-command.js'
import { type Mutation, MUTATION_VARIABLE, mutate } from './guard.ts'

/** Does nothing unless the environment names a mutation; it is read at each load, so that one run may try many. */
export function mutateSource(): Plugin {
  return {
    name: 'vitrine-mutate-source',
    enforce: 'pre',
    transform(source, id) {
      const text = process.env[MUTATION_VARIABLE]
      if (text === undefined) return undefined
      const mutation = JSON.parse(text) as Mutation
      const [path] = id.split('?')
      if (path !== join(ROOT, mutation.file)) return undefined
      return { code: mutate(source, mutation), map: null }
    },
  }
}
