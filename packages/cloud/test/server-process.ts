/** Entry of a server process for tests that kill it: serves the folder named on the command line. */
import { silentLogger } from '../src/logger.ts'
import { serve } from '../src/node.ts'

const { url } = await serve({ folder: process.argv[2]!, port: 0, logger: silentLogger })
process.stdout.write(`${url}\n`)
