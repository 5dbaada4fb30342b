/** What every command gets: where to write, when to stop, and how to answer. */
import type { Readable, Writable } from 'node:stream'
import { printable } from './text.ts'

/** The world around one run of the command line. */
export interface CommandContext {
  stdin: Readable
  stdout: Writable
  stderr: Writable & { isTTY?: boolean }
  env: Readonly<Record<string, string | undefined>>
  /** Aborts on Ctrl-C. */
  signal: AbortSignal
  /** Unix ms. */
  now: () => number
  fetch: typeof fetch
}

/** Options that every command has. */
export interface SharedOptions {
  /** One JSON object on standard output, and nothing else there. */
  json?: boolean
}

/** Answers with `result` as one line of JSON, or as text for people. */
export function answer(
  { stdout }: CommandContext,
  { json }: SharedOptions,
  result: object,
  text: string,
): void {
  stdout.write(`${json ? JSON.stringify(result) : printable(text)}\n`)
}
