/** `vitrine starter`: gives a trained revision a starter, or one of another size. */
import type { Command } from 'commander'
import { type CommandContext, type SharedOptions, answer } from './context.ts'
import { integerFrom } from './option-values.ts'
import { figure } from './text.ts'

interface StarterCommandOptions extends SharedOptions {
  model: string
  out: string
  bytes?: number
  force?: boolean
}

/** Adds the command. */
export function registerStarter(program: Command, context: CommandContext): void {
  program
    .command('starter')
    .description('write a revision again with a starter, which serves the first lists of a first visit')
    .requiredOption('--model <dir>', 'revision folder')
    .requiredOption('--out <dir>', 'the revision folder to write')
    .option(
      '--bytes <number>',
      'size of the starter as transferred (40000 where missing)',
      integerFrom(1000, 60_000),
    )
    .option('--force', 'replace what is in --out')
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      `
Training writes a starter by itself; the revision gets another name, since its content is another.

Examples:
  vitrine starter --model models/shop/r1 --out models/shop/with-starter
  vitrine starter --model model --out smaller --bytes 20000 --json`,
    )
    .action(async (options: StarterCommandOptions) => {
      const result = await runStarter(options, context)
      answer(context, options, result, describe(result))
    })
}

interface StarterResult {
  model: string
  revision: string
  folder: string
  /** Null for a model that is too small for one. */
  starter: { items: number; bytes: number; transferred_bytes: number } | null
}

async function runStarter(
  { model, out, bytes, force = false }: StarterCommandOptions,
  { signal }: CommandContext,
): Promise<StarterResult> {
  const { replaceFolder } = await import('../data/replace-folder.ts')
  const { verifyArtifacts } = await import('../publish/verify.ts')
  const { copyRevision, readRevision, transferred, withStarter } = await import('../train/index.ts')
  const before = await readRevision(model)
  verifyArtifacts(before)
  const after = withStarter(before, bytes)
  const { manifest, artifacts } = after
  await replaceFolder(out, { force, signal }, (folder) => copyRevision(model, folder, after))
  const described = manifest.artifacts.find(({ role }) => role === 'starter')
  return {
    model: manifest.id,
    revision: manifest.revision,
    folder: out,
    starter: described
      ? {
          items: described.shape[0]!,
          bytes: described.bytes,
          transferred_bytes: transferred(artifacts.get('starter')!),
        }
      : null,
  }
}

function describe({ model, revision, folder, starter }: StarterResult): string {
  const what = starter
    ? `a starter of ${figure(starter.items)} items, ${figure(starter.transferred_bytes)} bytes as transferred`
    : 'no starter: the model is too small for one'
  return `${model} ${revision} with ${what}, written to ${folder}`
}
