/** Options of the commands that call an endpoint. */
import type { Command } from 'commander'
import { VitrineError } from '@vitrine/contracts'
import type { Call } from '../publish/endpoint.ts'
import type { CommandContext } from './context.ts'

/** Where to call, as the command line has it. */
export interface EndpointCommandOptions {
  endpoint?: string
  key?: string
}

/** Adds `--endpoint` and `--key`. */
export function withEndpoint(command: Command): Command {
  return command
    .option('--endpoint <url>', 'the endpoint (or VITRINE_ENDPOINT)')
    .option('--key <key>', 'a secret key; better VITRINE_KEY, which other users of the machine cannot list')
}

/** @throws `VitrineError('INVALID_OPTIONS')` when endpoint or key is missing. */
export async function callerOf(
  { endpoint, key }: EndpointCommandOptions,
  { env, fetch, signal }: CommandContext,
): Promise<Call> {
  const { endpointCaller } = await import('../publish/endpoint.ts')
  const url = endpoint ?? env['VITRINE_ENDPOINT']
  const secret = key ?? env['VITRINE_KEY']
  if (url === undefined) {
    throw new VitrineError(
      'INVALID_OPTIONS',
      'Say where the endpoint is: give --endpoint or VITRINE_ENDPOINT.',
    )
  }
  if (secret === undefined) {
    throw new VitrineError('INVALID_OPTIONS', 'This needs a secret key: give VITRINE_KEY or --key.')
  }
  return endpointCaller({ endpoint: url, key: secret, fetch, signal })
}
