/** Features of a candidate: computed here alone, for training, evaluation, browser and endpoint alike. */
import type { Encoder } from './encoder.ts'
import { type Embeddings, dotWithRow } from './embeddings.ts'
import type { Graph } from './graph.ts'
import { FEATURE_COUNT } from './feature-names.ts'
import { POPULARITY_SHARES, type Statistics, priorOf } from './statistics.ts'
import type { Workspace } from './workspace.ts'

/** What ranking reads: the part of a model that training counts and learns. */
export interface Evidence {
  readonly graph: Graph
  readonly embeddings: Embeddings
  readonly encoder: Encoder
  readonly statistics: Statistics
}

const RECENCY_DECAY = 0.7
/** Keeps the log of a score of nothing finite; a thousandth of the best is as good as nothing. */
const LEAST_SHARE = 1e-3

/**
 * Fills `work.features` for its candidates. `history` holds item indices, oldest first, at least one;
 * `work.query` the query embedding.
 */
export function computeFeatures(evidence: Evidence, history: ArrayLike<number>, work: Workspace): void {
  const { count, items, features } = work
  const { popularity, count: itemCount } = evidence.statistics
  const length = history.length
  const width = FEATURE_COUNT
  const shares = POPULARITY_SHARES.length
  const last = history[length - 1]!
  const logLength = Math.log(length)
  const uniqueShare = countUnique(history) / length
  const lastPopularity = popularity[last]!
  const graphUnit = inverseOfLargest(work.graph, count)
  const lastUnit = inverseOfLargest(work.last, count)
  const hopsUnit = inverseOfLargest(work.hops, count)
  const logTotal = scoreDense(evidence, work)

  for (let c = 0; c < count; c++) {
    const item = items[c]!
    const at = c * width
    const dense = work.dense[c]!
    const graph = work.graph[c]! * graphUnit
    features[at] = dense
    features[at + 1] = dense - logTotal
    features[at + 2] = graph
    features[at + 3] = Math.log(graph + LEAST_SHARE)
    features[at + 4] = work.last[c]! * lastUnit
    features[at + 5] = work.hops[c]! * hopsUnit
    features[at + 6] = 0
    features[at + 7] = 0
    features[at + 8] = item === last ? 1 : 0
    features[at + 9] = 0
    for (let share = 0; share < shares; share++) {
      features[at + 10 + share] = popularity[share * itemCount + item]!
    }
    features[at + 14] = logLength
    features[at + 15] = length === 1 ? 1 : 0
    features[at + 16] = uniqueShare
    features[at + 17] = lastPopularity
  }
  let recency = 1
  for (let position = length - 1; position >= 0; position--) {
    const candidate = work.find(history[position]!)
    if (candidate >= 0) {
      const at = candidate * width
      if (!features[at + 7]) features[at + 6] = recency
      features[at + 7] = 1
      features[at + 9]! += 1
    }
    recency *= RECENCY_DECAY
  }
}

/** Fills `work.dense`, and returns the log of the sum of its exponentials. */
function scoreDense({ embeddings, encoder, statistics }: Evidence, work: Workspace): number {
  const { count, items, dense, query } = work
  const prior = priorOf(statistics)
  let largest = -Infinity
  for (let c = 0; c < count; c++) {
    const item = items[c]!
    const logit =
      encoder.temperature * dotWithRow(embeddings, item, query) + encoder.priorWeight * prior[item]!
    dense[c] = logit
    if (logit > largest) largest = logit
  }
  let total = 0
  for (let c = 0; c < count; c++) total += Math.exp(dense[c]! - largest)
  return largest + Math.log(total)
}

function inverseOfLargest(values: Float32Array, count: number): number {
  let largest = 0
  for (let i = 0; i < count; i++) if (values[i]! > largest) largest = values[i]!
  return largest > 0 ? 1 / largest : 0
}

/** Histories are short (at most 50 items), so that comparing all pairs beats a set. */
function countUnique(history: ArrayLike<number>): number {
  let unique = 0
  for (let i = 0; i < history.length; i++) {
    let j = 0
    while (j < i && history[j] !== history[i]) j++
    if (j === i) unique++
  }
  return unique
}
