/** The starter: a small model of the best-known part of a catalogue, for the first lists of a first visit. */
import type { CatalogueItem, Manifest } from '@vitrine/contracts'
import { ByteReader, ByteWriter, corrupt } from './bytes.ts'
import { readCatalogue, writeCatalogue } from './catalogue.ts'
import type { Embeddings } from './embeddings.ts'
import { createBuiltInEngine } from './engine.ts'
import { type StoredGraph, readGraph, writeGraph } from './graph.ts'
import { type LoadOptions, Model, type ModelParts } from './model.ts'
import { type StoredReranker, readReranker, writeReranker } from './reranker.ts'
import { createScan } from './scan.ts'
import { type StoredStatistics, readStatistics, writeStatistics } from './statistics.ts'

/** What a starter consists of, all over the same M items; indices are places among these. */
export interface StoredStarter {
  /** `[M]`, with all that a card shows. */
  readonly catalogue: readonly CatalogueItem[]
  readonly statistics: StoredStatistics
  readonly graph: StoredGraph
  /** For a model without embeddings: the features that come from them are alike for all items. */
  readonly reranker: StoredReranker
}

/** The least that a kernel takes. */
const DIMENSION = 16

/** Returns `starter` as bytes (docs/artifacts.md): artifacts of the same formats, one after the other. */
export function writeStarter({ catalogue, statistics, graph, reranker }: StoredStarter): Uint8Array {
  const writer = new ByteWriter('starter', 'uint8')
  const parts = [
    writeCatalogue(catalogue),
    writeStatistics(statistics),
    writeGraph(graph),
    writeReranker(reranker),
  ]
  for (const part of parts) writer.u32(part.length).table(part)
  return writer.finish()
}

/**
 * Reads what {@link writeStarter} wrote, as the parts of a model without embeddings and with an encoder that
 * knows no taste: every history's query embedding is zero.
 *
 * @throws `VitrineError('ARTIFACT_CORRUPT')` for any other bytes, `MODEL_UNSUPPORTED` for another version.
 */
export function readStarter(bytes: Uint8Array): ModelParts & { embeddings: Embeddings } {
  const reader = new ByteReader(bytes, 'starter', ['uint8'])
  const part = (): Uint8Array => reader.bytes(reader.u32())
  const catalogue = readCatalogue(part())
  const statistics = readStatistics(part())
  const graph = readGraph(part())
  const reranker = readReranker(part())
  reader.end()
  const count = catalogue.ids.length
  if (statistics.count !== count || graph.offsets.length - 1 !== count) {
    throw corrupt(
      'starter',
      `it has ${count} items, popularity of ${statistics.count} and ${graph.offsets.length - 1} graph rows`,
    )
  }
  return {
    catalogue,
    statistics,
    graph,
    reranker,
    embeddings: {
      count,
      dimension: DIMENSION,
      values: new Int8Array(count * DIMENSION),
      scales: new Float32Array(count),
    },
    encoder: {
      dimension: DIMENSION,
      temperature: 0,
      priorWeight: 0,
      positions: new Float32Array(1),
      weights: new Float32Array(2 * DIMENSION * DIMENSION),
    },
  }
}

/**
 * Loads a starter as a model of its own, for `recommend`. What only embeddings know, such as similar items, falls
 * back as it does for an item without evidence.
 *
 * @throws what {@link readStarter} throws.
 */
export async function loadStarter(
  manifest: Manifest,
  bytes: Uint8Array,
  options: Pick<LoadOptions, 'loadScalar' | 'loadShelves'> = {},
): Promise<Model> {
  const parts = readStarter(bytes)
  const scan = await createScan(parts, options)
  return new Model(manifest, parts, new Uint8Array(), {
    scan,
    engine: createBuiltInEngine(parts),
    ...options,
  })
}
