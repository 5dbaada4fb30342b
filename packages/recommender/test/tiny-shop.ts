/** A shop of 40 items in four categories with a model made by hand, small enough to check by thought. */
import type { Artifact, ArtifactRole, CatalogueItem, Manifest } from '@vitrine/contracts'
import {
  type Golden,
  type LoadOptions,
  type Model,
  POPULARITY_SHARES,
  type StoredEncoder,
  type StoredGraph,
  type StoredReranker,
  answerOf,
  loadModel,
  writeCatalogue,
  writeEmbeddings,
  writeEncoder,
  writeGolden,
  writeGraph,
  writeReranker,
  writeStarter,
  writeStatistics,
} from '../src/index.ts'

export const ITEMS = 40
export const DIMENSION = 16

/** Item i is `i<i>`, of category `c<i mod 4>`, at price i; every tenth is out of stock. */
export const CATALOGUE: CatalogueItem[] = Array.from({ length: ITEMS }, (_, i) => ({
  id: `i${i}`,
  title: `Item ${i}`,
  price: i,
  category: `c${i % 4}`,
  inStock: i % 10 !== 9,
}))

/** Item i leads to i + 1 (strongly), i + 2 and i + 4 (weakly), modulo 40; item 39 leads nowhere. */
export function tinyGraph(): StoredGraph {
  const rows = Array.from({ length: ITEMS }, (_, i) =>
    i === 39
      ? []
      : [
          [(i + 1) % ITEMS, 255],
          [(i + 2) % ITEMS, 150],
          [(i + 4) % ITEMS, 50],
        ].toSorted((a, b) => a[0]! - b[0]!),
  )
  const offsets = new Uint32Array(ITEMS + 1)
  for (const [i, row] of rows.entries()) offsets[i + 1] = offsets[i]! + row.length
  return {
    settings: { window: 10, decay: 0.5, selfWeight: 0.1 },
    offsets,
    neighbours: Uint32Array.from(rows.flat(), ([item]) => item!),
    weights: Uint8Array.from(rows.flat(), ([, level]) => level!),
    scales: new Float32Array(ITEMS).fill(1),
  }
}

/** Items of a category point the same way, apart by a little of their own. */
export function tinyEmbeddings(): {
  count: number
  dimension: number
  values: Int8Array
  scales: Float32Array
} {
  const values = new Int8Array(ITEMS * DIMENSION)
  for (let i = 0; i < ITEMS; i++) {
    values[i * DIMENSION + (i % 4)] = 120
    values[i * DIMENSION + 4 + (i % 12)] = 40
  }
  return { count: ITEMS, dimension: DIMENSION, values, scales: new Float32Array(ITEMS).fill(1 / 127) }
}

function tinyEncoder(): StoredEncoder {
  const weights = new Int8Array(2 * DIMENSION * DIMENSION)
  for (let row = 0; row < DIMENSION; row++) {
    weights[row * 2 * DIMENSION + row] = 64
    weights[row * 2 * DIMENSION + DIMENSION + row] = 64
  }
  const scales = new Float32Array(DIMENSION).fill(1 / 127)
  const positions = Float32Array.of(0, -0.5, -1)
  return { dimension: DIMENSION, temperature: 16, priorWeight: 0.1, positions, weights, scales }
}

/** Lower indices are more popular. */
function tinyStatistics(): {
  count: number
  prior: number
  popularity: Uint8Array
  scales: Float32Array
} {
  const shares = POPULARITY_SHARES.length
  const popularity = Uint8Array.from({ length: shares * ITEMS }, (_, i) => 255 - 5 * (i % ITEMS))
  return { count: ITEMS, prior: 2, popularity, scales: new Float32Array(shares).fill(5) }
}

export const TINY_RERANKER: StoredReranker = {
  candidates: { limit: 100, hopSeeds: 2, enough: 20, scan: 15 },
  features: ['graph', 'hops', 'denseShare', 'popularity10'],
  means: [0.5, 0.5, -3, 2],
  deviations: [0.3, 0.3, 2, 1],
  layers: [{ inputs: 4, outputs: 1, weights: [2, 0.3, 0.4, 0.1], biases: [0.2] }],
}

export function tinyArtifacts(golden: Golden = { cases: [] }): Map<ArtifactRole, Uint8Array> {
  return new Map([
    ['catalogue', writeCatalogue(CATALOGUE)],
    ['statistics', writeStatistics(tinyStatistics())],
    ['graph', writeGraph(tinyGraph())],
    ['embeddings', writeEmbeddings(tinyEmbeddings())],
    ['encoder', writeEncoder(tinyEncoder())],
    ['reranker', writeReranker(TINY_RERANKER)],
    ['golden', writeGolden(golden)],
  ])
}

/** Items of {@link tinyStarter}: the first of the shop's. */
export const STARTER_ITEMS = 20

/** Item i leads to i + 1, but for the last one. */
export function tinyStarter(): Uint8Array {
  const count = STARTER_ITEMS
  const edges = count - 1
  return writeStarter({
    catalogue: CATALOGUE.slice(0, count),
    statistics: {
      count,
      prior: 2,
      popularity: Uint8Array.from({ length: POPULARITY_SHARES.length * count }, (_, i) => 255 - (i % count)),
      scales: new Float32Array(POPULARITY_SHARES.length).fill(5),
    },
    graph: {
      settings: { window: 10, decay: 0.5, selfWeight: 0.1 },
      offsets: Uint32Array.from({ length: count + 1 }, (_, i) => Math.min(i, edges)),
      neighbours: Uint32Array.from({ length: edges }, (_, i) => i + 1),
      weights: new Uint8Array(edges).fill(255),
      scales: new Float32Array(count).fill(1),
    },
    reranker: {
      candidates: { limit: 20, hopSeeds: 2, enough: 20, scan: 20 },
      features: ['graph', 'hops', 'popularity10'],
      means: [0, 0, 0],
      deviations: [1, 1, 1],
      layers: [{ inputs: 3, outputs: 1, weights: [1, 0.1, 0.01], biases: [0] }],
    },
  })
}

/** A manifest that fits `artifacts`; hashes are not what this package checks. */
export function manifestOf(artifacts: ReadonlyMap<ArtifactRole, Uint8Array>): Manifest {
  return {
    schema: 1,
    id: 'tiny',
    revision: 'r1',
    createdAt: '2026-01-01T00:00:00.000Z',
    items: ITEMS,
    dimension: DIMENSION,
    artifacts: [...artifacts].map(([role, bytes]): Artifact => {
      return { role, sha256: '0'.repeat(64), bytes: bytes.length, dtype: 'json', shape: [] }
    }),
  }
}

export function loadTiny(
  artifacts: ReadonlyMap<ArtifactRole, Uint8Array>,
  options?: LoadOptions,
): Promise<Model> {
  return loadModel(manifestOf(artifacts), artifacts, options)
}

/** Artifacts whose golden answers are the model's own. */
export async function tinyGoldenArtifacts(): Promise<Map<ArtifactRole, Uint8Array>> {
  const model = await loadTiny(tinyArtifacts())
  const cases = [await answerOf(model, [3]), await answerOf(model, [5, 8, 5]), await answerOf(model, [39])]
  model.dispose()
  return tinyArtifacts({ cases })
}
