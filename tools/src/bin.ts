/** The process behind the `vitrine` command: the one file that acts when it is imported. */
import { main } from './cli.ts'

process.exitCode = await main(process.argv.slice(2))
