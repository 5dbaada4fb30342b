/** Entry of a server process for tests that kill it: serves the folder, and maybe the database, of its arguments. */
import { silentLogger } from '../src/logger.ts'
import { serve } from '../src/node.ts'

const [folder, database] = process.argv.slice(2)
const { url } = await serve({
  folder: folder!,
  ...(database !== undefined && { database }),
  port: 0,
  rateLimits: {},
  logger: silentLogger,
})
process.stdout.write(`${url}\n`)
