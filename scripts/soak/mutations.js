/** What the mutation check says of each promise: guards whose tests fail without them, of all of its guards. */
import { join } from 'node:path'
import { ROOT, run } from '../run-command.js'
import { guardsIn } from '../testing/counts.js'

/**
 * @param {AbortSignal} signal
 * @returns {Promise<{ checks: Map<number, string>, wrong: string[] }>} `killed/all` by promise, and what is not as it must be
 */
export async function checkMutations(signal) {
  const { code, stdout, output } = await run(process.execPath, [join('scripts', 'mutation.js'), '--json'], {
    cwd: ROOT,
    output: 'keep',
    signal,
  })
  const guards = guardsIn(stdout)
  const bad = guards.filter(({ result }) => result !== 'killed')
  const wrong = bad.map(({ name, result, said }) => `the guard ${name}: ${result}: ${said}`)
  if (code !== 0 && wrong.length === 0) {
    wrong.push(`the check ended with code ${code}: ${output.trimEnd().split('\n').at(-1) ?? ''}`)
  }
  const promises = [...new Set(guards.map(({ promise }) => promise))]
  const checks = promises.map((promise) => {
    const own = guards.filter((guard) => guard.promise === promise)
    const killed = own.filter(({ result }) => result === 'killed').length
    return /** @type {const} */ ([promise, `${killed}/${own.length}`])
  })
  return { checks: new Map(checks), wrong }
}
