/**
 * `npm run soak -- PART`: runs the fault tests for long, with new seeds, and writes what they counted, and what failed,
 * to docs/benchmarks/reliability. Progress is on stderr; stdout has the table, or with `--json` one row a line.
 */
import { randomInt } from 'node:crypto'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { duration, say, step, warn } from './progress.js'
import { ROOT } from './run-command.js'
import { buildWorkspace, installPackages } from './setup/workspace.js'
import { sumByUnit } from './soak/figures.js'
import { checkMutations } from './soak/mutations.js'
import { PARTS } from './soak/parts.js'
import { markdown, writeReport } from './soak/report.js'
import { runTask } from './soak/run-task.js'

const REPORT = join('docs', 'benchmarks', 'reliability.json')
/** What stands in the list of failures for the mutation check. */
const MUTATIONS = 'guards taken out'

const HELP = `Usage: npm run soak -- all | ${Object.keys(PARTS).join(' | ')}
         [--scale N | --quick] [--minutes N] [--out FILE] [--json] [--no-build] [--no-mutation]

  kills    the whole browser is killed at random moments, 200 times an engine
  faults   crashes at every named point, three tabs on a broken network, outages, hostile browsers
  model    a state machine of what can happen to a device, against a simple account of its events; for an hour
  server   the endpoint is killed under load, on SQLite and on PostgreSQL, 200 times each; requests that must not pass
  updates  forged and damaged models, and kills at every step of an update
  guards   nothing but the check that every test fails without its guard

  --scale N      that share of the usual amounts and times, such as 0.2; never less than in npm test
  --quick        no more than in npm test
  --minutes N    repeat each task with new seeds until N minutes have passed
  --out FILE     the report, in place of ${REPORT}; new figures take the place of older ones in it
  --json         one row of the report a line on standard output
  --no-build     test what is built
  --no-mutation  leave out the check that every test fails without its guard
  --help         this text

Ctrl-C ends after writing what was counted so far. What fails is written, too, with the seed that repeats it.`

/** @typedef {import('./soak/report.js').Findings} Findings */
/** @typedef {import('./soak/parts.js').Task} Task */

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

/** @param {Task} task @returns {string} */
function nameOf({ files }) {
  return files.map((file) => file.split('/').at(-1)).join(', ')
}

/**
 * @param {readonly Task[]} tasks
 * @param {{ minutes: number | undefined, share: number, signal: AbortSignal }} options
 * @returns {Promise<Findings>}
 */
async function soak(tasks, { minutes, share, signal }) {
  /** @type {import('./soak/figures.js').Figures[]} */
  const figures = []
  /** @type {Findings['failures'][number][]} */
  const failures = []
  for (const task of tasks) {
    const until = performance.now() + 60_000 * (minutes ?? (task.minutes ?? 0) * share)
    // At least once, however few minutes there are.
    for (let round = 1; round === 1 || performance.now() < until; round++) {
      if (signal.aborted) break
      const seed = randomInt(2 ** 31)
      const ran = await step(`${nameOf(task)}, round ${round}, seed ${seed}`, () =>
        runTask(task, { seed, share, signal }),
      ).catch((/** @type {unknown} */ error) => ({ figures: [], failure: String(error) }))
      if (signal.aborted) break
      figures.push(...ran.figures)
      if (ran.failure === undefined) continue
      warn(`VITRINE_SEED=${seed} repeats it: ${nameOf(task)} failed.\n${ran.failure}`)
      const said = ran.failure.split('\n').find((line) => line.includes('Error:'))
      failures.push({ task: nameOf(task), seed, said: said?.trim() ?? 'it failed' })
      break
    }
  }
  return { figures: sumByUnit(figures), failures, tasks: tasks.map(nameOf) }
}

/** @param {string | undefined} text @param {string} option @returns {number | undefined} */
function positive(text, option) {
  if (text === undefined || Number(text) > 0) return text === undefined ? undefined : Number(text)
  throw new Error(`--${option} ${text} is not a number above zero.`)
}

try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      scale: { type: 'string' },
      quick: { type: 'boolean', default: false },
      minutes: { type: 'string' },
      out: { type: 'string', default: join(ROOT, REPORT) },
      json: { type: 'boolean', default: false },
      'no-build': { type: 'boolean', default: false },
      'no-mutation': { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  const [part] = positionals
  const isPart = part === 'all' || (part !== undefined && Object.hasOwn(PARTS, part))
  const tasks = Object.entries(PARTS).flatMap(([name, own]) => (part === 'all' || part === name ? own : []))
  const minutes = positive(values.minutes, 'minutes')
  const share = values.quick ? 0 : (positive(values.scale, 'scale') ?? 1)
  if (values.help) {
    process.stdout.write(`${HELP}\n`)
  } else if (positionals.length !== 1 || !isPart) {
    throw new Error(
      `Name one part: all, ${Object.keys(PARTS).join(', ')}; not "${positionals.join(' ')}". --help says more.`,
    )
  } else {
    const started = performance.now()
    if (!values['no-build']) {
      await installPackages()
      await buildWorkspace()
    }
    const signal = untilStopped()
    const findings = await soak(tasks, { minutes, share, signal })
    // Before the long check that follows: nothing that goes wrong there may cost the figures.
    let report = await writeReport(values.out, findings)
    let failed = findings.failures.length
    if (!values['no-mutation'] && !signal.aborted) {
      const { checks, wrong } = await step(MUTATIONS, () => checkMutations(signal))
      for (const line of wrong) warn(line)
      const failures = wrong.map((said) => ({ task: MUTATIONS, seed: 0, said }))
      report = await writeReport(values.out, { figures: [], tasks: [MUTATIONS], failures, checks })
      failed += failures.length
    }
    process.stdout.write(
      values.json ? report.rows.map((row) => `${JSON.stringify(row)}\n`).join('') : `${markdown(report)}\n`,
    )
    say(`Written: ${values.out}. Took ${duration(performance.now() - started)}.`)
    if (failed > 0) process.exitCode ||= 1
  }
} catch (error) {
  warn(error instanceof Error ? error.message : String(error))
  process.exitCode ||= 1
}
