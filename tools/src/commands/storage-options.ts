/** Options of the commands that open an endpoint's storage themselves. */
import type { Command } from 'commander'
import type { CommandContext } from './context.ts'

/** Where an endpoint keeps what, as the command line has it. */
export interface StorageCommandOptions {
  folder: string
  database?: string
}

/** Adds `--folder` and `--database`. */
export function withStorage(command: Command): Command {
  return command
    .option('--folder <dir>', 'holds what does not lie elsewhere', '.vitrine')
    .option(
      '--database <url>',
      'postgres://… instead of SQLite in the folder; better VITRINE_DATABASE, which other users of the machine cannot list',
    )
}

/** What `openStorage` and `serve` take; the command line goes before the environment. */
export function storageOf(
  { folder, database }: StorageCommandOptions,
  { env }: CommandContext,
): { folder: string; database?: string } {
  const url = database ?? env['VITRINE_DATABASE']
  return { folder, ...(url !== undefined && { database: url }) }
}
