/** A real revision of a small model, written by the recommender's own writers. */
import type { Artifact, ArtifactRole, Manifest } from '@vitrine/contracts'
import {
  writeCatalogue,
  writeEmbeddings,
  writeEncoder,
  writeGolden,
  writeGraph,
  writeReranker,
  writeStatistics,
} from '@vitrine/recommender'
import { hashOf } from './artifact-conformance.ts'
import type { Endpoint } from './endpoint.ts'

const ITEMS = 24
const DIMENSION = 16

/** Publishes a model in which everybody goes from item i to item i + `step`. Returns its manifest. */
export async function publishModel(
  endpoint: Endpoint,
  key: string,
  step: number,
  id = 'shop',
): Promise<Manifest> {
  const parts = partsOf(step)
  const artifacts = [...parts].map(([role, bytes]): Artifact => {
    return { role, sha256: hashOf(bytes), bytes: bytes.byteLength, dtype: 'json', shape: [] }
  })
  const manifest: Manifest = {
    schema: 1,
    id,
    revision: `r-${step}`,
    createdAt: '2026-11-01T00:00:00.000Z',
    items: ITEMS,
    dimension: DIMENSION,
    artifacts,
  }
  const puts: [string, BodyInit][] = artifacts.map(({ role, sha256 }) => [
    `/v1/artifacts/${sha256}`,
    new Uint8Array(parts.get(role)!),
  ])
  for (const [path, body] of [...puts, [`/v1/models/${id}/manifest`, JSON.stringify(manifest)]] as const) {
    const response = await endpoint.ask(path, { method: 'PUT', key, body })
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
  }
  return manifest
}

function partsOf(step: number): Map<ArtifactRole, Uint8Array> {
  const items = Array.from({ length: ITEMS }, (_, item) => item)
  const isDiagonal = (at: number) => at % (2 * DIMENSION) === Math.floor(at / (2 * DIMENSION))
  return new Map([
    ['catalogue', writeCatalogue(items.map((item) => ({ id: `item-${item}`, title: `Item ${item}` })))],
    [
      'graph',
      writeGraph({
        settings: { window: 10, decay: 0.5, selfWeight: 0 },
        offsets: Uint32Array.from([...items, ITEMS]),
        neighbours: Uint32Array.from(items, (item) => (item + step) % ITEMS),
        weights: new Uint8Array(ITEMS).fill(255),
        scales: new Float32Array(ITEMS).fill(1),
      }),
    ],
    [
      'embeddings',
      writeEmbeddings({
        count: ITEMS,
        dimension: DIMENSION,
        values: Int8Array.from({ length: ITEMS * DIMENSION }, (_, at) => ((at * 29 + 7) % 101) - 50),
        scales: new Float32Array(ITEMS).fill(0.01),
      }),
    ],
    [
      'encoder',
      writeEncoder({
        dimension: DIMENSION,
        temperature: 10,
        priorWeight: 0,
        positions: new Float32Array(3),
        weights: Int8Array.from({ length: 2 * DIMENSION ** 2 }, (_, at) => (isDiagonal(at) ? 100 : 0)),
        scales: new Float32Array(DIMENSION).fill(0.01),
      }),
    ],
    [
      'statistics',
      writeStatistics({
        count: ITEMS,
        prior: 0,
        popularity: Uint8Array.from({ length: 4 * ITEMS }, (_, at) => 200 - (at % ITEMS)),
        scales: new Float32Array(4).fill(4),
      }),
    ],
    [
      'reranker',
      writeReranker({
        candidates: { limit: 20, hopSeeds: 2, enough: 20, scan: 10 },
        features: ['graph', 'popularity'],
        means: [0, 0],
        deviations: [1, 1],
        layers: [{ inputs: 2, outputs: 1, weights: [8, 0.1], biases: [0] }],
      }),
    ],
    ['golden', writeGolden({ cases: [] })],
  ])
}
