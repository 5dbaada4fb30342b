/**
 * The graph of so many sessions that their pairs would not fit in memory at once: a range of rows after the other. A
 * row depends on no other row's pairs, so the result is the same to the bit.
 */
import type { Graph } from '@vitrine/recommender'
import { type GraphRecipe, buildGraph } from './build-graph.ts'
import { countPairs, countRows, listPairs } from './pairs.ts'
import { type Sessions, sessionCount } from './sessions.ts'

/** Listed at once: nine bytes each, and eight more while they are added up. */
const MOST_PAIRS = 20_000_000

/** Whether the pairs of `sessions`, read both ways, are too many to be listed at once. */
export function hasManyPairs(sessions: Sessions, itemCount: number, most: number = MOST_PAIRS): boolean {
  return totalOf(countRows(sessions, itemCount)) > most
}

/** Returns whole sessions at even distances, whose pairs are few enough to be listed at once: to choose settings on. */
export function sampleForPairs(sessions: Sessions, itemCount: number, most: number = MOST_PAIRS): Sessions {
  const share = Math.min(1, most / Math.max(1, totalOf(countRows(sessions, itemCount))))
  const chosen = Array.from({ length: sessionCount(sessions) }, (_, s) => s).filter(
    (s) => Math.floor((s + 1) * share) > Math.floor(s * share),
  )
  const offsets = new Uint32Array(chosen.length + 1)
  for (const [place, s] of chosen.entries()) {
    offsets[place + 1] = offsets[place]! + sessions.offsets[s + 1]! - sessions.offsets[s]!
  }
  const items = new Uint32Array(offsets[chosen.length]!)
  const types = sessions.types && new Uint8Array(items.length)
  for (const [place, s] of chosen.entries()) {
    const [from, to] = [sessions.offsets[s]!, sessions.offsets[s + 1]!]
    items.set(sessions.items.subarray(from, to), offsets[place])
    types?.set(sessions.types!.subarray(from, to), offsets[place])
  }
  return { offsets, items, ...(types && { types }) }
}

/** Builds what `buildGraph` builds from all pairs, with at most `mostPairs` of them (but one row's at least) listed. */
export function buildGraphInParts(
  sessions: Sessions,
  itemCount: number,
  recipe: GraphRecipe,
  mostEdges: number,
  mostPairs: number = MOST_PAIRS,
): Graph {
  const rows = countRows(sessions, itemCount)
  const offsets = new Uint32Array(itemCount + 1)
  const parts: Graph[] = []
  for (let from = 0, to = 0; from < itemCount; from = to) {
    let listed = 0
    while (to < itemCount && (to === from || listed + rows[to]! <= mostPairs)) listed += rows[to++]!
    const table = listPairs(sessions, itemCount, { from, to })
    const part = buildGraph(countPairs(table, recipe), recipe, mostEdges)
    for (let row = from; row < to; row++) {
      offsets[row + 1] = offsets[row]! + part.offsets[row + 1]! - part.offsets[row]!
    }
    parts.push(part)
  }
  const neighbours = new Uint32Array(offsets[itemCount]!)
  const weights = new Float32Array(offsets[itemCount]!)
  let at = 0
  for (const part of parts) {
    neighbours.set(part.neighbours, at)
    weights.set(part.weights, at)
    at += part.neighbours.length
  }
  const { window, decay, selfWeight } = recipe
  return { settings: { window, decay, selfWeight }, offsets, neighbours, weights }
}

function totalOf(rows: Uint32Array): number {
  let total = 0
  for (const row of rows) total += row
  return total
}
