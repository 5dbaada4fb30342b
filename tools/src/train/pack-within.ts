/** Packs a model within its bytes: what does not fit goes from the weakest edges of the graph. */
import { artifactOf } from '@vitrine/contracts'
import type { Graph } from '@vitrine/recommender'
import { strongestEdges } from '../quantize/strongest-edges.ts'
import type { TrainedParts, packInt8 } from './pack-revision.ts'
import { LEAST_EDGES } from './size-budget.ts'

/**
 * Packs `parts` with as many edges a row, at most `mostEdges`, as keep the revision within `budget`: measured, as
 * it depends on how far apart neighbours are numbered and how many an item has at all. A very large catalogue takes
 * more bytes rather than too few edges.
 */
export async function packWithin(
  budget: number,
  parts: TrainedParts,
  mostEdges: number,
  pack: (parts: TrainedParts) => ReturnType<typeof packInt8>,
): Promise<{ parts: TrainedParts; mostEdges: number } & Awaited<ReturnType<typeof packInt8>>> {
  let kept = parts
  let edges = mostEdges
  for (;;) {
    const packed = await pack(kept)
    const { artifacts } = packed.revision.manifest
    const excess = artifacts.reduce(
      (sum, { role, bytes }) => (role === 'starter' ? sum : sum + bytes),
      -budget,
    )
    if (excess <= 0 || edges <= LEAST_EDGES) return { parts: kept, mostEdges: edges, ...packed }
    const { graph } = kept.evidence
    const edgeBytes = artifactOf(packed.revision.manifest, 'graph')!.bytes / graph.weights.length
    edges = affordableEdges(graph, graph.weights.length - excess / edgeBytes, edges - 1)
    kept = { ...parts, evidence: { ...parts.evidence, graph: strongestEdges(parts.evidence.graph, edges) } }
  }
}

/** Returns the most edges a row, at most `most`, with which a graph like this has at most `total`. */
function affordableEdges({ offsets }: Graph, total: number, most: number): number {
  for (let edges = most; edges > LEAST_EDGES; edges--) {
    let count = 0
    for (let row = 0; row + 1 < offsets.length; row++)
      count += Math.min(edges, offsets[row + 1]! - offsets[row]!)
    if (count <= total) return edges
  }
  return LEAST_EDGES
}
