/**
 * `pnpm run mutation`: takes out every guard of tests/mutation, one at a time, and shows that the test named
 * beside it then fails. Results on stdout, progress on stderr.
 */
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { duration, say, warn } from './progress.js'
import { ROOT } from './run-command.js'

const HELP = `Usage: pnpm run mutation [-- --only NAME] [--json]

Each guard of the source that keeps a promise of docs/promises.md is taken out as its file is loaded; the test
beside it must pass with the guard and fail without it. The table is in tests/mutation/guards.

  --only NAME  one guard
  --json       one JSON object a line on standard output: {"name","promise","result","said","ms"}
  --help       this text`

/**
 * What came of one guard. `killed`: the test passes with the guard and fails without it, as it must.
 *
 * @typedef {object} GuardResult
 * @property {string} name
 * @property {number} promise
 * @property {'killed' | 'survived' | 'broken' | 'skipped'} result
 * @property {string} said what the test said without the guard, or why there is no result
 * @property {number} ms
 */

/**
 * What `tests/mutation/run.ts` is given.
 *
 * @typedef {object} MutationOptions
 * @property {string | undefined} only one guard instead of all
 * @property {AbortSignal} signal
 * @property {(result: GuardResult) => void} onResult
 */

/** @param {GuardResult} result @returns {string} */
function line({ name, promise, result, said, ms }) {
  return `${result === 'killed' ? '✓' : result === 'skipped' ? '-' : '✗'} ${promise} ${name}: ${result} (${duration(ms)}): ${said}`
}

try {
  const { values } = parseArgs({
    options: {
      only: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) {
    process.stdout.write(`${HELP}\n`)
  } else {
    const started = performance.now()
    const stop = new AbortController()
    process.once('SIGINT', () => stop.abort())
    // Node 20 reads no TypeScript, so Vite does.
    const { runnerImport } = await import('vite')
    /** @type {{ module: { run(options: MutationOptions): Promise<GuardResult[]> } }} */
    const { module } = await runnerImport(join(ROOT, 'tests', 'mutation', 'run.ts'), {
      configFile: false,
      logLevel: 'error',
    })
    const results = await module.run({
      only: values.only,
      signal: stop.signal,
      onResult: (result) => {
        if (values.json) process.stdout.write(`${JSON.stringify(result)}\n`)
        else process.stdout.write(`${line(result)}\n`)
      },
    })
    const bad = results.filter(({ result }) => result === 'survived' || result === 'broken').length
    const killed = results.filter(({ result }) => result === 'killed').length
    say(
      `${killed} of ${results.length} guards are needed by their tests (${duration(performance.now() - started)}).`,
    )
    process.exitCode = stop.signal.aborted ? 130 : bad > 0 || killed === 0 ? 1 : 0
  }
} catch (error) {
  warn(error instanceof Error ? error.message : String(error))
  process.exitCode = 1
}
process.exit()
