/** `vitrine train`: events or sessions become a revision folder. */
import { resolve } from 'node:path'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { VitrineError } from '@vitrine/contracts'
import type { TrainingRecord } from '../data/training-record.ts'
import type { GraphRecipe } from '../train/build-graph.ts'
import { GRAPH_SETTINGS } from '../train/graph-grid.ts'
import { TUNING_GOALS, type TuningGoal } from '../train/measure.ts'
import { type CommandContext, type SharedOptions, answer } from './context.ts'
import { type TrainResult, describeEmbeddings, describeTraining } from './describe-training.ts'
import { bytes, fraction, integerFrom, milliseconds, namesOf, orAuto } from './option-values.ts'
import { showProgress } from './progress.ts'
import {
  type TrainSources,
  numbersOf,
  readDetails,
  readEncoders,
  readLog,
  readPairs,
} from './train-sources.ts'

interface TrainCommandOptions extends SharedOptions, TrainSources {
  out: string
  model?: string
  holdout: number
  seed: number
  budget: number
  attribution?: string
  hideItems: number
  embeddingBits?: 4 | 8 | 'auto'
  graphEdges?: number | 'auto'
  longTail: number
  sizeBudget?: number
  tuneFor: TuningGoal
  tuneOrder: (keyof GraphRecipe)[]
  trials?: number
  fresh?: boolean
  force?: boolean
}

/** It changes nothing up to some 400,000 events; ten million would take hours without. */
const DEFAULT_BUDGET = 15 * 60_000

/** Adds the command. */
export function registerTrain(program: Command, context: CommandContext): void {
  program
    .command('train')
    .description('train a model and write it as a revision folder')
    .option('--events <path>', 'folder that import wrote, or an events file')
    .option('--sessions <file>', 'one session a line, item ids separated by spaces (gzip too)')
    .option('--pairs <file>', 'pairs that a warehouse counted; sessions may then be a sample, or missing')
    .option('--catalogue <file>', 'catalogue as NDJSON; the one in the --events folder where missing')
    .requiredOption('--out <dir>', 'the revision folder to write')
    .option('--model <id>', 'model id: lower-case letters, digits, . _ - (the name of --out where missing)')
    .option('--holdout <share>', 'keep the last share of sessions unseen, for evaluate', fraction, 0)
    .option('--seed <number>', 'the same seed and input give the same model', integerFrom(0, 2 ** 32 - 1), 1)
    .addOption(
      new Option(
        '--budget <duration>',
        'time that two ordinary cores may take, such as 1h, or none: training of a large log is sized for it',
      )
        .argParser((text) => (text === 'none' ? Infinity : milliseconds(text)))
        .default(DEFAULT_BUDGET, '15m'),
    )
    .option(
      '--size-budget <size>',
      'bytes that a browser may have to load, such as 3MB (4MB where missing)',
      bytes,
    )
    .addOption(
      new Option('--tune-for <goal>', 'what the settings of the graph are chosen by')
        .choices(Object.keys(TUNING_GOALS))
        .default('both'),
    )
    .option('--tune-order <settings>', 'settings to try before the others', namesOf(GRAPH_SETTINGS), [])
    .option('--trials <number>', 'end the search after so many trials', integerFrom(0))
    .option('--attribution <text>', 'source and licence of the data, for the manifest and the model card')
    .option('--hide-items <share>', 'leave out the events of so many items, to measure new ones', fraction, 0)
    .option(
      '--embedding-bits <bits>',
      '8, 4 for half the bytes, or auto: 4 where that costs nothing (4 for large catalogues where missing)',
      bits,
    )
    .option(
      '--graph-edges <number>',
      'most edges of an item (48 where missing), or auto: the fewest that cost nothing',
      orAuto(integerFrom(1, 1000)),
    )
    .option(
      '--long-tail <share>',
      'share of the log popularity taken off every score, to show more of the long tail',
      fraction,
      0,
    )
    .option('--from <dir>', 'go on from this revision: quicker, and a small difference for devices')
    .option('--encoder-weights <file>', 'session encoder that the training page trained on the same sessions')
    .option('--fresh', 'forget what a stopped run of the same training has finished')
    .option('--force', 'replace what is in --out')
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      `
A run that was stopped leaves OUT.checkpoint; the same command goes on there, to the same model.

Examples:
  vitrine train --events shop --out model
  vitrine train --events shop --holdout 0.1 --out trial && vitrine evaluate --model trial --events shop
  vitrine train --sessions train_sessions.txt.gz --out model --budget 15m --json
  vitrine train --events shop --out model --size-budget 2MB --embedding-bits auto
  vitrine train --events shop --from model --out model-2
  vitrine train --sessions sessions.txt.gz --encoder-weights encoder.safetensors --out model
  vitrine train --pairs pairs.csv.gz --sessions sample.txt.gz --out model`,
    )
    .action(async (options: TrainCommandOptions) => {
      const started = context.now()
      const result = await runTrain(options, context)
      const seconds = (context.now() - started) / 1000
      answer(context, options, { ...result, seconds }, describeTraining(result, seconds, options))
    })
}

async function runTrain(options: TrainCommandOptions, context: CommandContext): Promise<TrainResult> {
  const { replaceFolder } = await import('../data/replace-folder.ts')
  const { writeTrainingRecord } = await import('../data/training-record.ts')
  const { NO_SESSIONS, holdOut, withoutItems } = await import('../data/session-log.ts')
  const { buildCatalogue } = await import('../data/training-catalogue.ts')
  const { readEarlier } = await import('../data/read-earlier.ts')
  const { hiddenItems } = await import('../data/hidden-items.ts')
  const { openCheckpoints } = await import('../train/checkpoints.ts')
  const { fingerprintOf } = await import('../train/fingerprint.ts')
  const { trainModel, writeRevision } = await import('../train/index.ts')
  const { sessionCount } = await import('../train/sessions.ts')
  const { out, holdout, seed, budget, attribution, force = false, fresh = false, hideItems } = options
  const { signal, now } = context
  if (options.from !== undefined && options.longTail > 0) {
    throw new VitrineError(
      'INVALID_OPTIONS',
      'Training with --from keeps the ranker as it is: leave --long-tail out, and spread the result.',
    )
  }
  const modelId = options.model ?? nameOf(out)

  return replaceFolder(out, { force, signal }, async (folder) => {
    const progress = showProgress(context, 'train')
    try {
      const log = await readLog(options, context, progress)
      const { train, trainedThrough } = log === NO_SESSIONS ? { train: log } : holdOut(log, holdout)
      const shown = hideItems > 0 ? withoutItems(train, hiddenItems(hideItems)) : train
      const through = trainedThrough === undefined ? undefined : new Date(trainedThrough).toISOString()
      const pairLog = await readPairs(options, context)
      const earlier = options.from === undefined ? undefined : await readEarlier(options.from, signal)
      const { catalogue, sessions, pairs } = buildCatalogue(shown, await readDetails(options, signal), {
        pairs: pairLog,
        ...(earlier && { first: earlier.ids }),
      })
      const encoders = await readEncoders(options, sessions, catalogue, signal)
      const input = {
        modelId,
        catalogue,
        sessions,
        ...(shown.users && { shoppers: numbersOf(shown.users) }),
        ...(shown.times && { times: shown.times }),
        ...(shown.types && { types: shown.types }),
        ...(pairs && { pairs }),
        ...(earlier && { from: earlier }),
        ...(encoders && { encoders }),
        tuning: {
          goal: options.tuneFor,
          order: options.tuneOrder,
          ...(options.trials !== undefined && { mostTrials: options.trials }),
        },
        seed,
        ...(options.embeddingBits !== undefined && { embeddingBits: options.embeddingBits }),
        ...(options.graphEdges !== undefined && { graphEdges: options.graphEdges }),
        ...(options.longTail > 0 && { longTail: options.longTail }),
        ...(options.sizeBudget !== undefined && { sizeBudget: options.sizeBudget }),
        createdAt: new Date(now()).toISOString(),
        ...(attribution !== undefined && { attribution }),
        ...(through !== undefined && { trainedThrough: through }),
      }
      const checkpoints = await openCheckpoints(
        checkpointFolder(out),
        fingerprintOf(input, budget, earlier?.revision),
        {
          fresh,
        },
      )
      if (checkpoints.isResumed) progress.update({ stage: 'going on where a run was stopped', share: 0 })
      const trained = await trainModel(input, {
        signal,
        checkpoints,
        onProgress: ({ stage, share, note }) => progress.update({ stage, share, note }),
        budgetMs: budget,
      })
      signal.throwIfAborted()
      const training: TrainingRecord = {
        sessions: sessionCount(sessions),
        events: sessions.items.length,
        items: catalogue.length,
        holdout,
        ...(through !== undefined && { trainedThrough: through }),
        seed,
        ...(budget < Infinity && { budgetMs: budget }),
        ...(hideItems > 0 && { hidden: hideItems }),
        ...(options.longTail > 0 && { longTail: options.longTail }),
        graph: trained.report.settings,
      }
      await writeRevision(folder, trained)
      await writeTrainingRecord(folder, training)
      await checkpoints.remove()
      const { manifest, report } = trained
      return {
        revision: manifest.revision,
        model: manifest.id,
        folder: out,
        bytes: manifest.artifacts.reduce((sum, { bytes }) => sum + bytes, 0),
        training,
        embeddings: describeEmbeddings(report.embeddings),
        ...(report.drift && { drift: report.drift }),
        stages: report.stages.map(({ name, hitRate, mrr }) => ({
          name,
          hit_rate: hitRate / 100,
          mrr: mrr / 100,
        })),
      }
    } finally {
      progress.stop()
    }
  })
}

function bits(text: string): 4 | 8 | 'auto' {
  if (text === '4' || text === '8') return text === '4' ? 4 : 8
  if (text === 'auto') return text
  throw new InvalidArgumentError('It is 4, 8 or auto.')
}

/** Beside the folder that is written, whether its path ends in a slash or not. */
function checkpointFolder(out: string): string {
  return `${resolve(out)}.checkpoint`
}

/** The last part of the folder's path as a model id. */
function nameOf(out: string): string {
  const name = out.split(/[/\\]/u).findLast((part) => part !== '' && part !== '.' && part !== '..') ?? ''
  const id = name
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/gu, '-')
    .replace(/^[^a-z0-9]+/u, '')
  return id || 'model'
}
