/** How many bytes a model may have, and which of its tables get them. */
import { VitrineError } from '@vitrine/contracts'
import { POPULARITY_SHARES, writeCatalogue } from '@vitrine/recommender'
import type { TrainInput } from './types.ts'

/** Bytes that a model keeps to where nobody says otherwise, all artifacts but the starter: a few seconds at 1.6 Mbit/s, compressed. */
export const MODEL_BYTES = 4_000_000
/** With fewer edges than this an item's shelves run dry. */
export const LEAST_EDGES = 16
const MOST_EDGES = 48
/** Bytes of an edge, about: its weight and the step to its item's number. */
const EDGE_BYTES = 2.9
/** What each of the two large tables may take of all; both rarely take all that they may, and the graph gives way. */
const TABLE_SHARE = 0.625
/** Dimensions of the smallest embeddings. */
const LEAST_DIMENSION = 16
/** Ranker, encoder and golden answers of a small model. */
const REST_BYTES = 40_000

/** Bytes that the embeddings may take in int8. */
export function embeddingBytes(budget: number = MODEL_BYTES): number {
  return TABLE_SHARE * budget
}

/** Most edges of an item, so that the graph of a large catalogue keeps to its bytes. */
export function mostEdgesOf({ catalogue, graphEdges, sizeBudget = MODEL_BYTES }: TrainInput): number {
  if (typeof graphEdges === 'number') return graphEdges
  const affordable = Math.floor((TABLE_SHARE * sizeBudget) / EDGE_BYTES / catalogue.length)
  return Math.min(MOST_EDGES, Math.max(LEAST_EDGES, affordable))
}

/**
 * Says before a training that takes minutes what its end would say.
 *
 * @throws `VitrineError('INVALID_OPTIONS')` when no model of this catalogue is as small as `sizeBudget`.
 */
export function assertSizeBudget({ catalogue, sizeBudget }: TrainInput): void {
  if (sizeBudget === undefined) return
  // An edge less than half as long as usual: the nearest neighbours of the most popular items have small numbers.
  const perItem = POPULARITY_SHARES.length + LEAST_DIMENSION + 4 + LEAST_EDGES
  const least = writeCatalogue(catalogue).length + perItem * catalogue.length + REST_BYTES
  if (least <= sizeBudget) return
  const needed = Math.ceil(least / 10_000) * 10_000
  throw new VitrineError(
    'INVALID_OPTIONS',
    `A model of ${catalogue.length} items takes ${needed} bytes at least, ${sizeBudget} are allowed: raise --size-budget, or leave urls and images out of the catalogue.`,
  )
}
