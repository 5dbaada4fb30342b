/** Features of a candidate: computed here alone, for training, evaluation, browser and endpoint alike. */
import type { Encoder } from './encoder.ts'
import { type EmbeddingRows, type Embeddings, dotWithRow, likenessTo } from './embeddings.ts'
import type { Graph } from './graph.ts'
import {
  CANDIDATE_FEATURE_COUNT,
  CORE_COLUMNS as COLUMNS,
  FEATURE_COUNT,
  type FeatureGroup,
} from './feature-names.ts'
import type { Shopper } from './history.ts'
import { type Statistics, priorOf } from './statistics.ts'
import type { Workspace } from './workspace.ts'

/** Computes the features that only some rankers read, see `context-names.ts`. */
export interface Context {
  /** The column of every feature. */
  readonly columns: Readonly<Record<string, number>>
  /** Returns `groups` with what its columns speak for. */
  group(groups: readonly FeatureGroup[]): readonly FeatureGroup[]
  /** Adds up to `most` items that `shopper` had in earlier visits to the candidates of `work`, as ones that stay. */
  addPast(most: number, shopper: Shopper | undefined, mask: Uint8Array | undefined, work: Workspace): void
  /** Describes the candidates of `work` after `sequence` (item indices, oldest first). */
  describe(sequence: ArrayLike<number>, work: Workspace, shopper: Shopper | undefined): void
}

/** What ranking reads. */
export interface EvidenceRows {
  readonly graph: Graph
  readonly embeddings: EmbeddingRows
  readonly encoder: Encoder
  readonly statistics: Statistics
  /** Missing where the ranker reads nothing of it. */
  readonly context?: Context | undefined
}

/** The same as training counts and learns it, and as it is stored. */
export interface Evidence extends EvidenceRows {
  readonly embeddings: Embeddings
}

const RECENCY_DECAY = 0.7
/** Keeps the log of a share of nothing finite; a thousandth of the best is as good as nothing. */
const LEAST_SHARE = 1e-3
/** The same of a score that is no share. */
const LEAST_SCORE = 1e-4
/** So that the first of the one list does not outweigh being among the first of both. */
const RANK_OFFSET = 4

/** Fills `work.dense`: the logit of each candidate by `work.query`. */
export function scoreDense({ embeddings, encoder, statistics }: EvidenceRows, work: Workspace): void {
  const { count, items, dense, query } = work
  const { temperature, priorWeight } = encoder
  const prior = priorOf(statistics)
  // Looked up once: a kernel looks for its memory each time.
  const rows = { ...embeddings }
  for (let c = 0; c < count; c++) {
    const item = items[c]!
    dense[c] = temperature * dotWithRow(rows, item, query) + priorWeight * prior[item]!
  }
}

/** Fills `work.denseRank` and `work.graphRank`: 1 and how many candidates have a larger logit, or graph score. */
export function rankCandidates({ count, dense, graph, denseRank, graphRank, scores }: Workspace): void {
  // Scores are not there yet: their memory serves for sorting.
  const sorted = scores.subarray(0, count)
  placesOf(dense, sorted, denseRank)
  placesOf(graph, sorted, graphRank)
}

/** Writes into `places` 1 and how many of the first of `values` are larger than each; `sorted` is scratch, as long. */
function placesOf(values: Float32Array, sorted: Float32Array, places: Float32Array): void {
  const count = sorted.length
  sorted.set(values.subarray(0, count))
  sorted.sort()
  for (let c = 0; c < count; c++) {
    const value = values[c]!
    // What only the scan found comes last and has no score in the graph, all alike.
    if (c && value === values[c - 1]) {
      places[c] = places[c - 1]!
      continue
    }
    let low = 0
    let high = count
    while (low < high) {
      const middle = (low + high) >> 1
      if (sorted[middle]! > value) high = middle
      else low = middle + 1
    }
    places[c] = count - low + 1
  }
}

/**
 * Keeps the `limit` candidates that taste and graph together place highest (reciprocal ranks added up: how far logits
 * and scores lie apart says little where either has learned from little), before them those that stay anyway.
 */
export function keepLikely(limit: number, work: Workspace): void {
  const { count, denseRank, graphRank, stays, keys } = work
  if (count <= limit) return
  for (let c = 0; c < count; c++)
    keys[c] = stays[c]! + 1 / (RANK_OFFSET + denseRank[c]!) + 1 / (RANK_OFFSET + graphRank[c]!)
  work.keepBest(limit)
}

/**
 * Fills `work.features` for its candidates. `history` holds item indices, oldest first, at least one; `work.dense`
 * is filled ({@link scoreDense}), and so are their ranks ({@link rankCandidates}).
 */
export function computeFeatures(
  evidence: EvidenceRows,
  history: ArrayLike<number>,
  work: Workspace,
  shopper: Shopper | undefined,
): void {
  if (work.count === 0) return
  describeByTaste(work)
  describeByGraph(work)
  describeByLikeness(evidence.embeddings, history, work)
  describeByPopularity(evidence.statistics, work)
  describeByHistory(history, work)
  evidence.context?.describe(history, work, shopper)
  describeVisit(evidence, history, work)
}

function describeByTaste({ count, dense, denseRank: ranks, features, visit }: Workspace): void {
  const { dense: logit, denseShare, denseRank } = COLUMNS
  const peak = largest(dense, count)
  let total = 0
  for (let c = 0; c < count; c++) total += Math.exp(dense[c]! - peak)
  const logTotal = peak + Math.log(total)
  for (let c = 0, at = 0; c < count; c++, at += FEATURE_COUNT) {
    features[at + logit] = dense[c]!
    features[at + denseShare] = dense[c]! - logTotal
    features[at + denseRank] = Math.log(ranks[c]!)
  }
  visit[COLUMNS.densePeak] = peak
  visit[COLUMNS.denseSpread] = logTotal - peak
}

function describeByGraph(work: Workspace): void {
  const { count, graph, graphRank: ranks, last, previous, hops, features, visit } = work
  const { graph: share, graphLog, graphScore, graphRank, graphLast, graphPrevious } = COLUMNS
  const { hops: hopShare, hopsLog } = COLUMNS
  const peak = largest(graph, count)
  const unit = inverseOf(peak)
  const lastUnit = inverseOf(largest(last, count))
  const previousUnit = inverseOf(largest(previous, count))
  const hopUnit = inverseOf(largest(hops, count))
  let total = 0
  for (let c = 0, at = 0; c < count; c++, at += FEATURE_COUNT) {
    const score = graph[c]! * unit
    const hop = hops[c]! * hopUnit
    total += score
    features[at + share] = score
    features[at + graphLog] = Math.log(score + LEAST_SHARE)
    features[at + graphScore] = Math.log(graph[c]! + LEAST_SCORE)
    features[at + graphRank] = Math.log(ranks[c]!)
    features[at + graphLast] = last[c]! * lastUnit
    features[at + graphPrevious] = previous[c]! * previousUnit
    features[at + hopShare] = hop
    features[at + hopsLog] = Math.log(hop + LEAST_SHARE)
  }
  visit[COLUMNS.graphPeak] = Math.log(peak + LEAST_SCORE)
  visit[COLUMNS.graphSpread] = total
}

function describeByLikeness(embeddings: EmbeddingRows, history: ArrayLike<number>, work: Workspace): void {
  const { count, items, features } = work
  const likeness = likenessTo(embeddings, history[history.length - 1]!)
  for (let c = 0, at = COLUMNS.cosineLast; c < count; c++, at += FEATURE_COUNT) {
    features[at] = likeness(items[c]!)
  }
}

function describeByPopularity(
  { count: itemCount, popularity }: Statistics,
  { count, items, features }: Workspace,
): void {
  // Four columns side by side, as the statistics have them.
  for (let c = 0, at = COLUMNS.popularity; c < count; c++, at += FEATURE_COUNT) {
    for (let span = 0; span < 4; span++) features[at + span] = popularity[span * itemCount + items[c]!]!
  }
}

function describeByHistory(history: ArrayLike<number>, work: Workspace): void {
  const { count, features } = work
  const { recency, inHistory, occurrences, isLast, isPrevious, isFirst } = COLUMNS
  for (let c = 0, at = 0; c < count; c++, at += FEATURE_COUNT) {
    features.fill(0, at + recency, at + isFirst + 1) // They stand side by side.
  }
  const end = history.length - 1
  let weight = 1
  for (let position = end; position >= 0; position--) {
    const candidate = work.find(history[position]!)
    if (candidate >= 0) {
      const at = candidate * FEATURE_COUNT
      if (!features[at + inHistory]) features[at + recency] = weight
      features[at + inHistory] = 1
      features[at + occurrences]! += 1
      if (position === end) features[at + isLast] = 1
      else if (position === end - 1 && !features[at + isLast]) features[at + isPrevious] = 1
      if (position === 0 && end > 0) features[at + isFirst] = 1
    }
    weight *= RECENCY_DECAY
  }
}

/** Writes what all candidates share, together with what the other kinds of evidence left in `work.visit`. */
function describeVisit(
  { embeddings, statistics }: EvidenceRows,
  history: ArrayLike<number>,
  { count, features, visit }: Workspace,
): void {
  const { length } = history
  const last = history[length - 1]!
  const before = length > 1 ? history[length - 2]! : -1
  visit[COLUMNS.logLength] = Math.log(length)
  visit[COLUMNS.singleItem] = length === 1 ? 1 : 0
  visit[COLUMNS.uniqueShare] = countUnique(history) / length
  visit[COLUMNS.lastRepeats] = isThereBefore(history, length - 1, last) ? 1 : 0
  visit[COLUMNS.alternates] = length > 2 && history[length - 3] === last && before !== last ? 1 : 0
  visit[COLUMNS.lastPopularity] = statistics.popularity[last]!
  visit[COLUMNS.coherence] = length > 1 ? likenessTo(embeddings, before)(last) : 0
  for (let c = 0; c < count; c++) {
    const at = c * FEATURE_COUNT
    for (let column = CANDIDATE_FEATURE_COUNT; column < FEATURE_COUNT; column++) {
      features[at + column] = visit[column]!
    }
  }
}

function largest(values: Float32Array, count: number): number {
  let most = count > 0 ? values[0]! : 0
  for (let i = 1; i < count; i++) if (values[i]! > most) most = values[i]!
  return most
}

function inverseOf(value: number): number {
  return value > 0 ? 1 / value : 0
}

/** Histories are short (at most 50 items), so that comparing all pairs beats a set. */
function countUnique(history: ArrayLike<number>): number {
  let unique = 0
  for (let i = 0; i < history.length; i++) if (!isThereBefore(history, i, history[i]!)) unique++
  return unique
}

function isThereBefore(history: ArrayLike<number>, end: number, item: number): boolean {
  let i = 0
  while (i < end && history[i] !== item) i++
  return i < end
}
