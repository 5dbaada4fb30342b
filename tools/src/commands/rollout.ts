/** `vitrine rollout`: which share of the devices gets a revision, and how they fare with it. */
import type { Command } from 'commander'
import type { PublishedRevision, Rollout } from '@vitrine/cloud'
import { VitrineError } from '@vitrine/contracts'
import { type CommandContext, type SharedOptions, answer } from './context.ts'
import { type EndpointCommandOptions, callerOf, withEndpoint } from './endpoint-options.ts'
import { percent } from './option-values.ts'
import { figure, table } from './text.ts'

interface RolloutCommandOptions extends EndpointCommandOptions, SharedOptions {
  model: string
  /** 0 to 1. */
  share?: number
}

/** What `GET /v1/models/:id/revisions` answers. */
interface History extends Rollout {
  active: string
  revisions: PublishedRevision[]
}

/** Adds the command. */
export function registerRollout(program: Command, context: CommandContext): void {
  withEndpoint(program.command('rollout'))
    .description('give a published revision to a share of the devices, or show who has what')
    .argument('[revision]', 'the candidate; without it, nothing is changed')
    .requiredOption('--model <id>', 'model id')
    .option('--share <percent>', 'of the devices, 0 to 100; those within 10 are within 50 too', percent)
    .option('--json', 'print the state as JSON')
    .addHelpText(
      'after',
      `
A rollout halts by itself when too many devices report that they cannot use the candidate; they and all
others are on the stable revision then. The same command with a share lets it go on.

Examples:
  VITRINE_KEY=sk_live_… vitrine rollout r1a2b3c --share 10 --model online-retail --endpoint https://edge.shop.example
  vitrine rollout r1a2b3c --share 100 --model online-retail
  vitrine rollout --model online-retail`,
    )
    .action(async (revision: string | undefined, { model, share, ...options }: RolloutCommandOptions) => {
      if ((revision === undefined) !== (share === undefined)) {
        throw new VitrineError(
          'INVALID_OPTIONS',
          'Give a revision and its --share, or neither to see the state.',
        )
      }
      const call = await callerOf(options, context)
      const path = `/v1/models/${encodeURIComponent(model)}`
      if (revision !== undefined) {
        await call('POST', `${path}/rollout`, { body: JSON.stringify({ revision, share }) })
      }
      const history = (await (await call('GET', `${path}/revisions`)).json()) as History
      answer(context, options, history, describe(history))
    })
}

function describe({ model, stable, candidate, share, haltedAt, revisions }: History): string {
  const state =
    candidate === undefined
      ? `${model}: every device gets ${stable}`
      : haltedAt === undefined
        ? `${model}: ${figure(share * 100)}% of the devices get ${candidate}, the others ${stable}`
        : `${model}: HALTED ${new Date(haltedAt).toISOString()}, too many devices failed with ${candidate}; every device gets ${stable}`
  const rows = revisions.map(({ revision, publishedAt, offered, failed }) => [
    `  ${revision}`,
    new Date(publishedAt).toISOString(),
    offered === 0 ? '' : `${figure(offered)} devices got it, ${figure(failed)} failed`,
  ])
  return `${state}\n${table(rows)}`
}
