/** Runs `vitrine ARGS` in this process, and tells its parent how much memory it held at most. */
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ROOT } from '../../../scripts/run-command.js'

const command = join(ROOT, 'tools', 'bin', 'vitrine.js')
process.argv.splice(1, 1, command)
// The most since the process began, threads and WASM memory included; kibibytes.
process.once('exit', () => process.send?.({ peak: process.resourceUsage().maxRSS * 1024 }))
await import(pathToFileURL(command).href)
