/** `vitrine serve`: runs the endpoint on this machine until it is stopped. */
import type { Command } from 'commander'
import { type CommandContext, type SharedOptions, answer } from './context.ts'
import { integerFrom, percent } from './option-values.ts'
import { type StorageCommandOptions, storageOf, withStorage } from './storage-options.ts'

interface ServeCommandOptions extends SharedOptions, StorageCommandOptions {
  port: number
  host: string
  limitKey: number
  limitDevice: number
  haltDevices: number
  haltShare: number
  quiet?: boolean
}

/** Adds the command. */
export function registerServe(program: Command, context: CommandContext): void {
  withStorage(program.command('serve'))
    .description('run the endpoint: manifests, artifacts, events, metrics')
    .option('--port <number>', '0 takes any free port', integerFrom(0, 65_535), 8787)
    .option('--host <address>', '0.0.0.0 for all addresses, as in a container', '127.0.0.1')
    .option(
      '--limit-key <number>',
      'requests a second with one key, ten times as many at once; 0 for no limit',
      integerFrom(0),
      2000,
    )
    .option(
      '--limit-device <number>',
      'requests a second of one device, ten times as many at once; 0 for no limit',
      integerFrom(0),
      20,
    )
    .option('--halt-devices <number>', 'devices that fail before a rollout halts', integerFrom(1), 5)
    .option(
      '--halt-share <percent>',
      'and their share of those that were handed the candidate',
      percent,
      0.05,
    )
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
  VITRINE_DATABASE=postgres://vitrine@db.internal/vitrine vitrine serve --artifacts s3://models/shop --host 0.0.0.0`,
    )
    .action(async ({ port, host, quiet, json, ...options }: ServeCommandOptions) => {
      const { silentLogger } = await import('@vitrine/cloud')
      const { serve } = await import('@vitrine/cloud/node')
      const { pino } = await import('pino')
      const { signal, stderr } = context
      const stopped = new Promise<void>((done) => {
        signal.addEventListener('abort', () => done(), { once: true })
      })
      const logger = quiet ? silentLogger : pino({}, stderr)
      const { limitKey, limitDevice, haltDevices, haltShare } = options
      const server = await serve({
        ...storageOf(options, context),
        port,
        host,
        rateLimits: {
          ...(limitKey > 0 && { perKey: { perSecond: limitKey, burst: 10 * limitKey } }),
          ...(limitDevice > 0 && { perDevice: { perSecond: limitDevice, burst: 10 * limitDevice } }),
        },
        haltRule: { devices: haltDevices, share: haltShare },
        logger,
      })
      answer(
        context,
        { ...(json && { json }) },
        { url: server.url, folder: options.folder },
        `Vitrine listens on ${server.url}`,
      )
      if (!signal.aborted) await stopped
      await server.close()
    })
}
