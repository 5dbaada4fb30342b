/** How many bytes a model may have, and which of its tables get them. */
import { type CatalogueItem, VitrineError } from '@vitrine/contracts'
import { POPULARITY_SHARES, writeCatalogue } from '@vitrine/recommender'

/** Bytes that a model keeps to where nobody says otherwise, all artifacts but the starter: a few seconds at 1.6 Mbit/s, compressed. */
export const MODEL_BYTES = 4_000_000
/** With fewer edges than this an item's shelves run dry. */
export const LEAST_EDGES = 16
const MOST_EDGES = 48
/** Bytes of an edge, about: its weight and the step to its item's number. */
const EDGE_BYTES = 2.9
/** What each of the two large tables may take of all; both rarely take all that they may, and the graph gives way. */
const TABLE_SHARE = 0.625
/** Dimensions that embeddings may have: each a multiple of what kernels take at once. */
const DIMENSIONS = [128, 96, 64, 48, 32, 16]
const [MOST_DIMENSION, LEAST_DIMENSION] = [DIMENSIONS[0]!, DIMENSIONS.at(-1)!]
/** Ranker, encoder and golden answers of a small model. */
const REST_BYTES = 40_000

/** Of a number in the embeddings. */
export type EmbeddingBits = 4 | 8

/** What the graph's size depends on, and whether there is a model of that size at all. */
export interface SizeLimits {
  /** `[N]`: item i of the sessions is `catalogue[i]`. */
  readonly catalogue: readonly CatalogueItem[]
  /** Most edges of an item in the graph: 48 where missing, `auto` for the fewest that cost nothing on the tail. */
  readonly graphEdges?: number | 'auto'
  /** Bytes of all artifacts but the starter; 4 MB where missing. Dimensions and edges are chosen by it. */
  readonly sizeBudget?: number
}

/** What the embeddings' shape depends on. */
export interface EmbeddingLimits {
  readonly sizeBudget?: number | undefined
  readonly bits?: EmbeddingBits
}

/**
 * Bits of a number in the embeddings of so many items: eight where they can be as wide as any, else four. Half the
 * bits cost next to nothing, half the dimensions do (docs/decisions/0060-wide-and-coarse-embeddings.md).
 */
export function embeddingBitsFor(items: number, sizeBudget: number = MODEL_BYTES): EmbeddingBits {
  return MOST_DIMENSION * items <= TABLE_SHARE * sizeBudget ? 8 : 4
}

/** The most dimensions within the budget that `cases` can teach. */
export function dimensionFor(
  items: number,
  cases: number,
  { sizeBudget = MODEL_BYTES, bits = embeddingBitsFor(items, sizeBudget) }: EmbeddingLimits = {},
): number {
  const most = (TABLE_SHARE * sizeBudget * 8) / bits
  return DIMENSIONS.find((width) => width * items <= most && 2 * width ** 2 <= cases) ?? LEAST_DIMENSION
}

/** Most edges of an item, so that the graph of a large catalogue keeps to its bytes. */
export function mostEdgesOf({ catalogue, graphEdges, sizeBudget = MODEL_BYTES }: SizeLimits): number {
  if (typeof graphEdges === 'number') return graphEdges
  const affordable = Math.floor((TABLE_SHARE * sizeBudget) / EDGE_BYTES / catalogue.length)
  return Math.min(MOST_EDGES, Math.max(LEAST_EDGES, affordable))
}

/**
 * Says before a training that takes minutes what its end would say.
 *
 * @throws `VitrineError('INVALID_OPTIONS')` when no model of this catalogue is as small as `sizeBudget`.
 */
export function assertSizeBudget({ catalogue, sizeBudget }: SizeLimits): void {
  if (sizeBudget === undefined) return
  // Half a byte a number with a scale a row, and edges of less than half the usual length: neighbours of the most
  // popular items have small numbers.
  const perItem = POPULARITY_SHARES.length + LEAST_DIMENSION / 2 + 4 + LEAST_EDGES
  const least = writeCatalogue(catalogue).length + perItem * catalogue.length + REST_BYTES
  if (least <= sizeBudget) return
  const needed = Math.ceil(least / 10_000) * 10_000
  throw new VitrineError(
    'INVALID_OPTIONS',
    `A model of ${catalogue.length} items takes ${needed} bytes at least, ${sizeBudget} are allowed: raise --size-budget, or leave urls and images out of the catalogue.`,
  )
}
