/** A server as a process of its own, from the address that it prints to its end. */
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

/** Milliseconds until it has to say its address, and after SIGTERM to end. */
const LIMIT = 20_000

/**
 * @typedef {object} Program
 * @property {string} url the first address on its standard output
 * @property {() => Promise<number | string>} stop sends SIGTERM; the exit code, or the signal that it died of
 */

/**
 * Starts a program and waits until it prints its address.
 *
 * @param {readonly string[]} command
 * @param {{ cwd: string, env: NodeJS.ProcessEnv }} options all of its environment
 * @returns {Promise<Program>}
 */
export function startProgram([program = '', ...args], { cwd, env }) {
  const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
  let log = ''
  child.stderr.setEncoding('utf8').on('data', (/** @type {string} */ chunk) => (log += chunk))
  /** @type {Promise<number | string>} */
  const ended = new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve(code ?? signal ?? ''))
  })
  /** @param {NodeJS.Signals} signal @returns {() => void} */
  const killLater = (signal) => {
    const timer = setTimeout(() => child.kill(signal), LIMIT)
    return () => clearTimeout(timer)
  }
  const stop = async () => {
    child.kill('SIGTERM')
    const calm = killLater('SIGKILL')
    const code = await ended
    calm()
    return code
  }
  const calm = killLater('SIGKILL')
  return new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const url = /http:\/\/\S+/u.exec(line)?.[0]
      if (url === undefined) return
      calm()
      resolve({ url, stop })
    })
    child.once('error', reject)
    void ended.then((code) => {
      calm()
      reject(new Error(`\`${program} ${args.join(' ')}\` ended with ${code} without an address.\n${log}`))
    })
  })
}
