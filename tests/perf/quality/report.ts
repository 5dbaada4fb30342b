/** What the quality benchmark found, as JSON, Markdown and a plot. */
import type { Machine } from '../measure/machine.ts'

/** Shares of 0 to 1. */
export interface Quality {
  hit_rate: number
  mrr: number
  ndcg: number
}

interface Interval {
  mean: number
  low: number
  high: number
}

/** A model minus another on the same cases. */
export interface Difference {
  hit_rate: Interval
  mrr: Interval
}

/** One version of the model. */
export interface Variant extends Quality {
  name: string
  bytes: number
  /** Parameters after / before. */
  parameter_ratio: number
  /** Largest rounding error of the embeddings / their range. */
  max_error_over_range: number
  /** Median and 99th percentile of a list in Node, in milliseconds. */
  p50_ms: number
  p99_ms: number
  /** This version minus float32. */
  difference: Difference
}

/** One shop. */
export interface ShopReport {
  shop: string
  measured: string
  machine: Machine
  cases: number
  items: number
  train_seconds: number
  variants: Variant[]
  baselines: (Quality & { name: string; coverage: number; difference: Difference })[]
  /** Quality by number of training events. */
  growth: { events: number; model: Quality; popularity: Quality; item_knn: Quality }[]
}

/** Everything that was measured, by shop. */
export interface QualityReport {
  shops: ShopReport[]
}

/** One line of JSON for each version of each model. */
export function qualityLines({ shops }: QualityReport): object[] {
  return shops.flatMap(({ shop, cases, variants, baselines, growth }) => [
    ...variants.map((variant) => ({ shop, cases, ...variant })),
    ...baselines.map((baseline) => ({ shop, cases, ...baseline })),
    ...growth.map((step) => ({ shop, ...step })),
  ])
}

export function qualityMarkdown({ shops }: QualityReport): string {
  return ['# Quality', ABOUT, ...shops.map(section)].join('\n\n')
}

const ABOUT = `Every prefix of a later session predicts the item that comes next; all items are ranked, repeats allowed; lists of 20. Figures are in percent. Differences are in points with 95% intervals of a paired bootstrap over whole sessions. Each baseline was tuned on the last tenth of the training sessions, by what the model tunes on. Written by \`npm run bench -- quality\`.`

function section({ shop, measured, machine, cases, items, train_seconds, ...found }: ShopReport): string {
  const int8 = found.variants.find(({ name }) => name === 'int8')!
  const rows = found.variants.map((variant) => [
    variant.name,
    variant.bytes.toLocaleString('en'),
    (variant.bytes / found.variants[0]!.bytes).toFixed(3),
    percent(variant.parameter_ratio),
    percent(variant.max_error_over_range),
    percent(variant.hit_rate),
    percent(variant.mrr),
    variant.name === 'fp32' ? '' : points(variant.difference.hit_rate),
    variant.name === 'fp32' ? '' : points(variant.difference.mrr),
    variant.p50_ms.toFixed(2),
    variant.p99_ms.toFixed(2),
  ])
  return [
    `## ${shop}`,
    `${cases.toLocaleString('en')} cases, ${items.toLocaleString('en')} items; trained in ${Math.round(train_seconds)} s on ${machine.cpu} (${machine.cores} cores, load ${machine.load[0]?.toFixed(1)}), ${measured.slice(0, 10)}.`,
    table(
      ['', 'hit rate', 'MRR', 'NDCG', 'int8 minus it: hit rate', 'MRR'],
      [
        ['Vitrine, int8', percent(int8.hit_rate), percent(int8.mrr), percent(int8.ndcg), '', ''],
        ...found.baselines.map(({ name, hit_rate, mrr, ndcg, difference }) => [
          name,
          percent(hit_rate),
          percent(mrr),
          percent(ndcg),
          points(difference.hit_rate),
          points(difference.mrr),
        ]),
      ],
    ),
    table(
      [
        'version',
        'bytes',
        'of fp32',
        'parameters %',
        'rounding error / range %',
        'hit rate',
        'MRR',
        'minus fp32: hit rate',
        'MRR',
        'p50 ms',
        'p99 ms',
      ],
      rows,
    ),
    ...(found.growth.length > 0
      ? [
          'By number of training events, the newest ones (hit rate / MRR):',
          table(
            ['events', 'Vitrine', 'item-kNN', 'popularity'],
            found.growth.map(({ events, model, item_knn, popularity }) => [
              events.toLocaleString('en'),
              ...[model, item_knn, popularity].map(
                ({ hit_rate, mrr }) => `${percent(hit_rate)} / ${percent(mrr)}`,
              ),
            ]),
          ),
        ]
      : []),
  ].join('\n\n')
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const rule = head.map((_, at) => (at === 0 ? '---' : '---:'))
  return [head, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

function percent(share: number): string {
  return (100 * share).toFixed(2)
}

function points({ mean, low, high }: Interval): string {
  return `${signed(mean)} (${signed(low)} to ${signed(high)})`
}

function signed(share: number): string {
  return `${share < 0 ? '−' : '+'}${Math.abs(100 * share).toFixed(2)}`
}
