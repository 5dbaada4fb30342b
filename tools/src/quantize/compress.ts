/** Smaller versions of a trained revision: fewer bits, edges or dimensions, learned again where sessions are given. */
import type { Manifest } from '@vitrine/contracts'
import { type Revision, readRevision } from '../train/index.ts'
import type { LearningBasis } from '../train/learning-basis.ts'
import { type TrainedParts, packFullPrecision, packInt8 } from '../train/pack-revision.ts'
import { type Run, createRun } from '../train/run.ts'
import { readParts } from '../train/trained-parts.ts'
import type { QuantizationError, StageMetrics } from '../train/types.ts'
import { withLongTail } from './long-tail.ts'
import { projectOnPrincipal } from './principal.ts'
import { relearn } from './relearn.ts'
import { strongestEdges } from './strongest-edges.ts'

/** What to leave out, and what else to change. */
export interface Compression {
  /** Bits of a number in the embeddings. */
  bits?: 4 | 8
  /** Edges kept of each item, the strongest. */
  edges?: number
  /** Dimensions kept, divisible by 16: those in which items differ most. */
  dimension?: number
  /** Units of the ranker's hidden layer, where it learns again. */
  hidden?: number
  /** Share of the log popularity that is taken off every score. */
  longTail?: number
}

/** How to go about it. */
export interface CompressOptions {
  createdAt: string
  seed: number
  signal: AbortSignal
  /** With what the model learned from, what is left of it learns again. */
  basis?: LearningBasis
  /** Whether a larger model teaches it then. */
  isTaught?: boolean
  /** Course of learning again. */
  run?: Run
}

/** A compressed revision, its float32 twin, and what it lost. */
export interface Compressed {
  revision: Revision
  fullPrecision: Revision
  /** Revision that it was made from. */
  from: string
  compression: Compression
  /** Of all artifacts, before and after. */
  bytes: { before: number; after: number }
  /** Numbers in graph, embeddings, encoder, statistics and ranker after, over those before. */
  parameterRatio: number
  /** Of rounding alone. */
  quantization: readonly QuantizationError[]
  /** Of learning again; empty without. */
  stages: readonly StageMetrics[]
}

/**
 * Compresses the revision in `folder`; golden answers are made anew, since it computes others.
 *
 * @throws what `readRevision` and `loadModel` throw; the float32 twin must be there.
 */
export async function compressRevision(
  folder: string,
  compression: Compression,
  { createdAt, seed, signal, basis, isTaught = false, run = createRun({ signal }) }: CompressOptions,
): Promise<Compressed> {
  const { bits = 8, hidden, longTail = 0 } = compression
  const before = await readRevision(folder)
  const parts = await readParts(await readRevision(folder, { precision: 'fp32' }), signal)
  const { edges, dimension } = compression
  const { evidence, reranker, stages } = basis
    ? await relearn(basis, { edges, dimension, hidden, bits, isTaught }, run)
    : { ...parts, evidence: pruned(parts.evidence, compression), stages: [] }
  // Other shelves go by what visits say, which is as before.
  const { shelves } = parts.reranker
  const ranker = withLongTail({ ...reranker, ...(shelves && { shelves }) }, longTail)
  const smaller = { catalogue: parts.catalogue, evidence, reranker: ranker }
  const { id, attribution } = before.manifest
  const best = stages.at(-1)
  const facts = {
    id,
    createdAt,
    // Figures of the model before are not true of this one.
    ...(best && { metrics: { 'tail_hit_rate@20': best.hitRate / 100, 'tail_mrr@20': best.mrr / 100 } }),
    ...(attribution !== undefined && { attribution }),
  }
  const { revision, quantization } = await packInt8(smaller, facts, seed, { bits })
  signal.throwIfAborted()
  return {
    revision,
    fullPrecision: await packFullPrecision(smaller, facts, seed),
    from: before.manifest.revision,
    compression,
    bytes: { before: bytesOf(before.manifest), after: bytesOf(revision.manifest) },
    parameterRatio: parametersOf(smaller) / parametersOf(parts),
    quantization,
    stages,
  }
}

function pruned(
  evidence: TrainedParts['evidence'],
  { edges, dimension }: Compression,
): TrainedParts['evidence'] {
  return {
    ...evidence,
    graph: edges === undefined ? evidence.graph : strongestEdges(evidence.graph, edges),
    ...(dimension !== undefined && projectOnPrincipal(evidence, dimension)),
  }
}

function parametersOf({ evidence, reranker }: TrainedParts): number {
  const { graph, embeddings, encoder, statistics } = evidence
  const tables = [graph.weights, embeddings.values, encoder.weights, statistics.popularity]
  return (
    tables.reduce((sum, { length }) => sum + length, 0) +
    reranker.layers.reduce((sum, { weights, biases }) => sum + weights.length + biases.length, 0)
  )
}

function bytesOf({ artifacts }: Manifest): number {
  return artifacts.reduce((sum, { bytes }) => sum + bytes, 0)
}
