/**
 * `npm run bench -- NAME`: measures Vitrine beside what a shop would use instead, and writes what it found to
 * docs/benchmarks. Progress is on stderr; stdout has a table, or with `--json` one object a line.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { say, step, warn } from './progress.js'
import { ROOT } from './run-command.js'
import { buildWorkspace, installPackages } from './setup/workspace.js'

const HELP = `Usage: npm run bench -- NAME [--quick] [--json] [--no-build] [--out DIR]

  kernels     one query over 10⁴, 10⁵ and 10⁶ items: ours, onnxruntime-web, TensorFlow.js, JavaScript, the read limit
  roundtrip   recommend() as a page sees it, at 10⁴ items, at full and at a quarter of the processor's speed
  startup     navigation to the first personal list on a slow line and processor, beside onnxruntime-web
  size        bytes over the wire: page entry, worker, widget and model, beside the peers' files

  --quick     a short run in one browser, to see that it works; writes no report unless --out says where
  --json      one JSON object a line on standard output instead of the table
  --no-build  measure what is built, instead of building what is out of date first
  --out DIR   where the report goes (default docs/benchmarks)
  --help      this text

Examples:
  npm run bench -- kernels
  npm run bench -- kernels --quick --json`

const NAMES = ['kernels', 'roundtrip', 'startup', 'size']

/** Longest that a stopped benchmark may take to close its browsers, in milliseconds. */
const GRACE = 10_000

/**
 * What every `tests/perf/<name>/run.ts` is given.
 *
 * @typedef {object} BenchmarkOptions
 * @property {boolean} quick less of everything, to see that it runs; the figures are not for reports
 * @property {AbortSignal} signal
 * @property {(text: string) => void} say shows a line of progress
 */

/**
 * What it gives back, and what is written to `docs/benchmarks/<name>.*`.
 *
 * @typedef {object} Outcome
 * @property {object} report JSON
 * @property {readonly object[]} lines one line of JSON each, for `--json`
 * @property {string} markdown also shown without `--json`
 * @property {string} [plot] SVG
 */

/** @returns {AbortSignal} aborted by Ctrl-C; a second Ctrl-C ends at once */
function untilStopped() {
  const stop = new AbortController()
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) {
    process.once(signal, () => {
      warn('Stopping …')
      process.exitCode = 130
      stop.abort(new Error('Stopped.'))
      setTimeout(() => process.exit(130), GRACE).unref()
    })
  }
  return stop.signal
}

/** @param {string} name @param {BenchmarkOptions} options @returns {Promise<Outcome>} */
async function runBenchmark(name, options) {
  // Loaded only now: they need the packages. Node 20 reads no TypeScript, so Vite does.
  const { runnerImport } = await import('vite')
  /** @type {{ module: { run(options: BenchmarkOptions): Promise<Outcome> } }} */
  const { module } = await runnerImport(join(ROOT, 'tests', 'perf', name, 'run.ts'), {
    configFile: false,
    logLevel: 'error',
  })
  return module.run(options)
}

/** @param {string} folder @param {string} name @param {Outcome} outcome @returns {Promise<void>} */
async function writeReport(folder, name, { report, markdown, plot }) {
  const { format, resolveConfig } = await import('prettier')
  const file = join(folder, name)
  mkdirSync(folder, { recursive: true })
  const style = await resolveConfig(join(ROOT, 'README.md'))
  writeFileSync(`${file}.json`, `${JSON.stringify(report, undefined, 1)}\n`)
  writeFileSync(`${file}.md`, await format(markdown, { ...style, parser: 'markdown' }))
  if (plot !== undefined) writeFileSync(`${file}.svg`, plot)
  say(`Written: ${file}.json`)
}

try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      quick: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      'no-build': { type: 'boolean', default: false },
      out: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  const [name] = positionals
  if (values.help) {
    process.stdout.write(`${HELP}\n`)
  } else if (positionals.length !== 1 || name === undefined || !NAMES.includes(name)) {
    throw new Error(
      `Name one benchmark: ${NAMES.join(', ')}; not "${positionals.join(' ')}". --help says more.`,
    )
  } else {
    if (!values['no-build']) {
      await installPackages()
      await buildWorkspace()
    }
    const signal = untilStopped()
    const outcome = await step(name, () => runBenchmark(name, { quick: values.quick, signal, say }))
    const folder = values.out ?? (values.quick ? undefined : join(ROOT, 'docs', 'benchmarks'))
    if (folder !== undefined) await writeReport(folder, name, outcome)
    const lines = outcome.lines.map((line) => JSON.stringify(line)).join('\n')
    process.stdout.write(values.json ? `${lines}\n` : `${outcome.markdown}\n`)
  }
} catch (error) {
  warn(error instanceof Error ? error.message : String(error))
  process.exitCode ||= 1
  // A server that a failed benchmark left open must not keep the command running.
  setTimeout(() => process.exit(), GRACE).unref()
}
