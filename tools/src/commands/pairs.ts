/** `vitrine pairs`: imported events become counted pairs, in bounded memory. */
import type { Command } from 'commander'
import { type CommandContext, type SharedOptions, answer } from './context.ts'
import { showProgress } from './progress.ts'
import { figure } from './text.ts'

interface PairsCommandOptions extends SharedOptions {
  events: string
  out: string
}

/** Adds the command. */
export function registerPairs(program: Command, context: CommandContext): void {
  program
    .command('pairs')
    .description('count which items follow which, for train --pairs')
    .requiredOption('--events <path>', 'folder that import wrote, or an events file')
    .requiredOption('--out <file>', 'the pairs file to write: CSV, packed by gzip')
    .option('--json', 'print the counts as JSON')
    .addHelpText(
      'after',
      `
A warehouse counts the same where the events are: docs/warehouse.md has the query.

Examples:
  vitrine pairs --events shop --out pairs.csv.gz
  vitrine train --pairs pairs.csv.gz --sessions sample.txt.gz --out model`,
    )
    .action(async (options: PairsCommandOptions) => {
      const { countPairsOf } = await import('../data/count-pairs.ts')
      const { eventsPath } = await import('../data/session-log.ts')
      const progress = showProgress(context, 'pairs')
      try {
        const { stdin, signal } = context
        const report = await countPairsOf(await eventsPath(options.events), options.out, {
          stdin,
          signal,
          onProgress: ({ read, total }) =>
            progress.update({ stage: 'reading', ...(total !== undefined && { share: read / total }) }),
        })
        answer(
          context,
          options,
          report,
          `${figure(report.lines)} lines on ${figure(report.items)} items from ${figure(report.events)} events, written to ${options.out}`,
        )
      } finally {
        progress.stop()
      }
    })
}
