/** What `vitrine evaluate` prints for people. */
import type { Difference } from '../evaluate/bootstrap.ts'
import type { EvaluationReport } from '../evaluate/evaluate-model.ts'
import type { Exposure } from '../evaluate/exposure.ts'
import type { Rates } from '../evaluate/metrics.ts'
import type { VariantReport } from '../evaluate/variants.ts'
import { figure, percent, table } from './text.ts'

/** The report as text. */
export function describeEvaluation(report: EvaluationReport): string {
  const { k, cases, sessions, baselines, against = [] } = report
  const heads = [`hit rate@${k}`, `MRR@${k}`, `NDCG@${k}`]
  const lines = [
    `${report.model} ${report.revision}, ${report.precision}, ${figure(report.bytes)} bytes: ` +
      `${figure(cases)} cases of ${figure(sessions)} sessions, ${report.p50_ms.toFixed(3)} ms a list (p99 ${report.p99_ms.toFixed(3)} ms)`,
    '',
    'In percent (JSON has shares):',
    table([
      ['', ...heads, 'coverage', 'Gini', 'popularity lift'],
      rankerRow('this model', report),
      ...(report.unknown_shopper
        ? [rankerRow('told nothing of earlier visits', report.unknown_shopper)]
        : []),
      ...(report.starter ? [rankerRow('its starter', report.starter)] : []),
      ...against.map((other) => rankerRow(other.name, other)),
      ...Object.entries(baselines).map(([name, theirs]) => rankerRow(name, theirs)),
    ]),
    'Popularity lift: how much more popular the listed items are than those that shoppers went on to.',
  ]
  if (report.starter) {
    lines.push(
      `The starter serves first lists until the model is there: ${figure(report.starter.items)} items in ${figure(report.starter.bytes)} bytes.`,
    )
  }
  for (const { name, revision, difference } of against) {
    const { hit_rate, mrr } = difference
    lines.push(
      '',
      `This model minus ${name} (${revision}): ${heads[0]} ${interval(hit_rate)}, ${heads[1]} ${interval(mrr)}`,
    )
  }
  const compared = Object.entries(baselines)
  if (compared.length > 0) {
    lines.push(
      '',
      'This model minus the baseline, points with 95% intervals (paired bootstrap over sessions):',
      table(
        compared.map(([name, { difference }]) => [
          `  ${name}`,
          `${heads[0]} ${interval(difference.hit_rate)}`,
          `${heads[1]} ${interval(difference.mrr)}`,
        ]),
      ),
      ...compared.map(
        ([name, { settings, trials, tuning_cases: cases }]) =>
          `  ${name} tuned in ${figure(trials)} trials on ${figure(cases)} cases to ${JSON.stringify(settings)}`,
      ),
    )
  }
  lines.push(...groups('By items seen before', heads, report.by_prefix))
  lines.push(...variantLines('With a share of the log popularity taken off every score', report.long_tail))
  lines.push(...variantLines('Without a part, the ranker learned again', report.ablations))
  if (report.by_popularity)
    lines.push(...groups('By popularity of the next item', heads, report.by_popularity))
  if (report.new_items) {
    const { items, cases: of, ...rankers } = report.new_items
    const title = `Cases of new items, ranked among all ${figure(items)} new ones alone`
    const rates = Object.entries(rankers).map(([name, each]) => [name, { ...each, cases: of }] as const)
    lines.push(...groups(title, heads, Object.fromEntries(rates)))
  }
  return lines.join('\n')
}

function variantLines(title: string, variants: readonly VariantReport[] | undefined): string[] {
  if (!variants) return []
  const rows = variants.map(({ name, difference, ...rates }) => [
    `  ${name}`,
    percent(rates.hit_rate),
    interval(difference.hit_rate),
    percent(rates.mrr),
    interval(difference.mrr),
    percent(rates.coverage),
    percent(rates.gini),
  ])
  const heads = ['hit rate', 'minus the model', 'MRR', 'minus the model', 'coverage', 'Gini']
  return ['', table([[`${title} (${figure(variants[0]!.cases)} cases):`, ...heads], ...rows])]
}

function groups(
  title: string,
  heads: readonly string[],
  rates: Readonly<Record<string, Rates & { cases: number }>>,
): string[] {
  const rows = Object.entries(rates)
    .filter(([, { cases }]) => cases > 0)
    .map(([name, group]) => ratesRow(`  ${name}`, group, figure(group.cases)))
  return rows.length > 0 ? ['', table([[`${title}:`, ...heads, 'cases'], ...rows])] : []
}

function rankerRow(name: string, ranker: Rates & Exposure): string[] {
  const { coverage, gini, popularity_lift: lift } = ranker
  return [...ratesRow(name, ranker, percent(coverage)), percent(gini), lift?.toFixed(2) ?? '']
}

function ratesRow(name: string, { hit_rate, mrr, ndcg }: Rates, last: string): string[] {
  return [name, percent(hit_rate), percent(mrr), percent(ndcg), last]
}

function interval({ mean, low, high }: Difference): string {
  return `${signed(mean)} [${signed(low)}, ${signed(high)}]`
}

function signed(share: number): string {
  return (share < 0 ? '' : '+') + percent(share)
}
