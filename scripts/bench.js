/**
 * `npm run bench -- NAME`: measures Vitrine beside what a shop would use instead, and writes what it found to
 * docs/benchmarks. Progress is on stderr; stdout has a table, or with `--json` one object a line.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { say, step, warn } from './progress.js'
import { ROOT } from './run-command.js'
import { buildWorkspace, installPackages } from './setup/workspace.js'

/** What each measures; `tests/perf/<name>/run.ts` does it. @type {Readonly<Record<string, string>>} */
const BENCHMARKS = {
  kernels:
    'one query over 10⁴, 10⁵ and 10⁶ items: ours, onnxruntime-web, TensorFlow.js, JavaScript, the read limit',
  growth:
    'time against 10³ to 4·10⁶ items, by one thread and by several, and what the exact second pass costs',
  roundtrip: 'recommend() as a page sees it, at 10⁴ items, at full and at a quarter of the processor’s speed',
  startup: 'navigation to the first personal list on a slow line and processor, beside onnxruntime-web',
  updates: 'bytes of an update beside the whole: 1%, 5% and all rows changed, items come and gone',
  size: 'bytes over the wire: page entry, worker, widget and model, beside the peers’ files',
  endpoint:
    'batches of events into SQLite and PostgreSQL, manifests and artifacts, beside a bare node:http server',
  quality:
    'hit rate and MRR beside tuned baselines, what making the model smaller costs, and how few events suffice',
  training:
    'steps a second of the session encoder’s training: our WASM on one and two threads, TensorFlow.js on WASM and JavaScript',
  scale: 'memory and time of import, counting and training, from 10⁵ to 10⁷ events',
  gpu: 'one query on this machine’s GPU (Dawn for Node, over Vulkan) beside WASM, and the memory’s bandwidth',
}

/** Options that only some benchmarks take. @type {Readonly<Record<string, readonly string[]>>} */
const OWN_OPTIONS = {
  shop: ['quality'],
  model: ['roundtrip'],
  n: ['kernels', 'gpu', 'scale'],
  d: ['kernels', 'gpu'],
  bind: ['gpu'],
  driver: ['gpu'],
  pack: ['gpu'],
  from: ['gpu'],
}

const HELP = `Usage: npm run bench -- NAME [--quick] [--json] [--no-build] [--out DIR]

${Object.entries(BENCHMARKS)
  .map(([name, about]) => `  ${name.padEnd(11)} ${about}`)
  .join('\n')}
  all         every one of them, one after the other

  --quick     a short run in one browser, to see that it works; writes no report unless --out says where
  --json      one JSON object a line on standard output instead of the table
  --no-build  measure what is built, instead of building what is out of date first
  --out DIR   where the report goes (default docs/benchmarks)
  --shop LIST quality: only these shops (the beginning of a name will do); the report keeps what it has of the others
  --model DIR roundtrip: also one recommendation of this revision, in Node and in Chromium's worker
  --n LIST    kernels, gpu: numbers of items, such as 1e5,1e6; scale: of events
  --d LIST    kernels, gpu: numbers of dimensions, multiples of 16
  --driver F  gpu: the Vulkan driver's manifest (.json), where the loader does not find it by itself
  --bind N    gpu: most bytes of a table that are bound at once
  --pack DIR  gpu: instead of measuring, writes all that a machine without Node needs to do so
  --from FILE gpu: instead of measuring, takes the report that a packed program wrote elsewhere
  --help      this text

With --n or --d nothing is written unless --out says where.

Examples:
  npm run bench -- kernels
  npm run bench -- kernels --quick --json
  npm run bench -- gpu --json --n 1e5,1e6,1e7 --d 64,128`

/** Longest that a stopped benchmark may take to close its browsers, in milliseconds. */
const GRACE = 10_000

/**
 * What every `tests/perf/<name>/run.ts` is given.
 *
 * @typedef {object} BenchmarkOptions
 * @property {boolean} quick less of everything, to see that it runs; the figures are not for reports
 * @property {AbortSignal} signal
 * @property {(text: string) => void} say shows a line of progress
 * @property {readonly string[]} [shops] names of shops, in place of all
 * @property {string} [model] folder of a revision to measure, too
 * @property {readonly number[]} [sizes] numbers of items, in place of the benchmark's own
 * @property {readonly number[]} [dimensions] the same of dimensions
 * @property {number} [bind] most bytes of a table that are bound at once
 * @property {string} [driver] path of a Vulkan driver's manifest
 * @property {string} [pack] folder to write a program to that measures elsewhere
 * @property {string} [from] report that such a program wrote
 */

/**
 * What it gives back, and what is written to `docs/benchmarks/<name>.*`.
 *
 * @typedef {object} Outcome
 * @property {object} [report] JSON; none where nothing was measured
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
  if (report === undefined) return
  const { format, resolveConfig } = await import('prettier')
  const file = join(folder, name)
  mkdirSync(folder, { recursive: true })
  const style = await resolveConfig(join(ROOT, 'README.md'))
  writeFileSync(`${file}.json`, `${JSON.stringify(report, undefined, 1)}\n`)
  writeFileSync(`${file}.md`, await format(markdown, { ...style, parser: 'markdown' }))
  if (plot !== undefined) writeFileSync(`${file}.svg`, plot)
  say(`Written: ${file}.json`)
}

/** @param {string} option @param {string | undefined} text @returns {number[] | undefined} */
function numbersOf(option, text) {
  const numbers = text?.split(',').map(Number)
  if (numbers?.some((number) => !Number.isSafeInteger(number) || number < 1)) {
    throw new Error(`--${option} ${text} is no list of positive whole numbers, such as 1e5,1e6.`)
  }
  return numbers
}

function readArguments() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      quick: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      'no-build': { type: 'boolean', default: false },
      out: { type: 'string' },
      shop: { type: 'string' },
      model: { type: 'string' },
      n: { type: 'string' },
      d: { type: 'string' },
      bind: { type: 'string' },
      driver: { type: 'string' },
      pack: { type: 'string' },
      from: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) return { help: true, values, names: [] }
  const [name = ''] = positionals
  if (positionals.length !== 1 || !(name === 'all' || name in BENCHMARKS)) {
    throw new Error(
      `Name one benchmark: ${Object.keys(BENCHMARKS).join(', ')} or all; not "${positionals.join(' ')}". --help says more.`,
    )
  }
  for (const [option, takers] of Object.entries(OWN_OPTIONS)) {
    if (option in values && !takers.includes(name)) {
      throw new Error(`--${option} is for ${takers.join(' and ')}, not for ${name}.`)
    }
  }
  return { help: false, values, names: name === 'all' ? Object.keys(BENCHMARKS) : [name] }
}

/** @returns {Promise<void>} */
async function main() {
  const { help, values, names } = readArguments()
  if (help) {
    process.stdout.write(`${HELP}\n`)
    return
  }
  const sizes = numbersOf('n', values.n)
  const dimensions = numbersOf('d', values.d)
  const [bind] = numbersOf('bind', values.bind) ?? []
  /** @type {Omit<BenchmarkOptions, 'signal'>} */
  const options = {
    quick: values.quick,
    say,
    ...(values.shop !== undefined && { shops: values.shop.split(',') }),
    ...(values.model !== undefined && { model: resolve(values.model) }),
    ...(sizes && { sizes }),
    ...(dimensions && { dimensions }),
    ...(bind !== undefined && { bind }),
    ...(values.driver !== undefined && { driver: resolve(values.driver) }),
    ...(values.pack !== undefined && { pack: resolve(values.pack) }),
    ...(values.from !== undefined && { from: resolve(values.from) }),
  }
  if (!values['no-build']) {
    await installPackages()
    await buildWorkspace()
  }
  const signal = untilStopped()
  const isWhole = !values.quick && !sizes && !dimensions
  const folder = values.out ?? (isWhole ? join(ROOT, 'docs', 'benchmarks') : undefined)
  for (const name of names) {
    try {
      const outcome = await step(name, () => runBenchmark(name, { ...options, signal }))
      if (folder !== undefined) await writeReport(folder, name, outcome)
      const lines = outcome.lines.map((line) =>
        JSON.stringify(names.length > 1 ? { benchmark: name, ...line } : line),
      )
      process.stdout.write(values.json ? `${lines.join('\n')}\n` : `${outcome.markdown}\n`)
    } catch (error) {
      // One that cannot be measured here does not keep the others from being measured.
      if (signal.aborted || names.length === 1) throw error
      warn(`${name}: ${error instanceof Error ? error.message : String(error)}`)
      process.exitCode = 1
    }
  }
}

try {
  await main()
} catch (error) {
  warn(error instanceof Error ? error.message : String(error))
  process.exitCode ||= 1
  // A server that a failed benchmark left open must not keep the command running.
  setTimeout(() => process.exit(), GRACE).unref()
}
