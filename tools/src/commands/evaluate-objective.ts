/** `vitrine evaluate --objective`: how well the shelves that serve it do, beside baselines tuned for the same. */
import { VitrineError } from '@vitrine/contracts'
import type { Objective, Precision } from '@vitrine/recommender'
import type { Difference } from '../evaluate/bootstrap.ts'
import type { ShelfReport } from '../evaluate/objectives/evaluate-shelf.ts'
import type { ShelfRates } from '../evaluate/objectives/measure-shelf.ts'
import type { CommandContext } from './context.ts'
import type { HeldOutOptions } from './held-out.ts'
import { showProgress } from './progress.ts'
import { figure, percent, table } from './text.ts'

/** Options of such an evaluation. */
export interface ObjectiveOptions extends HeldOutOptions {
  objective: Exclude<Objective, 'next-item'>
  k: number
  precision: Precision
  encoder?: string
}

/** Evaluates. @throws `VitrineError('INVALID_OPTIONS')` without events, which alone have times and shoppers. */
export async function evaluateObjective(
  options: ObjectiveOptions,
  context: CommandContext,
): Promise<ShelfReport> {
  const { evaluateShelf } = await import('../evaluate/objectives/evaluate-shelf.ts')
  const { readHeldOut } = await import('./held-out.ts')
  const { openModel } = await import('./open-model.ts')
  const { objective, k, precision, encoder } = options
  const { signal } = context
  const progress = showProgress(context, 'evaluate')
  try {
    progress.update({ stage: 'reading', share: 0 })
    const { test, train } = await readHeldOut(options, context)
    if (!train || options.events === undefined) {
      throw new VitrineError(
        'INVALID_OPTIONS',
        `The objective ${objective} is measured on an import's events, which have times and shoppers: give --events.`,
      )
    }
    const model = await openModel(options.model, { precision, encoder, signal })
    try {
      const input = { objective, model, train, test }
      return await evaluateShelf(input, { k, signal, onProgress: (step) => progress.update(step) })
    } finally {
      model.dispose()
    }
  } finally {
    progress.stop()
  }
}

/** The report for people. */
export function describeObjective(report: ShelfReport): string {
  const { k, by, baselines, shelves, agreement } = report
  const heads = [`recall@${k}`, `precision@${k}`, `hit rate@${k}`, `NDCG@${k}`]
  const others = Object.entries({ ...shelves, ...baselines })
  return [
    `${report.model} ${report.revision}, objective ${report.objective}: ${figure(report.questions)} questions of ` +
      `${figure(report.shoppers)} ${report.objective === 'similar' ? 'items' : 'shoppers'}`,
    '',
    'In percent (JSON has shares):',
    table([
      ['', ...heads],
      ratesRow(`shelf ${report.placement}`, report),
      ...Object.entries(shelves).map(([name, rates]) => ratesRow(`shelf ${name}`, rates)),
      ...Object.entries(baselines).map(([name, rates]) => ratesRow(name, rates)),
    ]),
    '',
    `Shelf ${report.placement} minus the other, points of ${by.replace('_', ' ')}@${k} with 95% intervals (paired bootstrap):`,
    table(others.map(([name, { difference }]) => [`  ${name}`, interval(difference)])),
    ...Object.entries(baselines).map(
      ([name, { settings, trials }]) =>
        `  ${name} tuned in ${figure(trials)} trials to ${JSON.stringify(settings)}`,
    ),
    ...(agreement
      ? [
          '',
          table([
            ['Alike in percent:', 'same category', 'shared words'],
            ...Object.entries(agreement).map(([name, { category, words }]) => [
              `  ${name}`,
              percent(category),
              percent(words),
            ]),
          ]),
        ]
      : []),
  ].join('\n')
}

function ratesRow(name: string, { recall, precision, hit_rate, ndcg }: ShelfRates): string[] {
  return [name, percent(recall), percent(precision), percent(hit_rate), percent(ndcg)]
}

function interval({ mean, low, high }: Difference): string {
  return `${signed(mean)} [${signed(low)}, ${signed(high)}]`
}

function signed(share: number): string {
  return (share < 0 ? '' : '+') + percent(share)
}
