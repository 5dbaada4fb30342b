/** The quality report as a page. */
import { columns } from '../report/markdown.ts'
import type { Int8Loss, Interval, QualityReport, Quality, Setting, ShopReport } from './report.ts'

const ABOUT = `Every prefix of a later session predicts the item that comes next; all items are ranked, repeats allowed; lists of 20. What is measured is what ships: the int8 artifacts, through the code that a browser runs. Figures are in percent. Differences are in points with 95% intervals of a paired bootstrap over whole sessions. Each baseline was tuned as the model's graph was: by coordinate descent on about 12,000 cases of the newest tenth of the training sessions, by hit rate + MRR, begun again at random places until at least 100 settings were tried (or all there are); a setting two points behind after a quarter of the cases is given up. Written by \`npm run bench -- quality\`.`

export function qualityMarkdown(report: QualityReport): string {
  return [
    '# Quality',
    ABOUT,
    '![Bytes, long tail and baselines](quality.svg)',
    ...report.shops.map(section),
  ].join('\n\n')
}

function section(found: ShopReport): string {
  return [
    `## ${found.shop}`,
    `${whole(found.cases)} cases of ${whole(found.sessions)} sessions, ${whole(found.items)} items, ${whole(found.training_events)} training events; trained in ${Math.round(found.train_seconds)} s on ${found.machine.cpu} (${found.machine.cores} cores, load ${found.machine.load[0]?.toFixed(1)} at the start), ${found.measured.slice(0, 10)}.`,
    rankers(found),
    ...published(found),
    '### Smaller versions',
    int8Line(found.int8_loss),
    versions(found),
    'Learned again: embeddings trained on in the dimensions that are left, and the ranker anew. Distilled: besides, the ranker learned half from a larger teacher. The binary scan reads one bit a number and scores eight times the list again in int8; it keeps both tables. Milliseconds are those of one list in Node, one version after the other on about 4,000 cases.',
    '### Where it is good',
    'By items seen before, and by popularity of the item that came next (head: the most frequent tenth; middle: the next four tenths; tail: the other half):',
    columns(
      ['', 'cases', 'hit rate', 'MRR', 'NDCG'],
      [...groups('seen', found.by_prefix), ...groups('next item', found.by_popularity)],
    ),
    '### What each part is worth',
    'What is taken from the ranker is taken before it learns: it learned again without it.',
    settings('', found.ablations),
    '### The long tail',
    'A share of the log popularity is taken off every score (`vitrine spread`, `vitrine train --long-tail`).',
    settings('share taken off', found.long_tail),
    ...growth(found),
    ...shelves(found),
    ...hidden(found),
  ].join('\n\n')
}

function rankers({ versions: all, exposure, unknown_shopper: unknown, baselines }: ShopReport): string {
  const int8 = all.find(({ name }) => name === 'int8')!
  return columns(
    [
      '',
      'hit rate',
      'MRR',
      'NDCG',
      'int8 minus it: hit rate',
      'MRR',
      'coverage',
      'Gini',
      'popularity lift',
      'trials',
      'on cases',
    ],
    [
      [
        '**Vitrine, int8**',
        ...rates(int8),
        '',
        '',
        percent(exposure.coverage),
        percent(exposure.gini),
        exposure.popularity_lift?.toFixed(2) ?? '',
        '',
        '',
      ],
      ...(unknown
        ? [
            [
              'the same, told nothing of earlier visits',
              ...rates(unknown),
              points(unknown.difference.hit_rate),
              points(unknown.difference.mrr),
              percent(unknown.coverage),
              percent(unknown.gini),
              unknown.popularity_lift?.toFixed(2) ?? '',
              '',
              '',
            ],
          ]
        : []),
      ...baselines.map((baseline) => [
        baseline.name,
        ...rates(baseline),
        points(baseline.difference.hit_rate),
        points(baseline.difference.mrr),
        percent(baseline.coverage),
        percent(baseline.gini),
        baseline.popularity_lift?.toFixed(2) ?? '',
        String(baseline.trials),
        whole(baseline.tuning_cases),
      ]),
    ],
  )
}

function published({ published: known }: ShopReport): string[] {
  if (known.length === 0) return []
  return [
    `Published on this split, for context (not measured here): ${known.map(({ name, hit_rate, mrr, source }) => `${name} ${percent(hit_rate)} / ${percent(mrr)} (${source})`).join(', ')}.`,
  ]
}

function int8Line({ hit_rate, mrr, allowed, holds }: Int8Loss): string {
  return `**int8 against float32, relative**: hit rate ${relative(hit_rate)}, MRR ${relative(mrr)} lost; at most ${percent(allowed)}% may be lost: ${holds ? 'holds' : 'does **not** hold'}.`
}

function versions({ versions: all }: ShopReport): string {
  return columns(
    [
      '',
      'bytes',
      'of fp32',
      'numbers left %',
      'rounding error / range %',
      'hit rate',
      'MRR',
      'minus fp32: hit rate',
      'MRR',
      'p50 ms',
      'p99 ms',
    ],
    all.map((version, at) => [
      version.name,
      whole(version.bytes),
      (version.bytes / all[0]!.bytes).toFixed(3),
      percent(version.parameter_ratio),
      percent(version.max_error_over_range),
      percent(version.hit_rate),
      percent(version.mrr),
      at === 0 ? '' : points(version.difference.hit_rate),
      at === 0 ? '' : points(version.difference.mrr),
      version.p50_ms.toFixed(3),
      version.p99_ms.toFixed(3),
    ]),
  )
}

function growth({ growth: steps }: ShopReport): string[] {
  if (steps.length === 0) return []
  return [
    '### How few events suffice',
    'Trained on the newest sessions alone that hold so many events, and told nothing of earlier visits (hit rate / MRR):',
    columns(
      ['events', 'Vitrine', 'item-kNN', 'popularity'],
      steps.map(({ events, model, item_knn, popularity }) => [
        whole(events),
        ...[model, item_knn, popularity].map(({ hit_rate, mrr }) => `${percent(hit_rate)} / ${percent(mrr)}`),
      ]),
    ),
  ]
}

function shelves({ shelves: all = [] }: ShopReport): string[] {
  if (all.length === 0) return []
  return [
    '### What each shelf is good for',
    'Each shelf and each baseline by the measure of its objective, which baselines were tuned by on the data before.',
    columns(
      ['objective', 'shelf', 'measure', 'questions', 'Vitrine', 'baseline', '', 'ahead by', 'trials'],
      all.flatMap(({ objective, placement, by, k, questions, baselines, ...rates }) =>
        Object.entries(baselines).map(([name, theirs], at) => {
          const own = [
            objective,
            placement,
            `${by.replace('_', ' ')}@${k}`,
            whole(questions),
            percent(rates[by]),
          ]
          const other = [name, percent(theirs[by]), points(theirs.difference), String(theirs.trials)]
          return (at === 0 ? own : own.map(() => '')).concat(other)
        }),
      ),
    ),
  ]
}

function hidden({ hidden: found }: ShopReport): string[] {
  if (!found) return []
  const { share, items, cases, among_all: all } = found
  return [
    '### Items without events',
    `Trained without the events of ${percent(share)}% of the items, which then have title, category and price alone: ${whole(cases)} cases that went on to one of ${whole(items)} such items, ranked among these. In lists of the whole catalogue ${percent(all.hit_rate)}% of ${whole(all.cases)} such cases found theirs.`,
    columns(
      ['', 'hit rate', 'MRR', 'NDCG'],
      [
        ['**Vitrine**, by query embedding'].concat(rates(found.model)),
        ['by category'].concat(rates(found.category)),
        ['by chance'].concat(rates(found.chance)),
      ],
    ),
  ]
}

function groups(kind: string, all: Readonly<Record<string, Quality & { cases: number }>>): string[][] {
  return Object.entries(all)
    .filter(([, { cases }]) => cases > 0)
    .map(([name, group]) => [`${kind}: ${name}`, whole(group.cases)].concat(rates(group)))
}

function settings(head: string, all: readonly Setting[]): string {
  return columns(
    [head, 'hit rate', 'difference', 'MRR', 'difference', 'coverage', 'Gini', 'popularity lift'],
    all.map(({ name, hit_rate, mrr, difference, coverage, gini, popularity_lift: lift }, at) => [
      name,
      percent(hit_rate),
      at === 0 ? '' : points(difference.hit_rate),
      percent(mrr),
      at === 0 ? '' : points(difference.mrr),
      percent(coverage),
      percent(gini),
      lift?.toFixed(2) ?? '',
    ]),
  )
}

function rates({ hit_rate, mrr, ndcg }: Quality): string[] {
  return [percent(hit_rate), percent(mrr), percent(ndcg)]
}

function whole(value: number): string {
  return value.toLocaleString('en')
}

function relative({ mean, low, high }: Interval): string {
  return `${signed(mean)}% (${signed(low)} to ${signed(high)})`
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
