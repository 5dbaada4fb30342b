/** A real revision of a small model, built by the writers that training uses. */
import type { Artifact, ArtifactRole, Manifest } from '@vitrine/contracts'
import {
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
} from '@vitrine/recommender'
import { hex } from '../src/platform.ts'

const ITEMS = 24
const DIMENSION = 16

/** A manifest and its artifacts by hash, as an endpoint would hold them. */
export interface BuiltRevision {
  manifest: Manifest
  blobs: Map<string, Uint8Array<ArrayBuffer>>
}

/** Builds the revision `r-<step>`: whoever saw item i is shown item i + step first. Different steps, different lists. */
export async function buildRevision(
  step: number,
  { withStarter = false }: { withStarter?: boolean } = {},
): Promise<BuiltRevision> {
  const indices = Array.from({ length: ITEMS }, (_, index) => index)
  const parts: [ArtifactRole, Artifact['dtype'], Uint8Array][] = [
    [
      'catalogue',
      'json',
      writeCatalogue(indices.map((index) => ({ id: `item-${index}`, title: `Item ${index}` }))),
    ],
    [
      'graph',
      'uint8',
      writeGraph({
        settings: { window: 10, decay: 0.5, selfWeight: 0 },
        offsets: Uint32Array.from({ length: ITEMS + 1 }, (_, row) => row),
        neighbours: Uint32Array.from(indices, (index) => (index + step) % ITEMS),
        weights: new Uint8Array(ITEMS).fill(255),
        scales: new Float32Array(ITEMS).fill(1),
      }),
    ],
    [
      'embeddings',
      'int8',
      writeEmbeddings({
        count: ITEMS,
        dimension: DIMENSION,
        values: Int8Array.from({ length: ITEMS * DIMENSION }, (_, at) => ((at * 37 + step * 11) % 127) - 63),
        scales: new Float32Array(ITEMS).fill(1 / 150),
      }),
    ],
    [
      'encoder',
      'int8',
      writeEncoder({
        dimension: DIMENSION,
        temperature: 16,
        priorWeight: 0,
        positions: new Float32Array(4),
        weights: Int8Array.from({ length: 2 * DIMENSION * DIMENSION }, (_, at) =>
          at % (2 * DIMENSION) === Math.floor(at / (2 * DIMENSION)) ? 127 : 0,
        ),
        scales: new Float32Array(DIMENSION).fill(1 / 127),
      }),
    ],
    [
      'statistics',
      'uint8',
      writeStatistics({
        count: ITEMS,
        prior: 0,
        popularity: Uint8Array.from({ length: 4 * ITEMS }, (_, at) => 255 - (at % ITEMS)),
        scales: new Float32Array(4).fill(5),
      }),
    ],
    [
      'reranker',
      'json',
      writeReranker({
        candidates: { limit: 20, hopSeeds: 2, enough: 20, scan: 10 },
        features: ['graph', 'popularity'],
        means: [0, 0],
        deviations: [1, 1],
        layers: [{ inputs: 2, outputs: 1, weights: [10, 0.1], biases: [0] }],
      }),
    ],
  ]
  if (withStarter) parts.unshift(['starter', 'uint8', starter(step)])
  const without = await describe(step, [...parts, ['golden', 'json', writeGolden({ cases: [] })]])
  const model = await loadModel(without.manifest, bytesByRole(without))
  const cases = [await answerOf(model, [0]), await answerOf(model, [3, 7])]
  model.dispose()
  return describe(step, [...parts, ['golden', 'json', writeGolden({ cases })]])
}

/** Items of a starter: the first ones of the catalogue. */
export const STARTER_ITEMS = 12

/** Whoever saw item i is shown the item before it first. */
function starter(step: number): Uint8Array {
  const indices = Array.from({ length: STARTER_ITEMS }, (_, index) => index)
  return writeStarter({
    catalogue: indices.map((index) => ({
      id: `item-${index}`,
      title: `Item ${index}`,
      inStock: index !== 5,
    })),
    statistics: {
      count: STARTER_ITEMS,
      prior: 0,
      popularity: Uint8Array.from({ length: 4 * STARTER_ITEMS }, (_, at) => 255 - (at % STARTER_ITEMS)),
      scales: new Float32Array(4).fill(5),
    },
    graph: {
      settings: { window: 10, decay: 0.5, selfWeight: 0 },
      offsets: Uint32Array.from({ length: STARTER_ITEMS + 1 }, (_, row) => row),
      neighbours: Uint32Array.from(indices, (index) => (index + STARTER_ITEMS - 1) % STARTER_ITEMS),
      weights: new Uint8Array(STARTER_ITEMS).fill(255),
      scales: new Float32Array(STARTER_ITEMS).fill(step),
    },
    reranker: {
      candidates: { limit: 20, hopSeeds: 2, enough: 12, scan: 12 },
      features: ['graph', 'popularity'],
      means: [0, 0],
      deviations: [1, 1],
      layers: [{ inputs: 2, outputs: 1, weights: [10, 0.1], biases: [0] }],
    },
  })
}

/** The artifacts of a revision as `loadModel` takes them. */
export function bytesByRole({ manifest, blobs }: BuiltRevision): Map<ArtifactRole, Uint8Array<ArrayBuffer>> {
  return new Map(manifest.artifacts.map(({ role, sha256 }) => [role, blobs.get(sha256)!]))
}

async function describe(
  step: number,
  parts: [ArtifactRole, Artifact['dtype'], Uint8Array][],
): Promise<BuiltRevision> {
  const blobs = new Map<string, Uint8Array<ArrayBuffer>>()
  const artifacts: Artifact[] = []
  for (const [role, dtype, bytes] of parts) {
    const copy = new Uint8Array(bytes)
    const sha256 = hex(new Uint8Array(await crypto.subtle.digest('SHA-256', copy)))
    blobs.set(sha256, copy)
    artifacts.push({ role, sha256, bytes: copy.byteLength, dtype, shape: [] })
  }
  const manifest: Manifest = {
    schema: 1,
    id: 'tiny',
    revision: `r-${step}`,
    createdAt: '2026-01-01T00:00:00Z',
    items: ITEMS,
    dimension: DIMENSION,
    artifacts,
  }
  return { manifest, blobs }
}
