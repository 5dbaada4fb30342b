/** Smaller versions of a trained revision: fewer bits, fewer edges, fewer dimensions, from its float32 twin. */
import type { Manifest } from '@vitrine/contracts'
import type { Graph } from '@vitrine/recommender'
import { type Revision, readRevision } from '../train/index.ts'
import { type TrainedParts, packFullPrecision, packInt8 } from '../train/pack-revision.ts'
import { readParts } from '../train/trained-parts.ts'
import type { QuantizationError } from '../train/types.ts'
import { projectOnPrincipal } from './principal.ts'

/** What to leave out. */
export interface Compression {
  /** Bits of a number in the embeddings. */
  bits?: 4 | 8
  /** Edges kept of each item, the strongest. */
  edges?: number
  /** Dimensions kept, divisible by 16: those in which items differ most. */
  dimension?: number
}

/** A compressed revision, its float32 twin, and what it lost. */
export interface Compressed {
  revision: Revision
  fullPrecision: Revision
  /** Of all artifacts, before and after. */
  bytes: { before: number; after: number }
  /** Numbers in graph, embeddings, encoder and statistics after, over those before. */
  parameterRatio: number
  /** Of rounding alone. */
  quantization: readonly QuantizationError[]
}

/**
 * Compresses the revision in `folder`; golden answers are made anew, since it computes others.
 *
 * @throws what `readRevision` and `loadModel` throw; the float32 twin must be there.
 */
export async function compressRevision(
  folder: string,
  { bits = 8, edges, dimension }: Compression,
  { createdAt, seed, signal }: { createdAt: string; seed: number; signal: AbortSignal },
): Promise<Compressed> {
  const before = await readRevision(folder)
  const parts = await readParts(await readRevision(folder, { precision: 'fp32' }), signal)
  const { evidence } = parts
  const smaller: TrainedParts = {
    ...parts,
    evidence: {
      ...evidence,
      graph: edges === undefined ? evidence.graph : strongestEdges(evidence.graph, edges),
      ...(dimension !== undefined && projectOnPrincipal(evidence, dimension)),
    },
  }
  const { id, metrics, attribution } = before.manifest
  const facts = {
    id,
    createdAt,
    ...(metrics && { metrics }),
    ...(attribution !== undefined && { attribution }),
  }
  const { revision, quantization } = await packInt8(smaller, facts, seed, { bits })
  signal.throwIfAborted()
  return {
    revision,
    fullPrecision: await packFullPrecision(smaller, facts, seed),
    bytes: { before: bytesOf(before.manifest), after: bytesOf(revision.manifest) },
    parameterRatio: parametersOf(smaller) / parametersOf(parts),
    quantization,
  }
}

function strongestEdges({ settings, offsets, neighbours, weights }: Graph, most: number): Graph {
  const count = offsets.length - 1
  const kept: number[] = []
  const rows = new Uint32Array(count + 1)
  for (let row = 0; row < count; row++) {
    const edges = Array.from({ length: offsets[row + 1]! - offsets[row]! }, (_, i) => offsets[row]! + i)
    const strongest = edges.toSorted((a, b) => weights[b]! - weights[a]! || a - b).slice(0, most)
    for (const edge of strongest.toSorted((a, b) => a - b)) kept.push(edge)
    rows[row + 1] = kept.length
  }
  return {
    settings,
    offsets: rows,
    neighbours: Uint32Array.from(kept, (edge) => neighbours[edge]!),
    weights: Float32Array.from(kept, (edge) => weights[edge]!),
  }
}

function parametersOf({ evidence: { graph, embeddings, encoder, statistics } }: TrainedParts): number {
  return (
    graph.weights.length + embeddings.values.length + encoder.weights.length + statistics.popularity.length
  )
}

function bytesOf({ artifacts }: Manifest): number {
  return artifacts.reduce((sum, { bytes }) => sum + bytes, 0)
}
