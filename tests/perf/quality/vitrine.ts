/** Runs the `vitrine` command as a person does, and reads its JSON. */
import { join } from 'node:path'
import { ROOT, mustRun } from '../../../scripts/run-command.js'

/** Returns what the command printed with `--json`. @throws `Error` with the end of its output when it fails. */
export async function vitrine(args: readonly string[], signal?: AbortSignal): Promise<unknown> {
  const output = await mustRun(
    process.execPath,
    [join(ROOT, 'tools', 'bin', 'vitrine.js'), ...args, '--json'],
    {
      output: 'keep',
      ...(signal && { signal }),
    },
  )
  const line = output.split('\n').findLast((each) => each.startsWith('{'))
  if (line === undefined) throw new Error(`vitrine ${args[0]} printed no JSON:\n${output}`)
  return JSON.parse(line)
}
