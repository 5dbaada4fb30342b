/** The evaluation as one HTML page with drawn charts: for people; programs read the JSON. */
import type { Exposure } from '../evaluate/exposure.ts'
import type { BaselineReport, EvaluationReport } from '../evaluate/evaluate-model.ts'
import type { Rates } from '../evaluate/metrics.ts'
import { AXIS, SPLIT, drawChart } from './chart.ts'
import { count, figure, interval, percent, section, table, text } from './html.ts'
import { variantSections } from './variant-sections.ts'

const STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
h1 { font-size: 1.6rem; line-height: 1.2 } h2 { font-size: 1.1rem; margin-top: 2.5rem }
figure { margin: 1rem 0; overflow-x: auto } svg { max-width: 100%; height: auto }
.scroll { overflow-x: auto } table { border-collapse: collapse; font-variant-numeric: tabular-nums }
th, td { padding: 0.3rem 0.9rem 0.3rem 0; text-align: right; white-space: nowrap; border-bottom: 1px solid color-mix(in srgb, currentColor 15%, transparent) }
th:first-child, td:first-child, .settings td, .settings th { text-align: left } .settings td { white-space: normal } .ours tbody tr:first-child { font-weight: 650 }
.note { opacity: 0.75; font-size: 0.9rem }`

/** Returns the page: self-contained, without scripts. */
export function writeEvaluationPage(report: EvaluationReport): string {
  const { model, revision, precision, k, cases, sessions, bytes, baselines } = report
  const compared = Object.entries(baselines)
  const others = othersOf(report)
  const title = `${model} ${revision}: ranking of the next item`
  const body = [
    `<h1>${text(title)}</h1>`,
    `<p>${count(cases)} cases from ${count(sessions)} sessions that the model has not seen. Every prefix of a session predicts the item that comes next; all items are ranked and repeats allowed; lists of ${k}. The tables are ${precision === 'int8' ? `those that ship, ${count(bytes)} bytes` : `the float32 twin, ${count(bytes)} bytes`}. One list takes ${report.p50_ms.toFixed(3)} ms (median; 99th percentile ${report.p99_ms.toFixed(3)} ms).</p>`,
    section(
      'Beside baselines on the same cases',
      figure(`Hit rate and MRR at ${k} of the model and of ${others.length} others`, rankersChart(report)),
      rankersTable(report),
      '<p class="note">In percent. Popularity lift: how much more popular the listed items are than those that shoppers went on to. Gini: 0 shows all items equally often, 100 one item alone.</p>',
    ),
    others.length > 0
      ? section(
          'How sure the differences are',
          differencesTable(others),
          '<p class="note">The model minus the other in points, with 95% intervals of a paired bootstrap over whole sessions. Each baseline was tuned on the last tenth of the training sessions.</p>',
        )
      : '',
    section(
      'By items seen before',
      figure(`Hit rate and MRR at ${k} by the number of items seen before`, groupsChart(report.by_prefix)),
      groupsTable('items seen', report.by_prefix),
    ),
    report.by_popularity
      ? section(
          'By popularity of the next item',
          figure(
            `Hit rate and MRR at ${k} by popularity of the next item`,
            groupsChart(report.by_popularity),
          ),
          groupsTable('next item', report.by_popularity),
          '<p class="note">Head: the most frequent tenth of the trained items; middle: the next four tenths; tail: the other half; new: in the catalogue, without an event in training; absent: not in the catalogue.</p>',
        )
      : '',
    ...variantSections(report),
    compared.length > 0
      ? section(
          'What tuning chose',
          table(
            ['baseline', 'trials', 'on cases', 'settings'],
            compared.map(([name, { trials, tuning_cases: cases, settings }]) => [
              text(name),
              count(trials),
              count(cases),
              text(
                Object.entries(settings)
                  .map(([setting, value]) => `${setting} ${value}`)
                  .join(', '),
              ),
            ]),
            'settings',
          ),
        )
      : '',
  ]
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${text(title)}</title>
<style>${STYLE}</style>
<main>
${body.filter((part) => part !== '').join('\n')}
</main>
</html>
`
}

function rankersChart(report: EvaluationReport): string {
  const rankers: [string, Rates][] = [['this model', report], ...othersOf(report)]
  return barsOf(rankers, 60 + 44 * rankers.length)
}

function groupsChart(groups: Readonly<Record<string, Rates & { cases: number }>>): string {
  const present = Object.entries(groups).filter(([, { cases }]) => cases > 0)
  return barsOf(present, 60 + 44 * present.length)
}

/** Lying bars, the first entry on top. */
function barsOf(entries: readonly (readonly [string, Rates])[], height: number): string {
  const bars = (name: string, of: (rates: Rates) => number): object => ({
    type: 'bar',
    name,
    data: entries.map(([, rates]) => Number((100 * of(rates)).toFixed(2))),
    label: { show: true, position: 'right', color: 'inherit', fontSize: 11 },
    barMaxWidth: 14,
  })
  const longest = Math.max(...entries.map(([name]) => name.length))
  return drawChart(
    {
      // Names of revisions are long, and nothing measures text here.
      grid: { left: Math.max(140, 7 * longest), right: 60, top: 35, bottom: 25 },
      xAxis: { type: 'value', ...AXIS, ...SPLIT },
      yAxis: { type: 'category', data: entries.map(([name]) => name), inverse: true, ...AXIS },
      series: [bars('hit rate', ({ hit_rate }) => hit_rate), bars('MRR', ({ mrr }) => mrr)],
    },
    { width: 800, height },
  )
}

function rankersTable(report: EvaluationReport): string {
  return table(
    ['', 'hit rate', 'MRR', 'NDCG', 'coverage', 'Gini', 'popularity lift'],
    [rankerRow('this model', report), ...othersOf(report).map(([name, theirs]) => rankerRow(name, theirs))],
    'ours',
  )
}

function rankerRow(name: string, ranker: Rates & Exposure): string[] {
  const { hit_rate, mrr, ndcg, coverage, gini, popularity_lift: lift } = ranker
  return [text(name), ...[hit_rate, mrr, ndcg, coverage, gini].map(percent), lift?.toFixed(2) ?? '']
}

/** Whoever answered the same cases: the starter, the other revision, and the baselines, the best of these first. */
function othersOf({
  starter,
  unknown_shopper: unknown,
  against = [],
  baselines,
}: EvaluationReport): [string, Compared][] {
  return [
    ...(unknown ? [['told nothing of earlier visits', unknown] as [string, Compared]] : []),
    ...(starter ? [[`its starter (${count(starter.items)} items)`, starter] as [string, Compared]] : []),
    ...against.map((other): [string, Compared] => [other.name, other]),
    ...Object.entries(baselines).toSorted(([, a], [, b]) => b.hit_rate + b.mrr - a.hit_rate - a.mrr),
  ]
}

type Compared = Rates & Exposure & Pick<BaselineReport, 'difference'>

function differencesTable(others: readonly (readonly [string, Compared])[]): string {
  return table(
    ['this model minus', 'hit rate', 'MRR'],
    others.map(([name, { difference }]) => [
      text(name),
      interval(difference.hit_rate),
      interval(difference.mrr),
    ]),
  )
}

function groupsTable(head: string, groups: Readonly<Record<string, Rates & { cases: number }>>): string {
  return table(
    [head, 'hit rate', 'MRR', 'NDCG', 'cases'],
    Object.entries(groups)
      .filter(([, { cases }]) => cases > 0)
      .map(([name, { hit_rate, mrr, ndcg, cases }]) => [
        text(name),
        percent(hit_rate),
        percent(mrr),
        percent(ndcg),
        count(cases),
      ]),
  )
}
