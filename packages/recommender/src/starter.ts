/** The starter: a small model of the best-known part of a catalogue, for the first lists of a first visit. */
import type { Artifact, ArtifactRole, CatalogueItem, Manifest } from '@vitrine/contracts'
import { ByteReader, ByteWriter, corrupt } from './bytes.ts'
import { writeCatalogue } from './catalogue.ts'
import { writeEmbeddings } from './embeddings.ts'
import { writeEncoder } from './encoder.ts'
import { type StoredGraph, writeGraph } from './graph.ts'
import { type LoadOptions, type Model, loadModel } from './model.ts'
import { type StoredReranker, writeReranker } from './reranker.ts'
import { type StoredStatistics, writeStatistics } from './statistics.ts'

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

/** What a starter is to `loadModel`. */
export interface UnpackedStarter {
  readonly manifest: Manifest
  readonly artifacts: ReadonlyMap<ArtifactRole, Uint8Array>
}

/**
 * Returns what {@link writeStarter} wrote as a revision without embeddings, with an encoder that knows no taste: every
 * history's query embedding is zero. It is called by the name of the whole revision, `manifest`. The parts are read, and
 * checked, by `loadModel`.
 *
 * @throws `VitrineError('ARTIFACT_CORRUPT')` for bytes that are no starter, `MODEL_UNSUPPORTED` for another version.
 */
export function unpackStarter(manifest: Manifest, bytes: Uint8Array): UnpackedStarter {
  const reader = new ByteReader(bytes, 'starter', ['uint8'])
  const artifacts = new Map<ArtifactRole, Uint8Array>()
  for (const role of ['catalogue', 'statistics', 'graph', 'reranker'] as const) {
    artifacts.set(role, reader.bytes(reader.u32()))
  }
  reader.end()
  const count = new ByteReader(artifacts.get('statistics')!, 'statistics', ['uint8']).u32()
  // Before as much is allocated.
  if (count > bytes.length) throw corrupt('starter', `it has ${bytes.length} bytes for ${count} items`)
  const dimension = DIMENSION
  artifacts.set(
    'embeddings',
    writeEmbeddings({
      count,
      dimension,
      values: new Int8Array(count * dimension),
      scales: new Float32Array(count),
    }),
  )
  artifacts.set(
    'encoder',
    writeEncoder({
      dimension,
      temperature: 0,
      priorWeight: 0,
      positions: new Float32Array(1),
      weights: new Int8Array(2 * dimension * dimension),
      scales: new Float32Array(dimension),
    }),
  )
  // It is too small to be worth a test, and what it lists is replaced in a moment.
  artifacts.set('golden', new Uint8Array())
  const { engine: _, ...rest } = manifest
  const described = [...artifacts].map(([role, { length }]): Artifact => {
    return { role, sha256: '', bytes: length, dtype: 'uint8', shape: [] }
  })
  return { manifest: { ...rest, items: count, dimension, artifacts: described }, artifacts }
}

/**
 * Loads a starter as a model of its own, for `recommend`. What only embeddings know, such as similar items, falls
 * back as it does for an item without evidence.
 *
 * @throws what {@link unpackStarter} and `loadModel` throw.
 */
export function loadStarter(manifest: Manifest, bytes: Uint8Array, options?: LoadOptions): Promise<Model> {
  const starter = unpackStarter(manifest, bytes)
  return loadModel(starter.manifest, starter.artifacts, options)
}
