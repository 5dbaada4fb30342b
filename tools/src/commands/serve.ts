/** `vitrine serve`: runs the endpoint on this machine until it is stopped. */
import type { Command } from 'commander'
import { type CommandContext, type SharedOptions, answer } from './context.ts'
import { integerFrom } from './option-values.ts'
import { type StorageCommandOptions, storageOf, withStorage } from './storage-options.ts'

interface ServeCommandOptions extends SharedOptions, StorageCommandOptions {
  port: number
  host: string
  quiet?: boolean
}

/** Adds the command. */
export function registerServe(program: Command, context: CommandContext): void {
  withStorage(program.command('serve'))
    .description('run the endpoint: manifests, artifacts, events, metrics')
    .option('--port <number>', '0 takes any free port', integerFrom(0, 65_535), 8787)
    .option('--host <address>', '0.0.0.0 for all addresses, as in a container', '127.0.0.1')
    .option('--quiet', 'no log')
    .option('--json', 'print the address as JSON')
    .addHelpText(
      'after',
      `
The address is printed on standard output, the log as JSON lines on standard error. Ctrl-C or SIGTERM
finishes the requests under way and ends with exit code 0.

Examples:
  vitrine keys create --kind publishable --origins https://shop.example
  vitrine serve
  vitrine serve --host 0.0.0.0 --port 80 --folder /var/lib/vitrine
  VITRINE_DATABASE=postgres://vitrine@db.internal/vitrine vitrine serve --host 0.0.0.0`,
    )
    .action(async ({ port, host, quiet, json, ...storage }: ServeCommandOptions) => {
      const { silentLogger } = await import('@vitrine/cloud')
      const { serve } = await import('@vitrine/cloud/node')
      const { pino } = await import('pino')
      const { signal, stderr } = context
      const stopped = new Promise<void>((done) => {
        signal.addEventListener('abort', () => done(), { once: true })
      })
      const logger = quiet ? silentLogger : pino({}, stderr)
      const server = await serve({ ...storageOf(storage, context), port, host, logger })
      answer(
        context,
        { ...(json && { json }) },
        { url: server.url, folder: storage.folder },
        `Vitrine listens on ${server.url}`,
      )
      if (!signal.aborted) await stopped
      await server.close()
    })
}
