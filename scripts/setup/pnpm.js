/** pnpm in the one version that the lockfile is written with; npx brings it, nothing is installed globally. */
import { mustRun, run } from '../run-command.js'

/** pnpm 11 crashes on Node 20, and corepack stumbles over registry signatures there. */
const VERSION = '10.34.8'

/** @type {Promise<string[]> | undefined} */
let found

/** @returns {Promise<string[]>} the program and its first arguments */
async function findPnpm() {
  try {
    const { code, output } = await run('pnpm', ['--version'], { output: 'keep' })
    if (code === 0 && output.trim() === VERSION) return ['pnpm']
  } catch (error) {
    // ENOENT: there is no pnpm, as on most fresh machines.
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'ENOENT') throw error
  }
  return ['npx', '--yes', `pnpm@${VERSION}`]
}

/**
 * Runs pnpm in the repository's root.
 *
 * @param {readonly string[]} args @param {import('../run-command.js').RunOptions} [options]
 * @returns {Promise<string>}
 */
export async function pnpm(args, options = {}) {
  found ??= findPnpm()
  const [command = 'npx', ...first] = await found
  return mustRun(command, [...first, ...args], options)
}
