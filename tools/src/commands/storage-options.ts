/** Options of the commands that open an endpoint's storage themselves. */
import type { Command } from 'commander'
import type { CommandContext } from './context.ts'

/** Where an endpoint keeps what, as the command line has it. */
export interface StorageCommandOptions {
  folder: string
  database?: string
  artifacts?: string
}

/** Adds `--folder`, `--database` and `--artifacts`. */
export function withStorage(command: Command): Command {
  return command
    .option('--folder <dir>', 'holds what does not lie elsewhere', '.vitrine')
    .option(
      '--database <url>',
      'postgres://… instead of SQLite in the folder; better VITRINE_DATABASE, which other users of the machine cannot list',
    )
    .option(
      '--artifacts <place>',
      's3://bucket/prefix with the usual AWS_* variables, or another folder (or VITRINE_ARTIFACTS)',
    )
}

/** What `openStorage` and `serve` take; the command line goes before the environment. */
export function storageOf(
  { folder, database, artifacts }: StorageCommandOptions,
  { env }: CommandContext,
): { folder: string; database?: string; artifacts?: string; env: CommandContext['env'] } {
  const url = database ?? env['VITRINE_DATABASE']
  const place = artifacts ?? env['VITRINE_ARTIFACTS']
  return {
    folder,
    env,
    ...(url !== undefined && { database: url }),
    ...(place !== undefined && { artifacts: place }),
  }
}
