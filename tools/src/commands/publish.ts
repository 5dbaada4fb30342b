/** `vitrine publish`: a revision folder goes to an endpoint. */
import type { Command } from 'commander'
import { type CommandContext, type SharedOptions, answer } from './context.ts'
import { type EndpointCommandOptions, callerOf, withEndpoint } from './endpoint-options.ts'
import { showProgress } from './progress.ts'
import { figure, table } from './text.ts'

/** Adds the command. */
export function registerPublish(program: Command, context: CommandContext): void {
  withEndpoint(program.command('publish'))
    .description('check a revision and upload what the endpoint lacks of it')
    .argument('<dir>', 'revision folder')
    .option('--json', 'print what was uploaded as JSON')
    .addHelpText(
      'after',
      `
Examples:
  VITRINE_KEY=sk_live_… vitrine publish model --endpoint https://edge.shop.example
  vitrine publish models/online-retail/r1 --endpoint http://127.0.0.1:8787 --key sk_live_… --json`,
    )
    .action(async (folder: string, options: EndpointCommandOptions & SharedOptions) => {
      const { publishRevision } = await import('../publish/publish-revision.ts')
      const { readRevision } = await import('../train/index.ts')
      const call = await callerOf(options, context)
      const revision = await readRevision(folder)
      const progress = showProgress(context, 'publish')
      try {
        const report = await publishRevision(revision, {
          call,
          onProgress: ({ role, share }) => progress.update({ stage: role, share }),
        })
        progress.stop()
        const rows = [
          ...report.uploaded.map(({ role, bytes }) => [`  ${role}`, figure(bytes), 'uploaded']),
          ...report.skipped.map(({ role, bytes }) => [`  ${role}`, figure(bytes), 'already there']),
        ]
        answer(
          context,
          options,
          report,
          `${table(rows)}\n${report.model} ${report.revision} is published; active is ${report.active}` +
            (report.active === report.revision ? '' : ': roll forward by `vitrine rollback --to`'),
        )
      } finally {
        progress.stop()
      }
    })
}
