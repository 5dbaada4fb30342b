/** MODEL_CARD.md: what a revision is built from, how good it is, what it cannot do. */
import { type Manifest, artifactOf } from '@vitrine/contracts'
import type { ColdStart, Drift, TrainInput, TrainReport } from '../train/types.ts'
import { markdownTable } from './markdown.ts'
import { plotTraining } from './training-plot.ts'

/** Names of what lies beside the card. */
const PLOT = 'model-card.svg'
const TRIALS = 'trials.ndjson'

/** Returns the card and its plot, by file name. */
export function writeModelCard(
  input: TrainInput,
  manifest: Manifest,
  report: TrainReport,
): ReadonlyMap<string, string> {
  return new Map([
    ['MODEL_CARD.md', cardOf(input, manifest, report)],
    [PLOT, plotTraining(report)],
    ...(report.trials.length > 0 ? [[TRIALS, trialLines(report)] as const] : []),
  ])
}

/** Every trial of the search, one a line. */
function trialLines({ trials }: TrainReport): string {
  return trials
    .map(({ setting, value, hitRate, mrr, kept }, i) =>
      JSON.stringify({ trial: i + 1, setting, value, hit_rate: hitRate / 100, mrr: mrr / 100, kept }),
    )
    .join('\n')
    .concat('\n')
}

function cardOf(input: TrainInput, manifest: Manifest, report: TrainReport): string {
  const starter = artifactOf(manifest, 'starter')
  const kept = manifest.artifacts.filter((artifact) => artifact !== starter)
  const bytes = kept.reduce((sum, artifact) => sum + artifact.bytes, 0)
  const keptTrials = report.trials.filter((trial) => trial.kept).length
  const sections = [
    `# ${manifest.id} · ${manifest.revision}`,
    [
      `- Built ${manifest.createdAt} from ${number(report.sessions)} sessions, ${number(report.events)} events, ${number(report.items)} items, seed ${input.seed}`,
      ...(input.trainedThrough === undefined ? [] : [`- Newest event: ${input.trainedThrough}`]),
      ...(input.attribution === undefined ? [] : [`- Data: ${input.attribution}`]),
      `- ${number(bytes)} bytes in ${kept.length} artifacts, ${manifest.dimension} dimensions, tables in ${tableTypes(manifest)}`,
      ...(input.longTail
        ? [
            `- ${input.longTail} of the log popularity is taken off every score, so that more of the long tail is shown`,
          ]
        : []),
      ...(starter
        ? [
            `- A starter of ${number(starter.shape[0]!)} items, ${number(starter.bytes)} bytes, serves the first lists of a first visit`,
          ]
        : []),
    ].join('\n'),
    '## Quality on held-out sessions',
    `Settings were chosen on the newest tenth of the sessions (${number(report.tailCases)} cases), with everything counted on the rest. The figures below are of the newest fifth of that tenth, from which the ranker did not learn: every prefix predicts the next item, all items are ranked, repeats allowed. They are in percent, with graph and statistics in float32 and embeddings rounded to 8 bits as a device has them; settings saw these sessions, so that an evaluation on later ones is the fair judge. After that everything was counted again on all sessions.`,
    markdownTable(
      ['', 'hit rate@20', 'MRR@20'],
      report.stages.map(({ name, hitRate, mrr }) => [name, hitRate.toFixed(2), mrr.toFixed(2)]),
    ),
    `![Hit rate and MRR by tuning trial, and the ranker's loss](${PLOT})`,
    '## Artifacts',
    markdownTable(
      ['artifact', 'type', 'shape', 'bytes'],
      manifest.artifacts.map(({ role, dtype, shape, bytes: size }) => [
        role,
        dtype,
        shape.join(' × '),
        number(size),
      ]),
    ),
    'Rounding, largest error over the range of the table:',
    markdownTable(
      ['artifact', 'error / range', 'bytes', 'in float32'],
      report.quantization.map((entry) => [
        entry.role,
        `${(100 * entry.maxErrorOverRange).toFixed(3)}%`,
        number(entry.bytes),
        number(entry.fullBytes),
      ]),
    ),
    '## Embeddings',
    ...embeddingsOf(report),
    ...(report.coldStart ? coldStartOf(report.coldStart) : []),
    ...(report.drift ? driftOf(report.drift) : []),
    '## Settings of the graph',
    report.drift
      ? 'Those of the earlier revision.'
      : `Found by coordinate descent from a cosine: ${report.trials.length} trials, ${keptTrials} kept; all of them are in [${TRIALS}](${TRIALS}).`,
    markdownTable(
      ['setting', 'value'],
      Object.entries(report.settings).map(([name, value]) => [name, String(value)]),
    ),
    '## Limits',
    [
      '- Items that are in no training session are reached by the scan and by popularity only; items that join the catalogue later wait for the next training.',
      '- It holds aggregated weights, no session. An item pair that a single shopper made is in the graph like any other.',
      '- It recommends what went with what; it knows nothing of margin, season or fairness.',
    ].join('\n'),
  ]
  return sections.join('\n\n') + '\n'
}

/** Element types of the numeric artifacts, each once. */
function tableTypes({ artifacts }: Manifest): string {
  return [...new Set(artifacts.map(({ dtype }) => dtype))].filter((dtype) => dtype !== 'json').join(' and ')
}

function coldStartOf({ items, hidden, cosine, neighbours }: ColdStart): string[] {
  return [
    '## New items',
    `${number(items)} items of the catalogue have no events. Title, category and price place them among the others, by a ridge regression on the embeddings of those. For ${number(hidden)} items that were hidden to see how well this goes, the places found have a mean cosine of ${cosine.toFixed(2)} with where they belong, and share ${(100 * neighbours).toFixed(0)}% of their 20 nearest items.`,
  ]
}

function driftOf({ from, added, removed, learned, graphRows, cosine, popularity }: Drift): string[] {
  return [
    '## Drift',
    `This training went on from revision ${from}: settings, encoder and ranker are its own.`,
    markdownTable(
      ['since then', ''],
      [
        ['items that came', number(added)],
        ['items that went', number(removed)],
        ['embeddings learned again', number(learned)],
        ['mean cosine of those with before', cosine.toFixed(3)],
        ['rows of the graph written anew', number(graphRows)],
        ['divergence of popularity (Jensen–Shannon, bits of 1)', popularity.toFixed(3)],
      ],
    ),
  ]
}

function embeddingsOf({ embeddings }: TrainReport): string[] {
  const { method, quality, settings, losses } = embeddings
  const names = {
    sessions: 'trained with the session encoder by sampled softmax',
    pairs: 'factorised from pairs, which predicted the tail better than training on so few sessions',
  }
  const tried = (['sessions', 'pairs'] as const).flatMap((name) => {
    const found = quality[name]
    return found ? [[name, found.hitRate.toFixed(2), found.mrr.toFixed(2)]] : []
  })
  const course = losses.map((loss) => loss.toFixed(3)).join(', ')
  return [
    `They were ${names[method]}. The scan alone, on a sample of the tail, in percent:`,
    markdownTable(['method', 'hit rate@20', 'MRR@20'], tried),
    ...(losses.length > 0 ? [`Mean loss a case by epoch, on all sessions: ${course}.`] : []),
    markdownTable(
      ['setting', 'value'],
      Object.entries(settings).map(([name, value]) => [name, String(value)]),
    ),
  ]
}

function number(value: number): string {
  return value.toLocaleString('en-US')
}
