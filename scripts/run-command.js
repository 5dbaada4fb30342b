/** Starting other programs: with their output shown, or kept and shown only when they fail. */
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** The repository's root, absolute. */
export const ROOT = fileURLToPath(new URL('..', import.meta.url))

/**
 * @typedef {object} RunOptions
 * @property {string} [cwd] default: the repository's root
 * @property {NodeJS.ProcessEnv} [env] added to this process's environment
 * @property {'show' | 'keep'} [output] `show` streams to stderr; `keep` is silent until the program fails
 * @property {number} [timeout] milliseconds after which the program is killed
 * @property {AbortSignal} [signal]
 */

/**
 * Runs a program without stdin and returns its exit code (124 when the time was up) and what it wrote.
 *
 * @param {string} command @param {readonly string[]} args @param {RunOptions} [options]
 * @returns {Promise<{ code: number, output: string, stdout: string }>} `output` is stdout and stderr together
 */
export function run(command, args, options = {}) {
  const { cwd = ROOT, env = {}, output = 'show', timeout = 0, signal } = options
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      // What a program prints is progress here; stdout is kept for this command's own result.
      stdio: output === 'show' ? ['ignore', process.stderr, process.stderr] : ['ignore', 'pipe', 'pipe'],
      // On Windows npx and pnpm are scripts, which only a shell can start.
      shell: process.platform === 'win32',
      ...(signal && { signal }),
    })
    let kept = ''
    let stdout = ''
    child.stdout?.setEncoding('utf8').on('data', (/** @type {string} */ chunk) => {
      kept += chunk
      stdout += chunk
    })
    child.stderr?.setEncoding('utf8').on('data', (/** @type {string} */ chunk) => (kept += chunk))
    let late = false
    const timer =
      timeout > 0 &&
      setTimeout(() => {
        late = true
        child.kill('SIGKILL')
      }, timeout)
    child.on('error', reject)
    child.on('close', (code) => {
      if (timer) clearTimeout(timer)
      resolve({ code: late ? 124 : (code ?? 1), output: kept, stdout })
    })
  })
}

/**
 * Like {@link run}, and throws when the program fails, with the end of what it wrote.
 *
 * @param {string} command @param {readonly string[]} args @param {RunOptions} [options]
 * @returns {Promise<string>} what it wrote to stdout, when kept
 */
export async function mustRun(command, args, options = {}) {
  const { code, output, stdout } = await run(command, args, options)
  if (code === 0) return stdout
  const tail = output.trimEnd().split('\n').slice(-40).join('\n')
  throw new Error(`\`${command} ${args.join(' ')}\` ended with code ${code}.${tail ? `\n${tail}` : ''}`)
}
