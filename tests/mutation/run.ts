/** Takes out one guard after the other and watches its test fail, in one Vitest that is started once. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { MUTATION_VARIABLE, mutate } from '@vitrine/trials/mutation'
import { type TestModule, type Vitest, createVitest } from 'vitest/node'
import type { GuardResult, MutationOptions } from '../../scripts/mutation.js'
import { ROOT } from '../../scripts/run-command.js'
import { escaped, runE2e } from './e2e.ts'
import { type Guard, type Outcome, failureOf } from './guard.ts'
import { GUARDS } from './guards.ts'

/** @throws `Error` when `only` names no guard. */
export async function run({ only, signal, onResult }: MutationOptions): Promise<GuardResult[]> {
  const guards = GUARDS.filter(({ name }) => only === undefined || name === only)
  if (guards.length === 0)
    throw new Error(`There is no guard ${only}: ${GUARDS.map(({ name }) => name).join(', ')}.`)
  if (new Set(GUARDS.map(({ name }) => name)).size < GUARDS.length)
    throw new Error('Two guards have one name.')
  const vitest = await createVitest('test', {
    root: ROOT,
    watch: false,
    // The tests' own output would bury ours; what failed is read from the results.
    reporters: [{}],
    project: ['node', 'browser (chromium)'],
  })
  const results: GuardResult[] = []
  /** Outcome of each test with every guard in place. */
  const baselines = new Map<string, Outcome>()
  try {
    await vitest.standalone()
    await vitest.globTestSpecifications()
    for (const guard of guards) {
      if (signal.aborted) break
      const started = performance.now()
      // Before anything runs: a guard that is not there would look like one that nothing tests.
      mutate(await readFile(join(ROOT, guard.file), 'utf8'), guard)
      const outcome = guard.test.endsWith('.spec.ts')
        ? verdict(await runE2e(guard, signal))
        : await tryGuard(vitest, guard, baselines)
      const { name, promise } = guard
      const result = { name, promise, ...outcome, ms: Math.round(performance.now() - started) }
      results.push(result)
      onResult(result)
    }
  } finally {
    await vitest.close()
  }
  return results
}

async function tryGuard(
  vitest: Vitest,
  guard: Guard,
  baselines: Map<string, Outcome>,
): Promise<Pick<GuardResult, 'result' | 'said'>> {
  const { file, find, replace, test, only } = guard
  const specifications = vitest.getModuleSpecifications(join(ROOT, test))
  if (specifications.length === 0) {
    const needsBrowser =
      test.endsWith('.browser.test.ts') && vitest.projects.every(({ name }) => name === 'node')
    return needsBrowser
      ? { result: 'skipped', said: 'there is no Chromium on this machine' }
      : { result: 'broken', said: `${test} is no test file` }
  }
  const runTest = async (): Promise<Outcome> => {
    vitest.invalidateFile(join(ROOT, file))
    vitest.setGlobalTestNamePattern(new RegExp(escaped(only), 'u'))
    const { testModules, unhandledErrors } = await vitest.runTestSpecifications(specifications)
    // Vitest hands over everything that it ever ran.
    return outcomeOf(
      guard,
      testModules.filter(({ moduleId }) => moduleId === join(ROOT, test)),
      unhandledErrors,
    )
  }

  const key = `${test} ${only}`
  const baseline = baselines.get(key) ?? (await runTest())
  baselines.set(key, baseline)
  if (baseline.result !== 'passed') {
    return { result: 'broken', said: `with the guard in place: ${baseline.said}` }
  }
  process.env[MUTATION_VARIABLE] = JSON.stringify({ file, find, replace })
  try {
    return verdict(await runTest())
  } finally {
    delete process.env[MUTATION_VARIABLE]
    vitest.invalidateFile(join(ROOT, file))
  }
}

/** What it says of a guard how its test ended without it. */
function verdict({ result, said }: Outcome): Pick<GuardResult, 'result' | 'said'> {
  if (result === 'failed') return { result: 'killed', said }
  if (result === 'broken') return { result, said: `without the guard: ${said}` }
  return { result: 'survived', said: 'the test passes without the guard too' }
}

function outcomeOf(
  guard: Guard,
  modules: readonly TestModule[],
  unhandledErrors: readonly unknown[],
): Outcome {
  const tests = modules.flatMap((module) => [...module.children.allTests()])
  const failed = tests.map((test) => test.result()).find(({ state }) => state === 'failed')
  if (failed) return failureOf(guard, failed.errors?.[0] ?? {})
  // A file that does not load, or an error outside of the test, says nothing about the guard.
  const error = modules.flatMap((module) => module.errors())[0] ?? unhandledErrors[0]
  if (error !== undefined) return { result: 'broken', said: firstLine(error) }
  if (tests.every((test) => test.result().state !== 'passed')) {
    return { result: 'broken', said: 'no test of that name ran' }
  }
  return { result: 'passed', said: '' }
}

function firstLine(error: unknown): string {
  const { message } = (error ?? {}) as { message?: string }
  return String(message ?? error).split('\n', 1)[0]!
}
