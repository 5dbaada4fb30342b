/** `vitrine quantize`, `prune`, `distill` and `spread`: other versions of a trained revision. */
import { type Command, InvalidArgumentError } from 'commander'
import { VitrineError } from '@vitrine/contracts'
import type { Compressed, Compression } from '../quantize/compress.ts'
import { type CommandContext, type SharedOptions, answer } from './context.ts'
import { fraction, integerFrom } from './option-values.ts'
import { showProgress } from './progress.ts'
import { figure, percent, table } from './text.ts'
import type { TrainingSessionsOptions } from './training-sessions.ts'

interface CompressCommandOptions
  extends SharedOptions, TrainingSessionsOptions, Omit<Compression, 'longTail'> {
  out: string
  by?: number
  force?: boolean
}

type Verb = 'quantize' | 'prune' | 'distill' | 'spread'

/** Adds `quantize`. */
export function registerQuantize(program: Command, context: CommandContext): void {
  commandOf(program, 'quantize', 'write a revision again with other bits a number')
    .requiredOption('--bits <bits>', 'of a number in the embeddings: 8, or 4 for half the bytes', bits)
    .addHelpText(
      'after',
      `
Examples:
  vitrine quantize model --bits 4 --out model-int4
  vitrine evaluate --model model-int4 --events shop`,
    )
    .action((folder: string, options: CompressCommandOptions) =>
      compress('quantize', folder, options, context),
    )
}

/** Adds `prune`. */
export function registerPrune(program: Command, context: CommandContext): void {
  withSizes(commandOf(program, 'prune', 'write a revision again with fewer edges or dimensions'))
    .addHelpText(
      'after',
      `
Dimensions that are kept are those in which items differ most. With the data of its training (--events, --sessions)
embeddings and ranker learn again with what is left; that takes a fraction of the time of training.

Examples:
  vitrine prune model --edges 24 --out smaller
  vitrine prune model --dimension 64 --sessions train.txt.gz --out narrower --json`,
    )
    .action((folder: string, options: CompressCommandOptions) => {
      if (options.edges === undefined && options.dimension === undefined) {
        throw new VitrineError('INVALID_OPTIONS', 'Say what to prune: give --edges, --dimension or both.')
      }
      return compress('prune', folder, options, context)
    })
}

/** Adds `distill`. */
export function registerDistill(program: Command, context: CommandContext): void {
  withSizes(commandOf(program, 'distill', 'write a smaller revision that learned from a larger model'))
    .option('--hidden <number>', 'units of its ranker, divisible by 8 (32 where missing)', multipleOfEight)
    .option('--bits <bits>', 'of a number in the embeddings: 8 or 4', bits)
    .addHelpText(
      'after',
      `
The teacher is larger than what ships: several wide rankers over all dimensions and edges. What it holds likely is half
of what the smaller ranker learns; the other half is what shoppers did. Where that is worse on the newest sessions than
learning from them alone, the latter is kept.

Examples:
  vitrine distill model --sessions train.txt.gz --dimension 64 --out student
  vitrine distill model --events shop --dimension 48 --edges 24 --hidden 16 --bits 4 --out smallest`,
    )
    .action((folder: string, options: CompressCommandOptions) => {
      if (options.events === undefined && options.sessions === undefined) {
        throw new VitrineError(
          'INVALID_OPTIONS',
          'Say what to learn from: give --events or --sessions of its training.',
        )
      }
      return compress('distill', folder, options, context)
    })
}

/** Adds `spread`. */
export function registerSpread(program: Command, context: CommandContext): void {
  commandOf(program, 'spread', 'write a revision again that shows more of the long tail')
    .requiredOption(
      '--by <share>',
      'share of the log popularity taken off every score, 0 to below 1',
      fraction,
    )
    .addHelpText(
      'after',
      `
What a share costs in hit rate and gains in coverage: vitrine evaluate --long-tail 0.1,0.2,0.4

Examples:
  vitrine spread model --by 0.2 --out wider
  vitrine evaluate --model wider --against model --events shop`,
    )
    .action((folder: string, options: CompressCommandOptions) => compress('spread', folder, options, context))
}

function commandOf(program: Command, verb: Verb, about: string): Command {
  return program
    .command(verb)
    .description(about)
    .argument('<dir>', 'revision folder, with its float32 twin')
    .requiredOption('--out <dir>', 'the revision folder to write')
    .option('--force', 'replace what is in --out')
    .option('--json', 'print the result as JSON')
}

function withSizes(command: Command): Command {
  return command
    .option('--edges <number>', 'edges kept of each item in the graph, the strongest', integerFrom(1, 1000))
    .option(
      '--dimension <number>',
      'dimensions kept of the embeddings, divisible by 16',
      integerFrom(16, 1024),
    )
    .option('--events <path>', 'what it was trained on: a folder that import wrote, or an events file')
    .option('--sessions <file>', 'what it was trained on: one session a line (gzip too)')
}

async function compress(
  verb: Verb,
  folder: string,
  options: CompressCommandOptions,
  context: CommandContext,
): Promise<void> {
  const { readBasis } = await import('../data/read-basis.ts')
  const { compressRevision } = await import('../quantize/compress.ts')
  const { createRun } = await import('../train/run.ts')
  const { readTrainingSessions } = await import('./training-sessions.ts')
  const { bits, edges, dimension, hidden, by } = options
  const { signal, now } = context
  const compression: Compression = {
    ...(bits !== undefined && { bits }),
    ...(edges !== undefined && { edges }),
    ...(dimension !== undefined && { dimension }),
    ...(hidden !== undefined && { hidden }),
    ...(by !== undefined && { longTail: by }),
  }
  const progress = showProgress(context, verb)
  try {
    progress.update({ stage: 'reading', share: 0 })
    const log = await readTrainingSessions(folder, options, context)
    const made = await compressRevision(folder, compression, {
      createdAt: new Date(now()).toISOString(),
      seed: 1,
      signal,
      isTaught: verb === 'distill',
      run: createRun({ signal, onProgress: (step) => progress.update(step) }),
      ...(log && { basis: await readBasis(folder, log, signal) }),
    })
    await write(folder, made, options, context)
    progress.stop()
    answer(context, options, ...describe(made, options))
  } finally {
    progress.stop()
  }
}

async function write(
  folder: string,
  made: Compressed,
  { out, force = false }: CompressCommandOptions,
  { signal }: CommandContext,
): Promise<void> {
  const { replaceFolder } = await import('../data/replace-folder.ts')
  const { copyTrainingRecord } = await import('../data/training-record.ts')
  const { readModelCard, writeModelCardFile, writeTwins } = await import('../train/revision-folder.ts')
  const { writeCompressionCard } = await import('../report/compression-card.ts')
  await replaceFolder(out, { force, signal }, async (scratch) => {
    await writeTwins(scratch, made.revision, made.fullPrecision)
    await copyTrainingRecord(folder, scratch)
    await writeModelCardFile(scratch, writeCompressionCard(made, await readModelCard(folder)))
  })
}

function describe(
  { revision: { manifest }, bytes, parameterRatio, quantization, stages }: Compressed,
  { out }: CompressCommandOptions,
): [result: object, text: string] {
  const error = quantization.find(({ role }) => role === 'embeddings')!.maxErrorOverRange
  const result = {
    model: manifest.id,
    revision: manifest.revision,
    folder: out,
    bytes: bytes.after,
    bytes_before: bytes.before,
    parameter_ratio: parameterRatio,
    max_error_over_range: error,
    stages: stages.map(({ name, hitRate, mrr }) => ({ name, hit_rate: hitRate / 100, mrr: mrr / 100 })),
  }
  const text =
    `${manifest.id} ${manifest.revision}: ${figure(bytes.after)} bytes (${figure(bytes.before)} before), ` +
    `${percent(parameterRatio)}% of the parameters, rounding of the embeddings off by at most ${percent(error)}% of their range, written to ${out}`
  if (stages.length === 0) return [result, text]
  const rows = stages.map(({ name, hitRate, mrr }) => [name, hitRate.toFixed(2), mrr.toFixed(2)])
  return [
    result,
    `${text}\n\nOn the newest sessions, in percent:\n${table([['', 'hit rate@20', 'MRR@20'], ...rows])}`,
  ]
}

function bits(text: string): 4 | 8 {
  if (text === '4' || text === '8') return text === '4' ? 4 : 8
  throw new InvalidArgumentError('It is 4 or 8.')
}

function multipleOfEight(text: string): number {
  const value = integerFrom(8, 256)(text)
  if (value % 8 > 0) throw new InvalidArgumentError('It is divisible by 8.')
  return value
}
