/** Writes a trained model as a revision, with its float32 twin, report and card. */
import type { Evidence, StoredReranker } from '@vitrine/recommender'
import { withLongTail } from '../quantize/long-tail.ts'
import { writeModelCard } from '../report/model-card.ts'
import type { GraphRecipe } from './build-graph.ts'
import type { Placed } from './cold-start.ts'
import { packFullPrecision, packInt8 } from './pack-revision.ts'
import { packWithin } from './pack-within.ts'
import type { Run } from './run.ts'
import { sessionCount } from './sessions.ts'
import { type EmbeddingBits, MODEL_BYTES } from './size-budget.ts'
import type { StageMetrics, TrainInput, TrainReport, TrainedModel } from './types.ts'
import type { Continued } from './warm-start.ts'

/** Settings and how they were found: what the report tells of. */
export interface Decided {
  readonly recipe: GraphRecipe
  readonly mostEdges: number
  readonly embeddings: TrainReport['embeddings']
  readonly reranker: StoredReranker
  /** Of a number in the embeddings; 8 where missing. */
  readonly bits?: EmbeddingBits
  readonly stages: readonly StageMetrics[]
  readonly trials: TrainReport['trials']
  readonly rankerLoss: readonly number[]
  readonly tailCases: number
}

/** What only some trainings have. */
type Extras = Partial<Pick<Continued, 'scales' | 'drift'> & Pick<Placed, 'coldStart'>>

/** Writes what was chosen and counted as a revision, with its report. */
export async function writeModel(
  input: TrainInput,
  chosen: Decided,
  evidence: Evidence,
  run: Run,
  { scales, drift, coldStart }: Extras = {},
): Promise<TrainedModel> {
  const { attribution, createdAt, modelId: id } = input
  const best = chosen.stages.at(-1)
  const metrics = best && { 'tail_hit_rate@20': best.hitRate / 100, 'tail_mrr@20': best.mrr / 100 }
  const facts = {
    id,
    createdAt,
    ...(metrics && { metrics }),
    ...(attribution !== undefined && { attribution }),
  }
  const reranker = withLongTail(chosen.reranker, input.longTail ?? 0)
  run.report('golden', 0.97, 'writing artifacts and golden answers')
  const { revision, quantization, parts, mostEdges } = await packWithin(
    input.sizeBudget ?? MODEL_BYTES,
    { catalogue: input.catalogue, evidence, reranker },
    chosen.mostEdges,
    (parts) => packInt8(parts, facts, input.seed, { scales, bits: chosen.bits ?? 8 }),
  )
  await run.pause()
  const fullPrecision = await packFullPrecision(parts, facts, input.seed)
  const report: TrainReport = {
    sessions: sessionCount(input.sessions),
    events: input.sessions.items.length,
    items: input.catalogue.length,
    tailCases: chosen.tailCases,
    trials: chosen.trials,
    settings: { ...chosen.recipe, mostEdges },
    stages: chosen.stages,
    quantization,
    rankerLoss: chosen.rankerLoss,
    embeddings: chosen.embeddings,
    ...(coldStart && { coldStart }),
    ...(drift && { drift }),
  }
  const documents = writeModelCard(input, revision.manifest, report)
  run.report('golden', 1, `revision ${revision.manifest.revision}`)
  return { ...revision, fullPrecision, report, documents }
}
