/** Similar items: those that training has put near the anchor, and those that shoppers go to from it. */
import { dotWithRow, addRow } from './embeddings.ts'
import type { EvidenceRows } from './features.ts'
import type { SimilarSettings } from './shelf-settings.ts'
import { priorOf } from './statistics.ts'
import type { Workspace } from './workspace.ts'

/** How many the scan finds beside the neighbours in the graph. */
export const SIMILAR_CANDIDATES = 100

/** Returns what the catalogue is scanned for: the anchor's own embedding `[d]`. */
export function anchorVector({ embeddings }: Pick<EvidenceRows, 'embeddings'>, anchor: number): Float32Array {
  const vector = new Float32Array(embeddings.dimension)
  addRow(embeddings, anchor, 1, vector)
  return vector
}

/**
 * Replaces the candidates of `work` by `found` and the anchor's neighbours in the graph, without those that `mask` has
 * at 1, and fills `work.scores`, and `work.dense` with how much of it the anchor gives: the dot product with `vector`,
 * which is the cosine, and what the edge adds.
 */
export function scoreSimilar(
  { embeddings, graph, statistics }: Pick<EvidenceRows, 'embeddings' | 'graph' | 'statistics'>,
  { graph: edgeShare, popularity }: SimilarSettings,
  { anchor, vector, found, mask }: SimilarQuestion,
  work: Workspace,
): void {
  work.clear()
  for (let i = 0; i < found.length; i++) work.add(found[i]!)
  let largest = 0
  graph.decodeRow?.(anchor)
  for (let edge = graph.offsets[anchor]!; edge < graph.offsets[anchor + 1]!; edge++) {
    const item = graph.neighbours[edge]!
    if (item === anchor || mask?.[item]) continue
    const weight = graph.weights[edge]!
    const place = work.add(item)
    work.graph[place] = weight
    largest = Math.max(largest, weight)
  }
  const rows = { ...embeddings }
  const prior = priorOf(statistics)
  for (let c = 0; c < work.count; c++) {
    const led = largest > 0 ? work.graph[c]! / largest : 0
    work.dense[c] = dotWithRow(rows, work.items[c]!, vector) + edgeShare * led
    work.scores[c] = work.dense[c]! + popularity * prior[work.items[c]!]!
  }
}

/** What is asked. */
export interface SimilarQuestion {
  readonly anchor: number
  readonly vector: Float32Array
  /** Nearest items by the scan, the anchor not among them. */
  readonly found: ArrayLike<number>
  /** `[N]`, 0 = may be listed. */
  readonly mask?: Uint8Array | undefined
}
