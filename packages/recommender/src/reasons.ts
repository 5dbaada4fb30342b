/** Reasons: what an item's score rests on, found by taking each kind of evidence away. */
import type { Reason } from '@vitrine/contracts'
import type { Catalogue } from './catalogue.ts'
import { addRow, dotWithRow } from './embeddings.ts'
import { attention, project } from './encoder.ts'
import { FEATURE_COUNT, FEATURE_GROUPS } from './feature-names.ts'
import type { Graph } from './graph.ts'
import type { Model } from './model.ts'
import { type Reranker, scoreRows } from './reranker.ts'
import type { Workspace } from './workspace.ts'

/** Reasons below this share of a score are not worth a line. */
const LEAST_SHARE = 0.05
const MOST_REASONS = 4

/**
 * Returns what tells why each of the `found` candidates in `work.order` ranks where it does: each group of features is
 * set to the average candidate's, and the loss of score is the group's share. The graph's and taste's are split among
 * the items of `sequence` by what each contributed. Valid until `work` holds another list.
 */
export function explainer(
  model: Model,
  sequence: readonly number[],
  anchor: number | undefined,
  found: number,
  work: Workspace,
): (place: number, rank: number) => Reason[] {
  const groups = model.context?.group(FEATURE_GROUPS) ?? FEATURE_GROUPS
  const losses = lossesOf(model.reranker, groups, found, work)
  let taste: TasteParts | undefined
  return (place, rank) => {
    const first = rank * groups.length
    let total = 0
    for (let at = 0; at < groups.length; at++) total += losses[first + at]!
    const reasons: Reason[] = []
    for (const [at, [group]] of groups.entries()) {
      const weight = total > 0 ? losses[first + at]! / total : 0
      // Its parts are weaker still.
      if (weight < LEAST_SHARE) continue
      const item = work.items[place]!
      if (group === 'popular') reasons.push({ kind: group, weight })
      else if (group === 'own') reasons.push(named(model.catalogue, 'history', item, weight))
      else if (group === 'taste') {
        // Once a list: it costs as much as encoding the history.
        const parts = (): TasteParts => (taste ??= tasteParts(model, sequence))
        reasons.push(...explainByTaste(model, sequence, parts, item, weight))
      } else reasons.push(...explainByGraph(model, sequence, anchor, item, weight))
    }
    return strongest(reasons)
  }
}

/** What each of the `found` best loses without each group, `[found, groups]`: all of them scored at once. */
function lossesOf(
  reranker: Reranker,
  groups: typeof FEATURE_GROUPS,
  found: number,
  work: Workspace,
): Float32Array {
  const { count, order, features, scores } = work
  const kinds = groups.length
  const total = found * kinds
  const losses = new Float32Array(total)
  // Kept: taking kilobytes each time, and giving them back, would be a tenth of the whole call.
  if (work.variants.length < total * FEATURE_COUNT) work.variants = new Float32Array(total * FEATURE_COUNT)
  const rows = work.variants
  for (let i = 0; i < total; i++) {
    const start = order[Math.floor(i / kinds)]! * FEATURE_COUNT
    for (let f = 0; f < FEATURE_COUNT; f++) rows[i * FEATURE_COUNT + f] = features[start + f]!
  }
  for (const [group, [, columns]] of groups.entries()) {
    for (const column of columns) {
      let sum = 0
      for (let c = 0; c < count; c++) sum += features[c * FEATURE_COUNT + column]!
      for (let i = group; i < total; i += kinds) rows[i * FEATURE_COUNT + column] = sum / count
    }
  }
  scoreRows(reranker, rows, total, losses)
  for (let i = 0; i < total; i++) {
    losses[i] = Math.max(0, scores[order[Math.floor(i / kinds)]!]! - losses[i]!)
  }
  return losses
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
  let found = contributions(sequence, window, (from, back) => decay ** back * edgeWeight(graph, from, item))
  if (!found.length) {
    const seeds = Math.max(1, reranker.candidates.hopSeeds)
    found = contributions(sequence, seeds, (from, back) => decay ** back * hopWeight(graph, from, item))
  }
  return found.map(({ from, share }) =>
    named(catalogue, from === anchor ? 'anchor' : 'history', from, weight * share),
  )
}

/** What each of a history's latest items, newest first, adds to the query embedding before it is normalised: `[d]` each. */
type TasteParts = readonly Float32Array[]

/** Exact, as the built-in encoder is linear but for the length of its result. Of another encoder nobody knows: none. */
function tasteParts({ encoder, embeddings, engine }: Model, sequence: readonly number[]): TasteParts {
  if (engine.name !== 'built-in') return []
  const { dimension, positions } = encoder
  const shares = attention(positions, sequence.length)
  const { length } = shares
  const inputs = new Float32Array(length * 2 * dimension)
  for (const [back, share] of shares.entries()) {
    const from = sequence.at(-1 - back)!
    const at = back * 2 * dimension
    if (!back) addRow(embeddings, from, 1, inputs)
    addRow(embeddings, from, share, inputs, at + dimension)
  }
  const parts = new Float32Array(length * dimension)
  project(encoder, inputs, length, parts)
  return shares.map((_, back) => parts.subarray(back * dimension, (back + 1) * dimension))
}

/** Splits `weight` among the items of `sequence` by what each gives the product of query embedding and `item`'s. */
function explainByTaste(
  { embeddings, catalogue }: Model,
  sequence: readonly number[],
  parts: () => TasteParts,
  item: number,
  weight: number,
): Reason[] {
  // All of it where there is one.
  const found =
    sequence.length === 1
      ? [{ from: sequence[0]!, share: 1 }]
      : contributions(sequence, parts().length, (_, back) => dotWithRow(embeddings, item, parts()[back]!))
  if (!found.length) return [{ kind: 'taste', weight }]
  return found.map(({ from, share }) => named(catalogue, 'taste', from, weight * share))
}

function named(
  { ids, titles }: Catalogue,
  kind: Exclude<Reason['kind'], 'popular'>,
  from: number,
  weight: number,
): Reason {
  return { kind, item: ids[from]!, title: titles[from]!, weight }
}

/** Returns `reasons` strongest first, without those too weak to mention. */
export function strongest(reasons: Reason[]): Reason[] {
  return reasons
    .filter(({ weight }) => weight >= LEAST_SHARE)
    .toSorted((a, b) => b.weight - a.weight)
    .slice(0, MOST_REASONS)
}

/** What one item of the history gives: a share of what all give that give something. */
interface Contribution {
  from: number
  share: number
}

/** What each distinct item among the `latest` of `sequence` gives, newest first; those that give nothing left out. */
function contributions(
  sequence: readonly number[],
  latest: number,
  weightOf: (from: number, back: number) => number,
): Contribution[] {
  const sums = new Map<number, number>()
  for (let back = 0; back < sequence.length && back < latest; back++) {
    const from = sequence[sequence.length - 1 - back]!
    sums.set(from, (sums.get(from) ?? 0) + weightOf(from, back))
  }
  const found = [...sums].filter(([, sum]) => sum > 0)
  const total = found.reduce((all, [, sum]) => all + sum, 0)
  return found.map(([from, sum]) => ({ from, share: sum / total }))
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
