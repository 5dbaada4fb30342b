/** A revision with what a newer catalogue says of its items, without any training. */
import { isDeepStrictEqual } from 'node:util'
import { type CatalogueItem, VitrineError, artifactOf } from '@vitrine/contracts'
import { type Evidence, POPULARITY_SHARES, readEmbeddings } from '@vitrine/recommender'
import { placeNewItems } from '../train/cold-start.ts'
import { type Revision, readRevision } from '../train/index.ts'
import { packFullPrecision, packInt8 } from '../train/pack-revision.ts'
import { createRun } from '../train/run.ts'
import { readParts } from '../train/trained-parts.ts'

/** What becomes of items that the newer catalogue does not name. */
export type Missing = 'keep' | 'out-of-stock'

/** How to go about it. */
export interface RefreshOptions {
  missing: Missing
  createdAt: string
  seed: number
  signal: AbortSignal
}

/** A refreshed revision, its float32 twin, and what changed. */
export interface Refreshed {
  revision: Revision
  fullPrecision: Revision
  /** Revision that it was made from. */
  from: string
  /** Items of which the catalogue says something else now. */
  changed: number
  /** Items that are new, and how many of them found a place by their content. */
  added: number
  placed: number
  /** Items that the newer catalogue does not name. */
  missing: number
}

/**
 * Returns the revision in `folder` with the details of `newer`. What was learned stays, to the byte where it can, so
 * that devices download little; new items follow the others, placed by their content as in training. Golden answers are
 * made anew: a ranker may read categories, prices and titles.
 *
 * @throws `VitrineError('INVALID_OPTIONS')` when nothing would change, or the revision has a shop's own encoder; what
 * `readRevision` and `loadModel` throw: the float32 twin must be there.
 */
export async function refreshCatalogue(
  folder: string,
  newer: readonly CatalogueItem[],
  { missing, createdAt, seed, signal }: RefreshOptions,
): Promise<Refreshed> {
  const { manifest, artifacts } = await readRevision(folder)
  if (manifest.engine) {
    throw new VitrineError(
      'INVALID_OPTIONS',
      `${folder} has an encoder of its own: refresh the revision before it, then export the encoder again.`,
    )
  }
  const parts = await readParts(await readRevision(folder, { precision: 'fp32' }), signal)
  const stated = new Map(newer.map((item) => [item.id, item]))
  const known = new Set(parts.catalogue.map(({ id }) => id))
  const unnamed = (item: CatalogueItem): CatalogueItem =>
    missing === 'keep' ? item : { ...item, inStock: false }
  const before = parts.catalogue.map((item) => stated.get(item.id) ?? unnamed(item))
  const fresh = [...stated.values()].filter(({ id }) => !known.has(id))
  const changed = before.filter((item, place) => !isDeepStrictEqual(item, parts.catalogue[place])).length
  if (changed + fresh.length === 0) {
    throw new VitrineError(
      'INVALID_OPTIONS',
      `${folder} says the same of all ${before.length} items already: there is nothing to refresh.`,
    )
  }
  const catalogue = [...before, ...fresh]
  const { evidence, coldStart } = await placeNewItems(
    widened(parts.evidence, fresh.length),
    catalogue,
    seed,
    createRun({ signal }).pause,
  )
  const refreshed = { catalogue, evidence, reranker: parts.reranker }
  const { id, attribution, metrics } = manifest
  const facts = {
    id,
    createdAt,
    ...(metrics && { metrics }),
    ...(attribution !== undefined && { attribution }),
  }
  const { revision } = await packInt8(refreshed, facts, seed, {
    bits: artifactOf(manifest, 'embeddings')?.dtype === 'int4' ? 4 : 8,
    scales: scalesOf(artifacts.get('embeddings')!, catalogue.length),
  })
  signal.throwIfAborted()
  return {
    revision,
    fullPrecision: await packFullPrecision(refreshed, facts, seed),
    from: manifest.revision,
    changed,
    added: fresh.length,
    placed: coldStart ? fresh.length : 0,
    missing: before.filter((item) => !stated.has(item.id)).length,
  }
}

/** Scales of rounded embeddings, as far as they go: rows that are rounded by the same scale are the same bytes. */
function scalesOf(embeddings: Uint8Array, count: number): Float32Array {
  const scales = new Float32Array(count)
  scales.set(readEmbeddings(embeddings).scales)
  return scales
}

/** Evidence with `more` items of which it knows nothing. */
function widened(evidence: Evidence, more: number): Evidence {
  const { graph, embeddings, statistics } = evidence
  const count = embeddings.count + more
  const values = new Float32Array(count * embeddings.dimension)
  values.set(embeddings.values)
  const scales = new Float32Array(count).fill(1)
  scales.set(embeddings.scales)
  const offsets = new Uint32Array(count + 1).fill(graph.offsets.at(-1)!)
  offsets.set(graph.offsets)
  const popularity = new Float32Array(POPULARITY_SHARES.length * count)
  for (const row of POPULARITY_SHARES.keys()) {
    const { count: before } = statistics
    popularity.set(statistics.popularity.subarray(row * before, (row + 1) * before), row * count)
  }
  return {
    ...evidence,
    graph: { ...graph, offsets },
    embeddings: { ...embeddings, count, values, scales },
    statistics: { ...statistics, count, popularity },
  }
}
