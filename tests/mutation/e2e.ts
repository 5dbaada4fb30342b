/** Runs an end-to-end test in Chromium on an SDK that was built without a guard. */
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MUTATION_VARIABLE, mutateSource } from '@vitrine/trials/mutation'
import { type UserConfig, build } from 'tsdown'
import { ROOT, run } from '../../scripts/run-command.js'
import { type Guard, type Outcome, failureOf } from './guard.ts'

const SDK = join(ROOT, 'packages', 'sdk')
/** Files of the SDK in which guards end up; the others are taken as they are. */
const MUTABLE = new Set<unknown>(['src/index.ts', 'src/worker.ts', 'src/network.ts'])

// By its path: it belongs to no project that is type-checked. Now: Vite imports nothing for a module once it is loaded.
const { default: SDK_BUILDS } = (await import(join(SDK, 'tsdown.config.ts'))) as { default: UserConfig[] }

/** As far as it is read here. */
interface Suite {
  suites?: Suite[]
  specs?: { tests: { results: { status: string; errors: { message?: string }[] }[] }[] }[]
}

/** Fails, as it must, passes, or shows nothing: the same with the guard in place is what `npm test` runs anyway. */
export async function runE2e(guard: Guard, signal: AbortSignal): Promise<Outcome> {
  const folder = await mkdtemp(join(tmpdir(), 'vitrine-mutant-'))
  try {
    await cp(join(SDK, 'dist'), folder, { recursive: true })
    await buildMutant(guard, folder)
    const report = join(folder, 'report.json')
    const cli = join('node_modules', '@playwright', 'test', 'cli.js')
    const args = [cli, 'test', guard.test, '--project=chromium', '--grep', escaped(guard.only)]
    const { output } = await run(process.execPath, [...args, '--reporter=json'], {
      output: 'keep',
      signal,
      // Its name: there is nothing left to take out, but tests may try longer until they see it missing.
      env: { VITRINE_SDK: folder, PLAYWRIGHT_JSON_OUTPUT_FILE: report, [MUTATION_VARIABLE]: guard.name },
    })
    const text = await readFile(report, 'utf8').catch(() => undefined)
    if (text === undefined) return { result: 'broken', said: output.trimEnd().split('\n').at(-1) ?? '' }
    return outcomeOf(guard, JSON.parse(text) as Suite)
  } finally {
    await rm(folder, { recursive: true })
  }
}

async function buildMutant({ file, find, replace }: Guard, outDir: string): Promise<void> {
  process.env[MUTATION_VARIABLE] = JSON.stringify({ file, find, replace })
  try {
    const meant = SDK_BUILDS.filter(({ entry }) => Array.isArray(entry) && MUTABLE.has(entry[0]))
    for (const config of meant) {
      const plugins = [mutateSource(), config.plugins]
      const here = { config: false, cwd: SDK, outDir, clean: false, dts: false } as const
      await build({ ...config, ...here, logLevel: 'silent', plugins })
    }
  } finally {
    delete process.env[MUTATION_VARIABLE]
  }
}

function outcomeOf(guard: Guard, { suites = [], specs = [] }: Suite): Outcome {
  const found = specs
    .flatMap(({ tests }) => tests)
    .flatMap(({ results }) => results)
    .map(({ status, errors }): Outcome => {
      if (status === 'passed') return { result: 'passed', said: '' }
      // Playwright has no name for an assertion that failed but its words.
      const message = plain(errors[0]?.message ?? status)
      return failureOf(guard, { message, name: message.includes('expect(') ? 'AssertionError' : 'Error' })
    })
  const inner = suites.map((suite) => outcomeOf(guard, suite)).filter(({ said }) => said !== NOTHING)
  return [...found, ...inner][0] ?? { result: 'broken', said: NOTHING }
}

const NOTHING = 'no test of that name ran'

/** Without the colours of a terminal. */
function plain(text: string): string {
  // oxlint-disable-next-line no-control-regex -- Colours begin with a control character.
  return text.replaceAll(/\u001B\[[\d;]*m/gu, '')
}

/** A name as a pattern that matches nothing else. */
export function escaped(name: string): string {
  return name.replaceAll(/[.*+?^${}()|[\]\\]/gu, String.raw`\$&`)
}
