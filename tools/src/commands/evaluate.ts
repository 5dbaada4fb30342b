/** `vitrine evaluate`: how good a model is on sessions that it has not seen. */
import { writeFile } from 'node:fs/promises'
import { type Command, Option } from 'commander'
import { VitrineError } from '@vitrine/contracts'
import type { Objective, Precision } from '@vitrine/recommender'
import type { BaselineName } from '../evaluate/baselines/families.ts'
import type { EvaluationReport, OtherRevision } from '../evaluate/evaluate-model.ts'
import type { SessionLog } from '../data/session-log.ts'
import type { ModelSource } from '../evaluate/panel/panel.ts'
import type { Variant } from '../evaluate/variants.ts'
import { type CommandContext, type SharedOptions, answer } from './context.ts'
import { describeEvaluation } from './describe-evaluation.ts'
import type { HeldOutOptions } from './held-out.ts'
import { fractions, integerFrom, list } from './option-values.ts'
import { type Progress, showProgress } from './progress.ts'

interface EvaluateCommandOptions extends SharedOptions, HeldOutOptions {
  minPrefix: number
  k: number
  precision: Precision
  scan: 'int8' | 'binary'
  objective: Objective
  encoder?: string
  baselines?: string[]
  against?: string[]
  longTail?: number[]
  ablate?: boolean
  html?: string
  threads?: number
}

/** Adds the command. */
export function registerEvaluate(program: Command, context: CommandContext): void {
  program
    .command('evaluate')
    .description('rank every next item of unseen sessions, beside baselines on the same cases')
    .requiredOption('--model <dir>', 'revision folder')
    .option('--events <path>', 'folder that import wrote: sessions after the end of training count')
    .option('--sessions <file>', 'test sessions, one a line (gzip too)')
    .option('--train-sessions <file>', 'with --sessions: what the model was trained on, to fit baselines')
    .option('--min-prefix <length>', 'shortest prefix that is a case', integerFrom(1), 1)
    .option('--k <number>', 'length of a list', integerFrom(1, 1000), 20)
    .addOption(
      new Option('--precision <precision>', 'what ships, or its float twin')
        .choices(['int8', 'fp32'])
        .default('int8'),
    )
    .addOption(
      new Option('--scan <kind>', 'of the catalogue: as devices do, or one bit a number first')
        .choices(['int8', 'binary'])
        .default('int8'),
    )
    .addOption(
      new Option('--objective <name>', 'what to predict; all but the next item need --events')
        .choices([
          'next-item',
          'next-basket',
          'bought-together',
          'repeat-purchase',
          'similar',
          'trending',
          'for-you',
        ])
        .default('next-item'),
    )
    .option('--encoder <file>', 'with this session encoder: encoder.onnx, or a TensorFlow.js model.json')
    .option(
      '--baselines <names>',
      'some of them, separated by commas (all where training data is known); none for none',
      list,
    )
    .option(
      '--against <dirs>',
      'other revisions on the same cases, separated by commas; fp32:DIR for a float32 twin, binary:DIR for a scan of signs',
      list,
    )
    .option(
      '--long-tail <shares>',
      'also with these shares of the log popularity taken off, separated by commas: see spread',
      fractions,
    )
    .option('--ablate', 'also without each of its parts, learned again; needs what it was trained on')
    .option(
      '--threads <number>',
      'that ask at once (default one a core); figures are the same',
      integerFrom(1, 64),
    )
    .option('--html <file>', 'also write the report as a page with charts')
    .option('--json', 'print the report as JSON; rates are shares, 0 to 1')
    .addHelpText(
      'after',
      `
Examples:
  vitrine evaluate --model trial --events shop --html report.html
  vitrine evaluate --model trial --events shop --objective next-basket
  vitrine evaluate --model model --sessions test.txt.gz --k 20 --json
  vitrine evaluate --model model --encoder encoder.onnx --against model --sessions test.txt.gz
  vitrine evaluate --model trial --events shop --ablate --long-tail 0.1,0.2,0.4 --html report.html
  vitrine evaluate --model model --against fp32:model,smaller,binary:model --sessions test.txt.gz
  vitrine evaluate --model model --sessions test.txt.gz --train-sessions train.txt.gz --precision fp32`,
    )
    .action(async (options: EvaluateCommandOptions) => {
      const { objective } = options
      if (objective !== 'next-item') {
        const { describeObjective, evaluateObjective } = await import('./evaluate-objective.ts')
        const measured = await evaluateObjective({ ...options, objective }, context)
        answer(context, options, measured, describeObjective(measured))
        return
      }
      const report = await runEvaluate(options, context)
      if (options.html !== undefined) {
        const { writeEvaluationPage } = await import('../report/evaluation-page.ts')
        await writeFile(options.html, writeEvaluationPage(report))
      }
      answer(context, options, report, describeEvaluation(report))
    })
}

async function runEvaluate(
  options: EvaluateCommandOptions,
  context: CommandContext,
): Promise<EvaluationReport> {
  const { BASELINES } = await import('../evaluate/baselines/families.ts')
  const { evaluateModel } = await import('../evaluate/evaluate-model.ts')
  const { readHeldOut } = await import('./held-out.ts')
  const { openModel, openStarter } = await import('./open-model.ts')
  const { openPanel } = await import('./open-panel.ts')
  const { openSource } = await import('./open-source.ts')
  const { longTailOf } = await import('./open-variants.ts')
  const { k, minPrefix, precision } = options
  const { signal } = context
  const baselines = (options.baselines ?? BASELINES).filter((name) => name !== 'none')
  const unknown = baselines.find((name) => !(BASELINES as readonly string[]).includes(name))
  if (unknown !== undefined) {
    throw new VitrineError(
      'INVALID_OPTIONS',
      `There is no baseline "${unknown}": use ${BASELINES.join(', ')} or none.`,
    )
  }
  const progress = showProgress(context, 'evaluate')
  try {
    progress.update({ stage: 'reading', share: 0 })
    const { test, train } = await readHeldOut(options, context)
    if (!train && options.baselines !== undefined && baselines.length > 0) {
      throw new VitrineError(
        'INVALID_OPTIONS',
        'Baselines need training data: give --train-sessions, or --events.',
      )
    }
    const { encoder, scan } = options
    const source: ModelSource = { kind: 'model', folder: options.model, precision, encoder, scan }
    const longTail = options.longTail && (await longTailOf(source, options.longTail))
    const ablations = options.ablate ? await withoutParts(source, train, context, progress) : undefined
    const model = await openModel(source.folder, { precision, encoder, scan, signal })
    const panel = openPanel(train, options.threads, signal)
    try {
      const starter = precision === 'int8' ? await openStarter(source.folder) : undefined
      const items = starter?.catalogue.ids.length
      starter?.dispose()
      return await evaluateModel(
        {
          model,
          source,
          starter:
            items === undefined ? undefined : { source: { kind: 'starter', folder: source.folder }, items },
          against: await Promise.all((options.against ?? []).map(otherOf)),
          test,
          ...(train && { train }),
          baselines: baselines as BaselineName[],
          ...(longTail && { longTail }),
          ...(ablations && { ablations }),
        },
        { panel, openModel: openSource, k, minPrefix, signal, onProgress: (step) => progress.update(step) },
      )
    } finally {
      await panel.close()
      model.dispose()
    }
  } finally {
    progress.stop()
  }
}

async function withoutParts(
  source: ModelSource,
  train: SessionLog | undefined,
  { signal }: CommandContext,
  progress: Progress,
): Promise<Variant[]> {
  const { ablationsOf } = await import('./open-variants.ts')
  const { createRun } = await import('../train/run.ts')
  if (!train) {
    throw new VitrineError(
      'INVALID_OPTIONS',
      'Taking parts away needs what the model was trained on: give --train-sessions, or --events.',
    )
  }
  const run = createRun({ signal, onProgress: (step) => progress.update({ ...step, share: 0 }) })
  return ablationsOf(source, train, run, signal)
}

/** Ways to open a revision that can stand before its folder. */
const FORMS = {
  fp32: { precision: 'fp32' },
  binary: { precision: 'int8', scan: 'binary' },
} as const

async function otherOf(name: string): Promise<OtherRevision> {
  const { readRevision } = await import('../train/index.ts')
  const [, prefix, rest] = /^(fp32|binary):(.+)$/u.exec(name) ?? []
  const folder = rest ?? name
  const form = prefix === undefined ? ({ precision: 'int8' } as const) : FORMS[prefix as keyof typeof FORMS]
  const { manifest } = await readRevision(folder, { precision: form.precision })
  return { name, source: { kind: 'model', folder, ...form }, manifest }
}
