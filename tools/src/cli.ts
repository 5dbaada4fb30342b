/** The `vitrine` command: arguments in, an exit code out. Each command loads its heavy parts when it runs. */
import { readFileSync } from 'node:fs'
import { Command, CommanderError } from 'commander'
import { VitrineError, isVitrineError } from '@vitrine/contracts'
import { registerDistill, registerPrune, registerQuantize, registerSpread } from './commands/compress.ts'
import type { CommandContext } from './commands/context.ts'
import { registerEvaluate } from './commands/evaluate.ts'
import { registerExport } from './commands/export.ts'
import { registerImport } from './commands/import.ts'
import { registerInspect } from './commands/inspect.ts'
import { registerKeys } from './commands/keys.ts'
import { registerPairs } from './commands/pairs.ts'
import { registerPublish } from './commands/publish.ts'
import { registerRecommend } from './commands/recommend.ts'
import { registerRefresh } from './commands/refresh.ts'
import { registerRollback } from './commands/rollback.ts'
import { registerRollout } from './commands/rollout.ts'
import { registerServe } from './commands/serve.ts'
import { registerStarter } from './commands/starter.ts'
import { registerTrain } from './commands/train.ts'
import { printable } from './commands/text.ts'

/** Exit codes: 0 done, 1 failed with a coded error, 130 stopped by Ctrl-C. */
const FAILED = 1
const CANCELLED = 130

/**
 * Runs the command line in this process: reads its standard streams, listens for Ctrl-C and SIGTERM, and
 * returns the exit code. A second Ctrl-C ends the process at once.
 *
 * @example
 * ```ts
 * process.exitCode = await main(process.argv.slice(2))
 * ```
 */
export async function main(args: readonly string[]): Promise<number> {
  const stopper = new AbortController()
  const stop = (): void => {
    if (stopper.signal.aborted) process.exit(CANCELLED)
    stopper.abort(new VitrineError('CANCELLED', 'Stopped before it was done; nothing was left behind.'))
  }
  // A reader that has seen enough (`| head`) closes the pipe: stop, and say nothing.
  let pipeClosed = false
  const onPipe = (error: NodeJS.ErrnoException): void => {
    if (error.code !== 'EPIPE') throw error
    pipeClosed = true
    stopper.abort(error)
  }
  process.on('SIGINT', stop).on('SIGTERM', stop)
  process.stdout.on('error', onPipe)
  try {
    const code = await run(args, {
      stdin: process.stdin,
      stdout: process.stdout,
      stderr: process.stderr,
      env: process.env,
      signal: stopper.signal,
      now: Date.now,
      fetch,
    })
    return pipeClosed ? 0 : code
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop)
    process.stdout.off('error', onPipe)
  }
}

/** Runs `args` in `context` and returns the exit code; every failure is on standard error with its code. */
export async function run(args: readonly string[], context: CommandContext): Promise<number> {
  try {
    await program(context).parseAsync([...args], { from: 'user' })
    return 0
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0
    return fail(asVitrineError(error, context.signal), args.includes('--json'), context)
  }
}

function program(context: CommandContext): Command {
  const program = new Command('vitrine')
    .description('Turns an order log into a recommendation model that runs in the shopper’s own browser.')
    .version(version())
    .exitOverride()
    .configureOutput({
      writeOut: (text) => context.stdout.write(text),
      writeErr: (text) => context.stderr.write(text),
      // Printed once, by fail().
      outputError: () => undefined,
    })
    .showHelpAfterError(false)
  registerImport(program, context)
  registerTrain(program, context)
  registerStarter(program, context)
  registerEvaluate(program, context)
  registerRecommend(program, context)
  registerInspect(program, context)
  registerPairs(program, context)
  registerQuantize(program, context)
  registerPrune(program, context)
  registerDistill(program, context)
  registerSpread(program, context)
  registerRefresh(program, context)
  registerExport(program, context)
  registerPublish(program, context)
  registerRollback(program, context)
  registerRollout(program, context)
  registerServe(program, context)
  registerKeys(program, context)
  return program
}

/** The package's version; its package.json lies above both `src` and `dist`. */
function version(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8')
  return (JSON.parse(text) as { version: string }).version
}

function asVitrineError(error: unknown, signal: AbortSignal): VitrineError {
  if (signal.aborted && isVitrineError(signal.reason)) return signal.reason
  if (isVitrineError(error)) return error
  if (error instanceof CommanderError) {
    const message = error.message.replace(/^error: /u, '')
    return new VitrineError('INVALID_OPTIONS', `${message} (see --help)`, { cause: error })
  }
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return new VitrineError('INTERNAL', message, { cause: error })
}

function fail({ code, message }: VitrineError, json: boolean, { stdout, stderr }: CommandContext): number {
  stderr.write(`error ${code}: ${printable(message)}\n`)
  if (json) stdout.write(`${JSON.stringify({ error: { code, message } })}\n`)
  return code === 'CANCELLED' ? CANCELLED : FAILED
}
