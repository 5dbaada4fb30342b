/** Runs one task of a soak once, with a seed, and returns what its tests counted. */
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT, run } from '../run-command.js'
import { figuresOfPlaywright, figuresOfVitest } from './figures.js'

/** @typedef {import('./parts.js').Task} Task */
/** @typedef {import('./figures.js').Figures} Figures */

const REPORT = join(ROOT, 'test-results', 'reports', `soak-${process.pid}.json`)

/**
 * @param {Task} task @param {{ seed: number, quick: boolean, signal: AbortSignal }} options
 * @returns {Promise<Figures[]>}
 * @throws {Error} when a test fails, with the seed that repeats it and the end of what the runner wrote
 */
export async function runTask({ runner, files, promise, env = {} }, { seed, quick, signal }) {
  const there = files.filter((file) => existsSync(join(ROOT, file)))
  if (there.length < files.length)
    throw new Error(`There is no ${files.find((file) => !there.includes(file))}.`)
  mkdirSync(join(ROOT, 'test-results', 'reports'), { recursive: true })
  rmSync(REPORT, { force: true })
  const args =
    runner === 'e2e'
      ? [join('node_modules', '@playwright', 'test', 'cli.js'), 'test', ...there, '--reporter=list,json']
      : [
          join('node_modules', 'vitest', 'vitest.mjs'),
          'run',
          `--project=${runner}`,
          '--reporter=default',
          '--reporter=json',
          `--outputFile.json=${REPORT}`,
          ...there,
        ]
  const { code, output } = await run(process.execPath, args, {
    output: 'keep',
    signal,
    env: {
      ...env,
      ...(!quick && { VITRINE_SOAK: '1' }),
      VITRINE_SEED: String(seed),
      PLAYWRIGHT_JSON_OUTPUT_FILE: REPORT,
    },
  })
  if (code !== 0) {
    const tail = output.trimEnd().split('\n').slice(-60).join('\n')
    throw new Error(`VITRINE_SEED=${seed} repeats it: ${there.join(' ')} failed.\n${tail}`)
  }
  const text = readFileSync(REPORT, 'utf8')
  if (runner === 'e2e') {
    /** @type {import('./figures.js').PlaywrightSuite} */
    const report = JSON.parse(text)
    return figuresOfPlaywright(report)
  }
  /** @type {Parameters<typeof figuresOfVitest>[0]} */
  const report = JSON.parse(text)
  return figuresOfVitest(report, promise)
}
