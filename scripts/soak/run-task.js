/** Runs one task of a soak once, with a seed, and returns what its tests counted, those that failed too. */
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { ROOT, run } from '../run-command.js'
import { figuresOfPlaywright, figuresOfVitest } from './figures.js'

/** @typedef {import('./parts.js').Task} Task */
/** @typedef {import('./figures.js').Figures} Figures */

const REPORT = join(ROOT, 'test-results', 'reports', `soak-${process.pid}.json`)
/** Lines of a failed runner's output that are shown. */
const LINES = 60

/**
 * @param {Task} task
 * @param {{ seed: number, share: number, signal: AbortSignal }} options `share` of the long amounts
 * @returns {Promise<{ figures: Figures[], failure: string | undefined }>} `failure`: the end of what the runner wrote
 */
export async function runTask({ runner, files }, { seed, share, signal }) {
  const absent = files.find((file) => !existsSync(join(ROOT, file)))
  if (absent !== undefined) throw new Error(`There is no ${absent}.`)
  mkdirSync(dirname(REPORT), { recursive: true })
  rmSync(REPORT, { force: true })
  const args =
    runner === 'e2e'
      ? [join('node_modules', '@playwright', 'test', 'cli.js'), 'test', ...files, '--reporter=list,json']
      : [
          join('node_modules', 'vitest', 'vitest.mjs'),
          'run',
          `--project=${runner}`,
          '--reporter=default',
          '--reporter=json',
          `--outputFile.json=${REPORT}`,
          ...files,
        ]
  const { code, output } = await run(process.execPath, args, {
    output: 'keep',
    signal,
    env: {
      ...(share > 0 && { VITRINE_SOAK: String(share) }),
      VITRINE_SEED: String(seed),
      PLAYWRIGHT_JSON_OUTPUT_FILE: REPORT,
    },
  })
  return {
    figures: existsSync(REPORT) ? read(runner) : [],
    failure: code === 0 ? undefined : output.trimEnd().split('\n').slice(-LINES).join('\n'),
  }
}

/** @param {Task['runner']} runner @returns {Figures[]} */
function read(runner) {
  const text = readFileSync(REPORT, 'utf8')
  if (runner === 'e2e') {
    /** @type {import('./figures.js').PlaywrightSuite} */
    const suite = JSON.parse(text)
    return figuresOfPlaywright(suite)
  }
  /** @type {Parameters<typeof figuresOfVitest>[0]} */
  const report = JSON.parse(text)
  return figuresOfVitest(report)
}
