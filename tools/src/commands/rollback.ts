/** `vitrine rollback`: devices go back to an earlier revision. */
import type { Command } from 'commander'
import { type CommandContext, type SharedOptions, answer } from './context.ts'
import { type EndpointCommandOptions, callerOf, withEndpoint } from './endpoint-options.ts'

interface RollbackCommandOptions extends EndpointCommandOptions, SharedOptions {
  model: string
  to?: string
}

/** Adds the command. */
export function registerRollback(program: Command, context: CommandContext): void {
  withEndpoint(program.command('rollback'))
    .description('make an earlier revision the active one')
    .requiredOption('--model <id>', 'model id')
    .option('--to <revision>', 'the one before the active one where missing')
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      `
Examples:
  VITRINE_KEY=sk_live_… vitrine rollback --model online-retail --endpoint https://edge.shop.example
  vitrine rollback --model online-retail --to r1a2b3c --endpoint http://127.0.0.1:8787 --key sk_live_…`,
    )
    .action(async ({ model, to, ...options }: RollbackCommandOptions) => {
      const call = await callerOf(options, context)
      const body = JSON.stringify(to === undefined ? {} : { revision: to })
      const response = await call('POST', `/v1/models/${encodeURIComponent(model)}/rollback`, { body })
      const result = (await response.json()) as { model: string; active: string; previous: string }
      answer(context, options, result, `${model}: active is ${result.active}, was ${result.previous}`)
    })
}
