/** Candidates: what the graph reaches in one and two hops, and what one pass over the catalogue finds. */
import type { Graph } from './graph.ts'
import type { Workspace } from './workspace.ts'

/** How many candidates come from where; part of the ranker's artifact, as it was trained on such lists. */
export interface CandidateSettings {
  /** Most candidates of the graph. */
  readonly limit: number
  /** From how many of the latest items two hops are gone. */
  readonly hopSeeds: number
  /** The catalogue is scanned where the graph gave fewer than this, always where missing, and adds `scan`. */
  readonly enough?: number
  readonly scan: number
  /** How many of them all are described and ranked, those that graph and taste place highest; all where missing. */
  readonly ranked?: number
  /** How many come from the shopper's earlier visits, where the ranker reads of them; none where missing. */
  readonly past?: number
}

/**
 * Replaces the candidates of `work` by those that the graph reaches from `history` (item indices, oldest
 * first), masked ones left out.
 */
export function gatherFromGraph(
  graph: Graph,
  history: ArrayLike<number>,
  { limit, hopSeeds }: Pick<CandidateSettings, 'limit' | 'hopSeeds'>,
  mask: Uint8Array | undefined,
  work: Workspace,
): void {
  const { window, selfWeight, decay } = graph.settings
  work.clear()
  let weight = 1
  const first = Math.max(0, history.length - window)
  for (let position = history.length - 1; position >= first; position--) {
    const item = history[position]!
    addEdges(graph, item, weight, mask, work, history.length - 1 - position)
    if (!mask?.[item]) {
      const place = work.add(item)
      work.graph[place]! += weight * selfWeight
    }
    weight *= decay
  }
  const direct = work.count
  // Where one hop gives enough, two tell only more of what it gave.
  const isFull = direct >= limit
  weight = 1
  const firstSeed = Math.max(0, history.length - hopSeeds)
  for (let position = history.length - 1; position >= firstSeed; position--) {
    addHops(graph, history[position]!, weight, mask, work, isFull)
    weight *= decay
  }
  if (work.count > limit) {
    // One hop comes before two: weights of the two are not comparable, and one hop is the better evidence.
    let largest = 0
    for (let c = direct; c < work.count; c++) largest = Math.max(largest, work.hops[c]!)
    for (let c = 0; c < work.count; c++) {
      work.keys[c] = c < direct ? work.graph[c]! : work.hops[c]! / (largest || 1) - 2
    }
    work.keepBest(limit)
  }
}

function addEdges(
  { offsets, neighbours, weights, decodeRow }: Graph,
  item: number,
  weight: number,
  mask: Uint8Array | undefined,
  work: Workspace,
  steps: number,
): void {
  decodeRow?.(item)
  const end = offsets[item + 1]!
  for (let edge = offsets[item]!; edge < end; edge++) {
    const neighbour = neighbours[edge]!
    if (mask?.[neighbour]) continue
    const place = work.add(neighbour)
    work.graph[place]! += weight * weights[edge]!
    if (steps === 0) work.last[place] = weights[edge]!
    else if (steps === 1) work.previous[place] = weights[edge]!
  }
}

function addHops(
  { offsets, neighbours, weights, decodeRow }: Graph,
  item: number,
  weight: number,
  mask: Uint8Array | undefined,
  work: Workspace,
  isFull: boolean,
): void {
  decodeRow?.(item)
  const end = offsets[item + 1]!
  for (let first = offsets[item]!; first < end; first++) {
    const between = neighbours[first]!
    const factor = weight * weights[first]!
    decodeRow?.(between)
    const betweenEnd = offsets[between + 1]!
    for (let second = offsets[between]!; second < betweenEnd; second++) {
      const neighbour = neighbours[second]!
      let place = work.find(neighbour)
      if (place < 0) {
        if (isFull || mask?.[neighbour]) continue
        place = work.add(neighbour)
      }
      const gain = factor * weights[second]!
      // Read anew: adding a candidate may have replaced it by a larger one.
      const { hops } = work
      hops[place] = hops[place]! + gain
    }
  }
}

/** Adds items of a scan, whatever their scores, to the candidates of `work`. */
export function addScanned(items: Uint32Array, work: Workspace): void {
  for (let i = 0; i < items.length; i++) work.add(items[i]!)
}
