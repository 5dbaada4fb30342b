/**
 * `npm run soak -- PART`: runs the fault tests for long, with new seeds, and adds what they counted to
 * docs/benchmarks/reliability. Progress is on stderr; stdout has the table, or with `--json` one row a line.
 */
import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'
import { duration, say, step, warn } from './progress.js'
import { ROOT, run } from './run-command.js'
import { buildWorkspace, installPackages } from './setup/workspace.js'
import { sumByPromise } from './soak/figures.js'
import { PARTS } from './soak/parts.js'
import { markdown, writeReport } from './soak/report.js'
import { runTask } from './soak/run-task.js'

const HELP = `Usage: npm run soak -- all | ${Object.keys(PARTS).join(' | ')} [--minutes N | --quick] [--json] [--no-build] [--no-mutation]

  kills    the whole browser is killed at random moments, Chromium 200 times, Firefox 100 times
  faults   crashes at every named point, three tabs on a broken network, outages, hostile browsers
  model    a state machine of what can happen to a device, against a simple account of its events
  server   the endpoint is killed under load, on SQLite and on PostgreSQL, 200 times each; requests that must not pass
  updates  forged and damaged models, and kills at every step of an update

  --minutes N    repeat each task with new seeds until N minutes have passed, instead of the usual number of rounds
  --quick        once, and no longer than by npm test
  --json         one row of the report a line on standard output
  --no-build     test what is built
  --no-mutation  leave out the check that every test fails without its guard
  --help         this text

Ctrl-C ends after writing what was counted so far. A failure prints the seed that repeats it.`

/** @typedef {import('./soak/figures.js').Figures} Figures */

/** @returns {AbortSignal} aborted by Ctrl-C */
function untilStopped() {
  const stop = new AbortController()
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) {
    process.once(signal, () => {
      warn('Stopping …')
      process.exitCode = 130
      stop.abort(new Error('Stopped.'))
    })
  }
  return stop.signal
}

/** @param {AbortSignal} signal @returns {Promise<Map<number, string>>} `killed/all` by promise */
async function checkMutations(signal) {
  const { stdout } = await run(process.execPath, ['scripts/mutation.js', '--json'], {
    cwd: ROOT,
    output: 'keep',
    signal,
  })
  /** @type {Map<number, { killed: number, all: number }>} */
  const counts = new Map()
  for (const line of stdout.split('\n').filter(Boolean)) {
    /** @type {{ promise: number, result: string, name: string }} */
    const { promise, result, name } = JSON.parse(line)
    if (result !== 'killed') warn(`The guard ${name}: ${result}.`)
    const count = counts.get(promise) ?? { killed: 0, all: 0 }
    counts.set(promise, { killed: count.killed + Number(result === 'killed'), all: count.all + 1 })
  }
  return new Map([...counts].map(([promise, { killed, all }]) => [promise, `${killed}/${all}`]))
}

/**
 * @param {readonly string[]} parts @param {{ minutes: number | undefined, quick: boolean, signal: AbortSignal }} options
 * @returns {Promise<Figures[]>}
 */
async function soak(parts, { minutes, quick, signal }) {
  /** @type {Figures[]} */
  const figures = []
  for (const task of parts.flatMap((part) => PARTS[part] ?? [])) {
    const started = performance.now()
    const goesOn = (/** @type {number} */ round) =>
      minutes === undefined
        ? round < (quick ? 1 : task.rounds)
        : performance.now() - started < minutes * 60_000
    // At least once, however few minutes there are.
    for (let round = 0; round === 0 || goesOn(round); round++) {
      if (signal.aborted) return figures
      const seed = randomInt(2 ** 31)
      const name = `${task.files.map((file) => file.split('/').at(-1)).join(', ')}, round ${round + 1}, seed ${seed}`
      try {
        figures.push(...(await step(name, () => runTask(task, { seed, quick, signal }))))
      } catch (error) {
        if (signal.aborted) return figures
        // What was counted before stands; the failure is the command's.
        warn(error instanceof Error ? error.message : String(error))
        process.exitCode = 1
        break
      }
    }
  }
  return figures
}

try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      minutes: { type: 'string' },
      quick: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      'no-build': { type: 'boolean', default: false },
      'no-mutation': { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  const [part] = positionals
  const parts = part === 'all' ? Object.keys(PARTS) : Object.keys(PARTS).filter((name) => name === part)
  const minutes = values.minutes === undefined ? undefined : Number(values.minutes)
  if (values.help) {
    process.stdout.write(`${HELP}\n`)
  } else if (positionals.length !== 1 || parts.length === 0) {
    throw new Error(
      `Name one part: all, ${Object.keys(PARTS).join(', ')}; not "${positionals.join(' ')}". --help says more.`,
    )
  } else if (minutes !== undefined && !(minutes > 0)) {
    throw new Error(`--minutes ${values.minutes} is no number of minutes.`)
  } else {
    const started = performance.now()
    if (!values['no-build']) {
      await installPackages()
      await buildWorkspace()
    }
    const signal = untilStopped()
    const figures = sumByPromise(await soak(parts, { minutes, quick: values.quick, signal }))
    const checks =
      values['no-mutation'] || signal.aborted
        ? new Map()
        : await step('guards taken out', () => checkMutations(signal))
    const rows = await writeReport(figures, checks)
    const measured = rows.filter(({ promise }) => figures.some((row) => row.promise === promise))
    process.stdout.write(
      values.json ? measured.map((row) => `${JSON.stringify(row)}\n`).join('') : `${markdown(measured)}\n`,
    )
    say(`Written: docs/benchmarks/reliability.json. Took ${duration(performance.now() - started)}.`)
  }
} catch (error) {
  warn(error instanceof Error ? error.message : String(error))
  process.exitCode ||= 1
}
