/** Reasons: what an item's score rests on, found by taking each kind of evidence away. */
import type { Reason } from '@vitrine/contracts'
import { FEATURE_COUNT, FEATURE_GROUPS, FEATURE_NAMES } from './feature-names.ts'
import type { Graph } from './graph.ts'
import type { Model } from './model.ts'
import { scoreRow } from './reranker.ts'
import type { Workspace } from './workspace.ts'

/** Reasons below this share of a score are not worth a line. */
const LEAST_SHARE = 0.05
const MOST_REASONS = 4

type Group = keyof typeof FEATURE_GROUPS
const COLUMNS = Object.entries(FEATURE_GROUPS).map(
  ([group, names]) => [group as Group, names.map((name) => FEATURE_NAMES.indexOf(name))] as const,
)

/**
 * Returns why the candidate at `place` ranks where it does: each group of features is set to the average
 * candidate's (see {@link averageFeatures}), and the loss of score is the group's share. The graph's share is
 * split among the items of `sequence` by what each contributed.
 */
export function explain(
  model: Model,
  sequence: readonly number[],
  anchor: number | undefined,
  place: number,
  work: Workspace,
): Reason[] {
  const { features, averages, row } = work
  const start = place * FEATURE_COUNT
  for (let i = 0; i < FEATURE_COUNT; i++) row[i] = features[start + i]!
  const score = work.scores[place]!
  let total = 0
  const losses = COLUMNS.map(([, columns]) => {
    for (const column of columns) row[column] = averages[column]!
    const loss = Math.max(0, score - scoreRow(model.reranker, row, 0))
    for (const column of columns) row[column] = features[start + column]!
    total += loss
    return loss
  })
  const reasons: Reason[] = []
  for (const [at, [group]] of COLUMNS.entries()) {
    const weight = total > 0 ? losses[at]! / total : 0
    // Its parts are weaker still.
    if (weight < LEAST_SHARE) continue
    if (group !== 'neighbours') reasons.push({ kind: group, weight })
    else reasons.push(...explainByGraph(model, sequence, anchor, work.items[place]!, weight))
  }
  return strongest(reasons)
}

/** Fills `work.averages`: the mean of each feature over its candidates. */
export function averageFeatures({ count, features, averages }: Workspace): void {
  averages.fill(0)
  for (let candidate = 0, i = 0; candidate < count; candidate++) {
    for (let feature = 0; feature < FEATURE_COUNT; feature++, i++) averages[feature]! += features[i]!
  }
  for (let feature = 0; feature < FEATURE_COUNT; feature++) averages[feature]! /= count
}

/** Splits `weight` among the items of `sequence` whose edges, or else whose edges' edges, lead to `item`. */
export function explainByGraph(
  { graph, catalogue, reranker }: Model,
  sequence: readonly number[],
  anchor: number | undefined,
  item: number,
  weight: number,
  { window, decay }: { window: number; decay: number } = graph.settings,
): Reason[] {
  let found = contributions(sequence, window, decay, (from) => edgeWeight(graph, from, item))
  if (!found.length) {
    const seeds = Math.max(1, reranker.candidates.hopSeeds)
    found = contributions(sequence, seeds, decay, (from) => hopWeight(graph, from, item))
  }
  let total = 0
  for (const { share } of found) total += share
  return found.map(({ from, share }) => ({
    kind: from === anchor ? 'anchor' : 'history',
    item: catalogue.ids[from]!,
    title: catalogue.titles[from]!,
    weight: (weight * share) / total,
  }))
}

/** Returns `reasons` strongest first, without those too weak to mention. */
export function strongest(reasons: Reason[]): Reason[] {
  return reasons
    .filter(({ weight }) => weight >= LEAST_SHARE)
    .toSorted((a, b) => b.weight - a.weight)
    .slice(0, MOST_REASONS)
}

/** What one item of the history gives. */
interface Contribution {
  from: number
  share: number
}

/** What each distinct item among the `latest` of `sequence` gives, newest first; those that give nothing left out. */
function contributions(
  sequence: readonly number[],
  latest: number,
  decay: number,
  weightOf: (from: number) => number,
): Contribution[] {
  const found: Contribution[] = []
  let factor = 1
  for (let at = sequence.length - 1; at >= 0 && at >= sequence.length - latest; at--) {
    const from = sequence[at]!
    const share = factor * weightOf(from)
    factor *= decay
    if (share <= 0) continue
    const known = found.find((each) => each.from === from)
    if (known) known.share += share
    else found.push({ from, share })
  }
  return found
}

/** Weight of the edge between two items, 0 where there is none: binary search, as rows are sorted. */
export function edgeWeight(
  { offsets, neighbours, weights, decodeRow }: Graph,
  from: number,
  to: number,
): number {
  decodeRow?.(from)
  let low = offsets[from]!
  let high = offsets[from + 1]!
  while (low < high) {
    const middle = (low + high) >> 1
    if (neighbours[middle]! < to) low = middle + 1
    else high = middle
  }
  return low < offsets[from + 1]! && neighbours[low] === to ? weights[low]! : 0
}

function hopWeight(graph: Graph, from: number, to: number): number {
  let sum = 0
  graph.decodeRow?.(from)
  for (let edge = graph.offsets[from]!; edge < graph.offsets[from + 1]!; edge++) {
    sum += graph.weights[edge]! * edgeWeight(graph, graph.neighbours[edge]!, to)
  }
  return sum
}
