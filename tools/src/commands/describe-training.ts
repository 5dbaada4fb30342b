/** What `vitrine train` found, for people. */
import type { TrainingRecord } from '../data/training-record.ts'
import type { Drift, EmbeddingFacts } from '../train/types.ts'
import { duration, figure, percent, table } from './text.ts'

/** What it found. */
export interface TrainResult {
  revision: string
  model: string
  folder: string
  bytes: number
  training: TrainingRecord
  stages: { name: string; hit_rate: number; mrr: number }[]
  embeddings: { method: EmbeddingFacts['method']; losses: readonly number[]; head_losses: readonly number[] }
  drift?: Drift
}

/** Returns it in words. @param data Where the model came from and what of it was held out: what to do next depends on it. */
export function describeTraining(
  result: TrainResult,
  seconds: number,
  { events, holdout }: { events?: string; holdout: number },
): string {
  const { revision, model, folder, bytes, training, stages, drift } = result
  const next =
    holdout > 0 && events !== undefined
      ? `vitrine evaluate --model ${folder} --events ${events}`
      : `vitrine inspect ${folder}`
  return [
    `${model} ${revision}: ${figure(training.items)} items, ${figure(training.sessions)} sessions, ` +
      `${figure(bytes)} bytes, trained in ${duration(seconds * 1000)}`,
    '',
    ...(stages.length > 0 ? [describeStages(stages), ''] : []),
    ...(drift ? [describeDrift(drift), ''] : []),
    `Written to ${folder}. Next: ${next}`,
  ].join('\n')
}

/** How the embeddings came about, as JSON has it. */
export function describeEmbeddings({
  method,
  losses,
  headLosses = [],
}: EmbeddingFacts): TrainResult['embeddings'] {
  return { method, losses, head_losses: headLosses }
}

function describeStages(stages: TrainResult['stages']): string {
  const rows = stages.map((stage) => [stage.name, percent(stage.hit_rate), percent(stage.mrr)])
  return [
    'On the tail of the training data, in percent:',
    table([['', 'hit rate@20', 'MRR@20'], ...rows]),
  ].join('\n')
}

function describeDrift({ from, added, removed, learned, graphRows, cosine, popularity }: Drift): string {
  return (
    `Since ${from}: ${figure(added)} items came, ${figure(removed)} went; ${figure(learned)} embeddings learned again ` +
    `(mean cosine with before ${cosine.toFixed(3)}), ${figure(graphRows)} rows of the graph written anew; ` +
    `popularity moved by ${popularity.toFixed(3)} bits of 1. Train without --from once this grows.`
  )
}
