/** A thinner graph. */
import type { Graph } from '@vitrine/recommender'

/** Keeps the `most` strongest edges of each item, equal ones by lower item. */
export function strongestEdges({ settings, offsets, neighbours, weights }: Graph, most: number): Graph {
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
