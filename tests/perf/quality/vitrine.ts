/** Runs the `vitrine` command as a person does, shows how far it is, and reads its JSON. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { ROOT } from '../../../scripts/run-command.js'

const LAST_LINES = 40
/** The command itself says more than anyone wants to read of an hour's work. */
const SAID_EVERY_MS = 30_000

/** Returns what the command printed with `--json`. @throws `Error` with the end of its output when it fails. */
export async function vitrine(
  args: readonly string[],
  { signal, onProgress }: { signal?: AbortSignal; onProgress?: (line: string) => void } = {},
): Promise<unknown> {
  const child = spawn(process.execPath, [join(ROOT, 'tools', 'bin', 'vitrine.js'), ...args, '--json'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(signal && { signal }),
  })
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject).once('close', resolve)
  })
  const lines: string[] = []
  let said = performance.now()
  createInterface({ input: child.stderr }).on('line', (line) => {
    lines.push(line)
    if (lines.length > LAST_LINES) lines.shift()
    if (performance.now() - said < SAID_EVERY_MS) return
    said = performance.now()
    onProgress?.(line.replace(/^\w+: /u, ''))
  })
  const [code, printed] = await Promise.all([ended, text(child.stdout)])
  if (code !== 0) throw new Error(`vitrine ${args.join(' ')} ended with code ${code}.\n${lines.join('\n')}`)
  return JSON.parse(printed)
}
