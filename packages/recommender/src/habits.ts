/** Habits: what a shopper had in each of their visits, and how likely each item is to be in the next one. */
import type { Catalogue } from './catalogue.ts'
import type { Evidence } from './features.ts'
import type { Graph } from './graph.ts'
import { type HistoryEvent, VISIT_GAP } from './history.ts'
import { priorOf } from './statistics.ts'
import type { Workspace } from './workspace.ts'

/** One visit: distinct items, and what each counts by the strongest thing that was done with it. */
export interface Visit {
  readonly items: ArrayLike<number>
  /** Parallel to `items`; 1 each where missing. */
  readonly weights?: ArrayLike<number>
}

/**
 * How an item's chance is read off a shopper's visits; tuned in training. With `f` the decayed number of visits
 * that had the item, `n` what its neighbours have of these, `p` its popularity of late:
 * `f · p^season + neighbours · n / max n + popularity · p`, p counted as a share of the most popular item.
 */
export interface HabitSettings {
  /** Weight of a visit `back` before the last: `decay ** back`. */
  readonly decay: number
  readonly neighbours: number
  readonly popularity: number
  /** How far an item that hardly sells any more is left behind. */
  readonly season: number
}

/** Returns the visits of `history` (oldest first), latest last; events without a time belong to the visit before. */
export function visitsOf(
  catalogue: Catalogue,
  history: readonly HistoryEvent[],
  weightOf: (type: HistoryEvent['type']) => number = () => 1,
): Visit[] {
  const visits: Map<number, number>[] = []
  let latest = -Infinity
  for (const { item, type, at } of history) {
    const index = catalogue.indexOf(item)
    if (index === undefined) continue
    if (!visits.length || (at ?? latest) - latest > VISIT_GAP) visits.push(new Map())
    latest = at ?? latest
    const visit = visits.at(-1)!
    visit.set(index, Math.max(visit.get(index) ?? 0, weightOf(type)))
  }
  return visits.map((visit) => ({ items: [...visit.keys()], weights: [...visit.values()] }))
}

/**
 * Replaces the candidates of `work` by the items of `visits`, their neighbours in the graph and `popular` ones, and
 * fills `work.scores`. `work.hops` holds the decayed visits of each, above 0 for what the shopper had, `work.last` what
 * these give its score, `work.graph` what its neighbours have of them, and `work.previous` the same of the last visit
 * alone. Of what the shopper had, `work.dense` holds in how many visits, and `work.denseRank` 1 / (1 + visits since).
 */
export function scoreHabits(
  { graph, statistics }: Pick<Evidence, 'graph' | 'statistics'>,
  visits: readonly Visit[],
  { decay, neighbours, popularity, season }: HabitSettings,
  popular: ArrayLike<number>,
  work: Workspace,
): void {
  work.clear()
  let factor = 1
  for (let back = 0; back < visits.length; back++) {
    const { items, weights } = visits[visits.length - 1 - back]!
    for (let i = 0; i < items.length; i++) {
      const known = work.count
      const place = work.add(items[i]!)
      if (place === known) {
        work.dense[place] = 0
        work.denseRank[place] = 1 / (1 + back)
      }
      work.dense[place]! += 1
      work.hops[place]! += factor * (weights?.[i] ?? 1)
    }
    factor *= decay
  }
  const own = work.count
  for (let c = 0; c < own; c++) addNeighbours(graph, work.items[c]!, work.hops[c]!, work, 'graph')
  const { items, weights } = visits.at(-1) ?? { items: [] }
  for (let i = 0; i < items.length; i++) addNeighbours(graph, items[i]!, weights?.[i] ?? 1, work, 'previous')
  for (let i = 0; i < popular.length; i++) work.add(popular[i]!)
  const prior = priorOf(statistics)
  let most = 0
  for (let item = 0; item < prior.length; item++) if (prior[item]! > most) most = prior[item]!
  const unit = 1 / Math.expm1(most)
  let largest = 0
  for (let c = 0; c < work.count; c++) if (work.graph[c]! > largest) largest = work.graph[c]!
  for (let c = 0; c < work.count; c++) {
    const share = Math.expm1(prior[work.items[c]!]!) * unit
    // An item that has not sold of late is left behind, not forgotten.
    const inSeason = season > 0 ? (share + 0.01) ** season : 1
    work.last[c] = work.hops[c]! * inSeason
    work.scores[c] =
      work.last[c]! + (largest > 0 ? (neighbours * work.graph[c]!) / largest : 0) + popularity * share
  }
}

function addNeighbours(
  graph: Graph,
  item: number,
  weight: number,
  work: Workspace,
  column: 'graph' | 'previous',
): void {
  graph.decodeRow?.(item)
  for (let edge = graph.offsets[item]!; edge < graph.offsets[item + 1]!; edge++) {
    // Read after the item was added, which may replace the column by a larger one.
    const place = work.add(graph.neighbours[edge]!)
    work[column][place]! += weight * graph.weights[edge]!
  }
}
