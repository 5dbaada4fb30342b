/** `npm run lab`: builds what is out of date, and serves the lab on this machine under a strict policy. */
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { say, warn } from './progress.js'
import { ROOT } from './run-command.js'
import { startStaticServer, strictPolicy } from './serving/static-server.js'
import { buildWorkspace, installPackages } from './setup/workspace.js'

const DEFAULT_PORT = '4174'

try {
  const { values } = parseArgs({ options: { port: { type: 'string', default: DEFAULT_PORT } } })
  await installPackages()
  await buildWorkspace()
  const server = await startStaticServer({
    folders: { '/': join(ROOT, 'examples', 'lab', 'dist') },
    policy: strictPolicy([]),
    port: Number(values.port),
  })
  process.stdout.write(`\n  The lab is open: ${server.url}/\n\n`)
  say('  Ctrl-C closes it.')
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) {
    process.once(signal, () => void server.close())
  }
} catch (error) {
  warn(error instanceof Error ? error.message : String(error))
  process.exitCode = 1
}
