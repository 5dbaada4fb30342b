/**
 * `pnpm run figures`: rewrites the part of README.md between its two `figures` marks from the reports in
 * docs/benchmarks, a table for each report that is there; with `--check` it only says whether that part is up to date.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { format, resolveConfig } from 'prettier'
import {
  kernelFigures,
  objectiveFigures,
  qualityFigures,
  reliabilityFigures,
  roundtripFigures,
  sizeFigures,
  startupFigures,
} from './figures/tables.js'
import { say, warn } from './progress.js'
import { ROOT } from './run-command.js'

const README = join(ROOT, 'README.md')
const REPORTS = join(ROOT, 'docs', 'benchmarks')
const START = '<!-- figures:start -->'
const END = '<!-- figures:end -->'

const HELP = `Usage: pnpm run figures [--check]

  --check   change nothing; exit with 1 when README.md does not say what the reports say`

/**
 * In the order of the README. Each report has the shape that its own command gave it.
 *
 * @type {readonly { report: string, write: (report: any) => string }[]}
 */
const SECTIONS = [
  { report: 'quality.json', write: qualityFigures },
  { report: 'online-retail.json', write: objectiveFigures },
  { report: 'kernels.json', write: kernelFigures },
  { report: 'roundtrip.json', write: roundtripFigures },
  { report: 'startup.json', write: startupFigures },
  { report: 'size.json', write: sizeFigures },
  { report: 'reliability.json', write: reliabilityFigures },
]

/** @returns {string} Markdown of every report that is there */
function figures() {
  return SECTIONS.map(({ report, write }) => ({ file: join(REPORTS, report), write }))
    .filter(({ file }) => existsSync(file))
    .map(({ file, write }) => write(JSON.parse(readFileSync(file, 'utf8'))))
    .filter((section) => section !== '')
    .join('\n\n')
}

/** @param {string} readme @returns {Promise<string>} the same with the figures of the reports, formatted */
async function withFigures(readme) {
  const start = readme.indexOf(START)
  const end = readme.indexOf(END)
  if (start < 0 || end < start)
    throw new Error(`README.md lacks the marks ${START} and ${END}, in this order.`)
  const text = `${readme.slice(0, start + START.length)}\n\n${figures()}\n\n${readme.slice(end)}`
  return format(text, { ...(await resolveConfig(README)), parser: 'markdown' })
}

try {
  const { values } = parseArgs({
    options: {
      check: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) {
    process.stdout.write(`${HELP}\n`)
  } else {
    const present = readFileSync(README, 'utf8')
    const wanted = await withFigures(present)
    if (present === wanted) {
      say('README.md says what the reports say.')
    } else if (values.check) {
      warn('README.md does not say what docs/benchmarks says: run `pnpm run figures`.')
      process.exitCode = 1
    } else {
      writeFileSync(README, wanted)
      say('README.md has the figures of the reports.')
    }
  }
} catch (error) {
  warn(error instanceof Error ? error.message : String(error))
  process.exitCode = 1
}
