/** Vite plugin: writes the list of the shell's files, and a version made of their contents, into sw.js. */
import { createHash } from 'node:crypto'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Plugin } from 'vite'

/** Placeholders in service-worker/sw.ts. */
const FILES = 'SHELL_FILES'
const VERSION = 'SHELL_VERSION'

/** Fills in sw.js when everything else of the bundle is there. */
export function serviceWorker(): Plugin {
  let publicFolder = ''
  return {
    name: 'shop-service-worker',
    apply: 'build',
    enforce: 'post',
    configResolved: (config) => {
      publicFolder = config.publicDir
    },
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        const hash = createHash('sha256')
        const files: string[] = []
        for (const [name, output] of Object.entries(bundle)) {
          if (name === 'sw.js' || name.endsWith('.map')) continue
          files.push(`/${name}`)
          hash.update(name).update(output.type === 'chunk' ? output.code : output.source)
        }
        for (const name of readdirSync(publicFolder)) {
          files.push(`/${name}`)
          hash.update(name).update(readFileSync(join(publicFolder, name)))
        }
        const worker = bundle['sw.js']
        if (worker?.type !== 'chunk') throw new Error('sw.js is missing from the bundle.')
        worker.code = worker.code
          .replaceAll(FILES, JSON.stringify(files.toSorted()))
          .replaceAll(VERSION, JSON.stringify(hash.digest('hex').slice(0, 16)))
      },
    },
  }
}
