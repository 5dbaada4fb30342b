/** Runs the command from its source: in this process, or as a process of its own. */
import { type ChildProcess, spawn } from 'node:child_process'
import { PassThrough, Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { run as runCommand } from '../src/cli.ts'

const RUN_SOURCE = fileURLToPath(new URL('./run-source.js', import.meta.url))

/** What came of a run. */
export interface Outcome {
  code: number | null
  stdout: string
  stderr: string
}

/** Starts `vitrine ARGS` as a process; `outcome` resolves when it has ended. */
export function start(args: readonly string[]): {
  child: ChildProcess
  outcome: Promise<Outcome>
  said: (text: string) => Promise<string>
} {
  const child = spawn(process.execPath, [RUN_SOURCE, ...args])
  const written = { stdout: '', stderr: '' }
  const listeners = new Set<() => void>()
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      written[name] += text
      for (const listener of listeners) listener()
    })
  }
  const outcome = new Promise<Outcome>((resolve, reject) => {
    child.once('error', reject).once('close', (code) => resolve({ code, ...written }))
  })
  /** Resolves with all standard output and error so far once `text` is in it. */
  const said = (text: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const all = written.stdout + written.stderr
        if (!all.includes(text)) return
        listeners.delete(look)
        resolve(all)
      }
      listeners.add(look)
      outcome.then(() => reject(new Error(`ended without saying ${text}: ${written.stderr}`)), reject)
      look()
    })
  return { child, outcome, said }
}

/** Runs `vitrine ARGS` here, with streams of its own. */
export async function run(
  args: readonly string[],
  { env = {}, input = '' }: { env?: Record<string, string>; input?: string } = {},
): Promise<Outcome> {
  const stdout = new PassThrough()
  const stderr = new PassThrough()
  const written = Promise.all([text(stdout), text(stderr)])
  const code = await runCommand(args, {
    stdin: Readable.from([Buffer.from(input)]),
    stdout,
    stderr,
    env,
    signal: new AbortController().signal,
    now: Date.now,
    fetch,
  })
  stdout.end()
  stderr.end()
  const [out, err] = await written
  return { code, stdout: out, stderr: err }
}
