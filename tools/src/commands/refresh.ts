/** `vitrine refresh`: what a newer catalogue says of a revision's items, without training. */
import { type Command, Option } from 'commander'
import type { Missing, Refreshed } from '../refresh/refresh-catalogue.ts'
import { type CommandContext, type SharedOptions, answer } from './context.ts'
import { showProgress } from './progress.ts'
import { figure } from './text.ts'

interface RefreshCommandOptions extends SharedOptions {
  catalogue: string
  missing: Missing
  out: string
  force?: boolean
}

/** Adds the command. */
export function registerRefresh(program: Command, context: CommandContext): void {
  program
    .command('refresh')
    .description('write a revision again with what a newer catalogue says: prices, stock, titles, new items')
    .argument('<dir>', 'revision folder, with its float32 twin')
    .requiredOption('--catalogue <file>', 'one JSON object a line, as import writes it (gzip too)')
    .requiredOption('--out <dir>', 'the revision folder to write')
    .addOption(
      new Option('--missing <what>', 'what becomes of items that the file does not name')
        .choices(['keep', 'out-of-stock'])
        .default('keep'),
    )
    .option('--force', 'replace what is in --out')
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      `
Nothing is trained: it takes seconds, and devices download little more than the catalogue. New items are placed by
their titles, categories and prices until a training has seen them.

Examples:
  vitrine refresh model --catalogue catalogue.ndjson --out refreshed && vitrine publish refreshed
  vitrine refresh model --catalogue all-we-sell.ndjson --missing out-of-stock --out refreshed --json`,
    )
    .action(async (folder: string, options: RefreshCommandOptions) => {
      const refreshed = await refresh(folder, options, context)
      const { revision, from, changed, added, placed, missing } = refreshed
      const { id, revision: name, artifacts } = revision.manifest
      const bytes = artifacts.reduce((sum, artifact) => sum + artifact.bytes, 0)
      answer(
        context,
        options,
        { model: id, revision: name, from, folder: options.out, bytes, changed, added, placed, missing },
        `${id} ${name}, from ${from}: ${figure(changed)} items changed, ${figure(added)} new ` +
          `(${figure(placed)} of them placed by their content), ${figure(missing)} not named; ` +
          `${figure(bytes)} bytes, written to ${options.out}`,
      )
    })
}

async function refresh(
  folder: string,
  { catalogue, missing, out, force = false }: RefreshCommandOptions,
  context: CommandContext,
): Promise<Refreshed> {
  const { readCatalogue } = await import('../data/catalogue.ts')
  const { replaceFolder } = await import('../data/replace-folder.ts')
  const { copyTrainingRecord } = await import('../data/training-record.ts')
  const { refreshCatalogue } = await import('../refresh/refresh-catalogue.ts')
  const { readModelCard, writeModelCardFile, writeTwins } = await import('../train/revision-folder.ts')
  const { writeRefreshCard } = await import('../report/refresh-card.ts')
  const { signal, now } = context
  const progress = showProgress(context, 'refresh')
  try {
    progress.update({ stage: 'reading', share: 0 })
    const newer = await readCatalogue(catalogue, { signal })
    progress.update({ stage: 'writing artifacts and golden answers', share: 0.3 })
    const createdAt = new Date(now()).toISOString()
    const made = await refreshCatalogue(folder, newer, { missing, createdAt, seed: 1, signal })
    await replaceFolder(out, { force, signal }, async (scratch) => {
      await writeTwins(scratch, made.revision, made.fullPrecision)
      await copyTrainingRecord(folder, scratch)
      await writeModelCardFile(scratch, writeRefreshCard(made, await readModelCard(folder)))
    })
    return made
  } finally {
    progress.stop()
  }
}
