/** `vitrine quantize` and `vitrine prune`: smaller versions of a trained revision. */
import { type Command, InvalidArgumentError } from 'commander'
import { VitrineError } from '@vitrine/contracts'
import type { Compression } from '../quantize/compress.ts'
import { type CommandContext, type SharedOptions, answer } from './context.ts'
import { integerFrom } from './option-values.ts'
import { figure, percent } from './text.ts'

interface CompressCommandOptions extends SharedOptions, Compression {
  out: string
  force?: boolean
}

/** Adds `quantize`. */
export function registerQuantize(program: Command, context: CommandContext): void {
  program
    .command('quantize')
    .description('write a revision again with other bits a number')
    .argument('<dir>', 'revision folder, with its float32 twin')
    .requiredOption('--out <dir>', 'the revision folder to write')
    .requiredOption('--bits <bits>', 'of a number in the embeddings: 8, or 4 for half the bytes', bits)
    .option('--force', 'replace what is in --out')
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      `
Examples:
  vitrine quantize model --bits 4 --out model-int4
  vitrine evaluate --model model-int4 --events shop`,
    )
    .action((folder: string, options: CompressCommandOptions) => compress(folder, options, context))
}

/** Adds `prune`. */
export function registerPrune(program: Command, context: CommandContext): void {
  program
    .command('prune')
    .description('write a revision again with fewer edges or dimensions')
    .argument('<dir>', 'revision folder, with its float32 twin')
    .requiredOption('--out <dir>', 'the revision folder to write')
    .option('--edges <number>', 'edges kept of each item in the graph, the strongest', integerFrom(1, 1000))
    .option(
      '--dimension <number>',
      'dimensions kept of the embeddings, divisible by 16',
      integerFrom(16, 1024),
    )
    .option('--force', 'replace what is in --out')
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      `
Examples:
  vitrine prune model --edges 24 --out smaller
  vitrine prune model --dimension 64 --out narrower --json`,
    )
    .action((folder: string, options: CompressCommandOptions) => {
      if (options.edges === undefined && options.dimension === undefined) {
        throw new VitrineError('INVALID_OPTIONS', 'Say what to prune: give --edges, --dimension or both.')
      }
      return compress(folder, options, context)
    })
}

async function compress(
  folder: string,
  { out, force = false, bits, edges, dimension, json }: CompressCommandOptions,
  context: CommandContext,
): Promise<void> {
  const { replaceFolder } = await import('../data/replace-folder.ts')
  const { copyTrainingRecord } = await import('../data/training-record.ts')
  const { compressRevision } = await import('../quantize/compress.ts')
  const { writeTwins } = await import('../train/index.ts')
  const { signal, now } = context
  const compression: Compression = {
    ...(bits !== undefined && { bits }),
    ...(edges !== undefined && { edges }),
    ...(dimension !== undefined && { dimension }),
  }
  const run = { createdAt: new Date(now()).toISOString(), seed: 1, signal }
  const { revision, fullPrecision, bytes, parameterRatio, quantization } = await compressRevision(
    folder,
    compression,
    run,
  )
  await replaceFolder(out, { force, signal }, async (scratch) => {
    await writeTwins(scratch, revision, fullPrecision)
    await copyTrainingRecord(folder, scratch)
  })
  const error = quantization.find(({ role }) => role === 'embeddings')!.maxErrorOverRange
  const { manifest } = revision
  const result = {
    model: manifest.id,
    revision: manifest.revision,
    folder: out,
    bytes: bytes.after,
    bytes_before: bytes.before,
    parameter_ratio: parameterRatio,
    max_error_over_range: error,
  }
  answer(
    context,
    { ...(json !== undefined && { json }) },
    result,
    `${manifest.id} ${manifest.revision}: ${figure(bytes.after)} bytes (${figure(bytes.before)} before), ` +
      `${percent(parameterRatio)}% of the parameters, rounding of the embeddings off by at most ${percent(error)}% of their range, written to ${out}`,
  )
}

function bits(text: string): 4 | 8 {
  if (text === '4' || text === '8') return text === '4' ? 4 : 8
  throw new InvalidArgumentError('It is 4 or 8.')
}
