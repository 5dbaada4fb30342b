/** Packs a starter: the part of a revision that serves the first lists of a first visit. */
import { brotliCompressSync, constants } from 'node:zlib'
import type { ArtifactRole } from '@vitrine/contracts'
import {
  type Catalogue,
  type FeatureName,
  type Graph,
  POPULARITY_SHARES,
  type Statistics,
  type StoredGraph,
  type StoredReranker,
  type StoredStatistics,
  itemAt,
  priorOf,
  readCatalogue,
  readGraph,
  readStatistics,
  writeCatalogue,
  writeStarter,
} from '@vitrine/recommender'
import { roundUp } from '../quantize/int8.ts'

/** Bytes of a starter as transferred, a fifth of a second at 1.6 Mbit/s. A half more gains no point of hit rate. */
const STARTER_BYTES = 40_000
/** More than this keeps first lists waiting. */
export const MAX_STARTER_BYTES = 60_000

/** Share of the bytes for what cards show; the rest is for edges. */
const CATALOGUE_SHARE = 0.5
/** A model of fewer bytes than this many starters is there nearly as soon. */
const WORTHWHILE = 4
/** Fewer items would fill no page. */
const LEAST_ITEMS = 24
/** Steps of an edge's level: eight bits of it are three quarters noise to the first twenty places. */
const STEPS = 7
/** Of a row's scale, behind the leading one. */
const SCALE_BITS = 3

/** How {@link largest} looks: where it begins, what it aims at, and what is close enough, as shares of the budget. */
const FIRST_GUESS = 500
const AIM = 0.985
const CLOSE = 0.97
const MOST_TRIES = 8

const POPULARITY_FEATURES: readonly FeatureName[] = [
  'popularity',
  'popularity30',
  'popularity10',
  'popularity2',
]

/** A starter and how many items it holds. */
export interface PackedStarter {
  readonly bytes: Uint8Array
  readonly items: number
}

/**
 * Packs the starter of the revision with these `artifacts` (int8): its most popular items with all that a card
 * shows, and among these the edges that matter most. Undefined for a model that is hardly larger itself.
 *
 * @param budget Bytes as transferred, compressed by brotli; at most {@link MAX_STARTER_BYTES}.
 */
export function packStarter(
  artifacts: ReadonlyMap<ArtifactRole, Uint8Array>,
  budget: number = STARTER_BYTES,
): PackedStarter | undefined {
  const size = [...artifacts].reduce(
    (sum, [role, bytes]) => (role === 'starter' ? sum : sum + bytes.length),
    0,
  )
  if (size < WORTHWHILE * budget) return undefined
  const catalogue = readCatalogue(artifacts.get('catalogue')!)
  const statistics = readStatistics(artifacts.get('statistics')!)
  const graph = readGraph(artifacts.get('graph')!)
  const prior = priorOf(statistics)
  const byPopularity = Uint32Array.from(prior, (_, item) => item).toSorted(
    (a, b) => prior[b]! - prior[a]! || a - b,
  )
  const items = largest(byPopularity.length, CATALOGUE_SHARE * budget, (count) =>
    transferred(writeCatalogue(detailsOf(catalogue, byPopularity.subarray(0, count)))),
  )
  if (items < LEAST_ITEMS) return undefined
  const head = byPopularity.subarray(0, items)
  const edges = edgesAmong(graph, head, prior)
  const write = (count: number): Uint8Array =>
    writeStarter({
      catalogue: detailsOf(catalogue, head),
      statistics: popularityOf(statistics, head),
      graph: keepEdges(edges, count, items, graph.settings),
      reranker: rankerFor(statistics.prior),
    })
  const kept = largest(edges.from.length, budget, (count) => transferred(write(count)))
  return { bytes: write(kept), items }
}

/** Bytes that cross the network: the endpoint compresses artifacts of this size by brotli at its best. */
export function transferred(bytes: Uint8Array): number {
  return brotliCompressSync(bytes, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    },
  }).length
}

/**
 * Returns about the largest count, at most `most`, of a size within `budget`. Sizes grow nearly in proportion, so
 * that a guess or two come close; compressing takes a tenth of a second each.
 */
function largest(most: number, budget: number, sizeOf: (count: number) => number): number {
  const base = sizeOf(0)
  let low = 0
  let high = most + 1
  let guess = Math.min(most, FIRST_GUESS)
  for (let tries = 0; tries < MOST_TRIES && high - low > 1; tries++) {
    const size = sizeOf(guess)
    if (size > budget) high = guess
    else low = guess
    if (low > 0 && low === guess && (low === most || size > CLOSE * budget)) break
    const expected = Math.floor((guess * (AIM * budget - base)) / (size - base))
    guess = Math.max(low + 1, Math.min(high - 1, expected))
  }
  return low
}

function detailsOf(catalogue: Catalogue, items: Uint32Array): ReturnType<typeof itemAt>[] {
  return Array.from(items, (item) => itemAt(catalogue, item))
}

/** The row of popularity that ranks best alone; the others are left at zero, which compresses to nothing. */
function popularityOf({ count, prior, popularity }: Statistics, items: Uint32Array): StoredStatistics {
  const rows = POPULARITY_SHARES.length
  const levels = new Uint8Array(rows * items.length)
  const scales = new Float32Array(rows)
  const row = popularity.subarray(prior * count, (prior + 1) * count)
  const scale = items.reduce((most, item) => Math.max(most, row[item]!), 0)
  scales[prior] = scale
  for (const [place, item] of items.entries()) {
    levels[prior * items.length + place] = scale > 0 ? Math.round((255 * row[item]!) / scale) : 0
  }
  return { count: items.length, prior, popularity: levels, scales }
}

/** Edges among the items of a starter, by row and then by neighbour, as places in it. */
interface Edges {
  readonly from: Uint32Array
  readonly to: Uint32Array
  readonly weights: Float32Array
  /** Places of edges, those that matter most first. */
  readonly order: Uint32Array
}

/**
 * An edge matters as much as it takes of its row's weight, and as its row is viewed: by the square root, so that
 * the items behind the first ones get theirs.
 */
function edgesAmong({ offsets, neighbours, weights }: Graph, items: Uint32Array, prior: Float32Array): Edges {
  const places = new Map(Array.from(items, (item, place) => [item, place] as const))
  const from: number[] = []
  const to: number[] = []
  const kept: number[] = []
  const importance: number[] = []
  for (const [place, item] of items.entries()) {
    const start = offsets[item]!
    const end = offsets[item + 1]!
    const total = weights.subarray(start, end).reduce((sum, weight) => sum + weight, 0)
    const views = Math.sqrt(Math.expm1(prior[item]!))
    const row: { to: number; weight: number }[] = []
    for (let edge = start; edge < end; edge++) {
      const neighbour = places.get(neighbours[edge]!)
      if (neighbour !== undefined && weights[edge]! > 0) row.push({ to: neighbour, weight: weights[edge]! })
    }
    for (const edge of row.toSorted((a, b) => a.to - b.to)) {
      from.push(place)
      to.push(edge.to)
      kept.push(edge.weight)
      importance.push((views * edge.weight) / total)
    }
  }
  const order = Uint32Array.from(importance, (_, edge) => edge).toSorted(
    (a, b) => importance[b]! - importance[a]! || a - b,
  )
  return {
    from: Uint32Array.from(from),
    to: Uint32Array.from(to),
    weights: Float32Array.from(kept),
    order,
  }
}

/** The graph of the `count` edges that matter most. */
function keepEdges(
  { from, to, weights, order }: Edges,
  count: number,
  items: number,
  settings: Graph['settings'],
): StoredGraph {
  const isKept = new Uint8Array(from.length)
  for (let rank = 0; rank < count; rank++) isKept[order[rank]!] = 1
  const edges = Uint32Array.from(from.keys()).filter((edge) => isKept[edge])
  const offsets = new Uint32Array(items + 1)
  const scales = new Float32Array(items)
  for (const edge of edges) {
    const row = from[edge]!
    offsets[row + 1]!++
    scales[row] = Math.max(scales[row]!, weights[edge]!)
  }
  for (let row = 0; row < items; row++) offsets[row + 1]! += offsets[row]!
  roundUp(scales, SCALE_BITS)
  return {
    settings,
    offsets,
    neighbours: edges.map((edge) => to[edge]!),
    weights: Uint8Array.from(edges, (edge) => {
      const step = Math.max(1, Math.round(STEPS * Math.sqrt(weights[edge]! / scales[from[edge]!]!)))
      return Math.round((255 * step) / STEPS)
    }),
    scales,
  }
}

/** The graph decides; among equals popularity. */
function rankerFor(prior: number): StoredReranker {
  return {
    candidates: { limit: 100, hopSeeds: 2, enough: LEAST_ITEMS, scan: LEAST_ITEMS },
    features: ['graph', 'hops', POPULARITY_FEATURES[prior]!],
    means: [0, 0, 0],
    deviations: [1, 1, 1],
    layers: [{ inputs: 3, outputs: 1, weights: [1, 0.1, 0.01], biases: [0] }],
  }
}
