/** Debian's packages, where this machine lets us install them without asking anybody. */
import { warn } from '../progress.js'
import { run } from '../run-command.js'

const PACKAGES_TIMEOUT = 15 * 60_000

/** @returns {Promise<string[] | undefined>} the words before a command that needs root, or `undefined` */
export async function asRoot() {
  if (process.platform !== 'linux') return undefined
  if (process.getuid?.() === 0) return []
  try {
    // -n: never ask for a password, there may be nobody to answer.
    return (await run('sudo', ['-n', 'true'], { output: 'keep' })).code === 0 ? ['sudo', '-n'] : undefined
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT') return undefined
    throw error
  }
}

/** @param {readonly string[]} root @param {readonly string[]} args @returns {Promise<boolean>} whether it succeeded */
export async function aptGet(root, args) {
  const [command = 'apt-get', ...rest] = [
    ...root,
    'env',
    'DEBIAN_FRONTEND=noninteractive',
    'apt-get',
    ...args,
  ]
  const { code, output } = await run(command, rest, { output: 'keep', timeout: PACKAGES_TIMEOUT })
  if (code !== 0) warn(`apt-get ${args.join(' ')} failed: ${output.trim().split('\n').at(-1)}`)
  return code === 0
}
