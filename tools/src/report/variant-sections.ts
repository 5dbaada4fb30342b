/** The evaluation page's sections on the model in other settings: the long tail's knob, and the model without its parts. */
import type { EvaluationReport } from '../evaluate/evaluate-model.ts'
import type { VariantReport } from '../evaluate/variants.ts'
import { AXIS, SPLIT, drawChart } from './chart.ts'
import { count, figure, interval, percent, section, table, text } from './html.ts'

/** Returns a section for each kind of setting that was measured. */
export function variantSections({ k, long_tail: longTail, ablations }: EvaluationReport): string[] {
  return [
    ...(longTail
      ? [
          section(
            'What showing more of the long tail costs',
            figure(
              `Coverage against hit rate at ${k}, by share of the log popularity taken off`,
              knobChart(longTail),
            ),
            variantTable('share taken off', longTail),
            note(longTail, 'The share of the log popularity that is taken off every score'),
          ),
        ]
      : []),
    ...(ablations
      ? [
          section(
            'What each part is worth',
            figure(`Hit rate and MRR at ${k} without each part`, partsChart(ablations)),
            variantTable('', ablations),
            note(
              ablations,
              'What is taken from the ranker is taken before it learns: it learned again without it',
            ),
          ),
        ]
      : []),
  ]
}

function note(variants: readonly VariantReport[], what: string): string {
  return `<p class="note">${text(what)}. On a sample of ${count(variants[0]?.cases ?? 0)} of the cases; differences are from the model as it is.</p>`
}

/** Up is more of the catalogue, right is better lists: the knob moves along the curve. */
function knobChart(variants: readonly VariantReport[]): string {
  return drawChart(
    {
      legend: { show: false },
      grid: { left: 60, right: 60, top: 20, bottom: 45 },
      xAxis: { type: 'value', scale: true, name: 'hit rate, %', ...AXIS, ...SPLIT },
      yAxis: { type: 'value', scale: true, name: 'coverage, %', ...AXIS, nameGap: 40, ...SPLIT },
      series: [
        {
          type: 'line',
          symbolSize: 8,
          label: {
            show: true,
            position: 'top',
            color: 'inherit',
            formatter: ({ dataIndex }: { dataIndex: number }) => variants[dataIndex]?.name ?? '',
          },
          data: variants.map(({ hit_rate, coverage }) => [rounded(hit_rate), rounded(coverage)]),
        },
      ],
    },
    { width: 800, height: 320 },
  )
}

function partsChart(variants: readonly VariantReport[]): string {
  const bars = (name: string, of: (variant: VariantReport) => number): object => ({
    type: 'bar',
    name,
    data: variants.map((variant) => rounded(of(variant))),
    label: { show: true, position: 'right', color: 'inherit', fontSize: 11 },
    barMaxWidth: 12,
  })
  return drawChart(
    {
      grid: { left: 240, right: 60, top: 35, bottom: 25 },
      xAxis: { type: 'value', ...AXIS, ...SPLIT },
      yAxis: { type: 'category', data: variants.map(({ name }) => name), inverse: true, ...AXIS },
      series: [bars('hit rate', ({ hit_rate }) => hit_rate), bars('MRR', ({ mrr }) => mrr)],
    },
    { width: 800, height: 60 + 38 * variants.length },
  )
}

function variantTable(head: string, variants: readonly VariantReport[]): string {
  return table(
    [head, 'hit rate', 'difference', 'MRR', 'difference', 'coverage', 'Gini', 'popularity lift'],
    variants.map(({ name, difference, popularity_lift: lift, ...rates }, at) => [
      text(name),
      percent(rates.hit_rate),
      at === 0 ? '' : interval(difference.hit_rate),
      percent(rates.mrr),
      at === 0 ? '' : interval(difference.mrr),
      percent(rates.coverage),
      percent(rates.gini),
      lift?.toFixed(2) ?? '',
    ]),
    'ours',
  )
}

function rounded(share: number): number {
  return Number((100 * share).toFixed(2))
}
