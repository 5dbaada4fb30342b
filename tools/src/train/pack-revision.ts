/** From trained tables to a revision: rounded to int8, written as artifacts, named by their content. */
import { createHash } from 'node:crypto'
import {
  type Artifact,
  type ArtifactRole,
  type CatalogueItem,
  MANIFEST_SCHEMA,
  type Manifest,
} from '@vitrine/contracts'
import {
  type Evidence,
  type Golden,
  POPULARITY_SHARES,
  type Precision,
  type StoredReranker,
  answerOf,
  loadModel,
  writeCatalogue,
  writeEmbeddings,
  writeEncoder,
  writeGolden,
  writeGraph,
  writeReranker,
  writeStatistics,
} from '@vitrine/recommender'
import { quantizeCompanded, quantizeLevels, quantizeRows } from '../quantize/int8.ts'
import { createRandom } from './random.ts'
import { packStarter } from './starter.ts'
import type { QuantizationError, Revision } from './types.ts'

/** What a revision is made of, in float32. */
export interface TrainedParts {
  readonly catalogue: readonly CatalogueItem[]
  readonly evidence: Evidence
  readonly reranker: StoredReranker
}

/** What a manifest says beside its artifacts. */
export type ManifestFacts = Pick<Manifest, 'id' | 'createdAt'> &
  Partial<Pick<Manifest, 'metrics' | 'attribution'>>

/** In load order: what gives the first list comes first. */
type Written = [role: ArtifactRole, dtype: Artifact['dtype'], shape: number[], bytes: Uint8Array][]

/** Levels of an edge: with fifteen of them, half the bits of a weight, lists are as good (docs/decisions/0049-half-the-bytes-for-the-same-lists.md). */
const EDGE_STEPS = 15
const GOLDEN_CASES = 12
const GOLDEN_HISTORY = 6

/**
 * Packs `parts` with int8 tables (uint8 where nothing is negative), and says how much rounding changed.
 *
 * @param bits 4 packs the embeddings, the largest table, in half the bytes.
 * @param scales `[N]` of an earlier revision's embeddings, kept where rows still fit.
 */
export async function packInt8(
  parts: TrainedParts,
  facts: ManifestFacts,
  seed: number,
  { bits = 8, scales }: { bits?: 4 | 8; scales?: Float32Array | undefined } = {},
): Promise<{ revision: Revision; quantization: QuantizationError[] }> {
  const { graph, embeddings, encoder, statistics } = parts.evidence
  const { count, dimension } = embeddings
  const weights = quantizeCompanded(graph.weights, graph.offsets, { steps: EDGE_STEPS })
  const rows = quantizeRows(Float32Array.from(embeddings.values), dimension, {
    most: bits === 4 ? 7 : 127,
    kept: scales,
  })
  const matrix = quantizeRows(encoder.weights, 2 * dimension)
  const levels = quantizeLevels(statistics.popularity, count)
  const written: Written = [
    [
      'statistics',
      'uint8',
      [POPULARITY_SHARES.length, count],
      writeStatistics({ ...statistics, popularity: levels.values, scales: levels.scales }),
    ],
    [
      'graph',
      'uint8',
      [graph.weights.length],
      writeGraph({ ...graph, weights: weights.values, scales: weights.scales }),
    ],
    [
      'embeddings',
      bits === 4 ? 'int4' : 'int8',
      [count, dimension],
      writeEmbeddings({ count, dimension, values: rows.values, scales: rows.scales }, { bits }),
    ],
    [
      'encoder',
      'int8',
      [dimension, 2 * dimension],
      writeEncoder({ ...encoder, weights: matrix.values, scales: matrix.scales }),
    ],
  ]
  const revision = withStarter(await finish(parts, facts, written, 'int8', seed))
  const full = fullTables(parts.evidence)
  const errorOf = { graph: weights, embeddings: rows, encoder: matrix, statistics: levels }
  const quantization = (['graph', 'embeddings', 'encoder', 'statistics'] as const).map((role) => ({
    role,
    maxErrorOverRange: errorOf[role].maxErrorOverRange,
    bytes: revision.artifacts.get(role)!.length,
    fullBytes: full.find(([name]) => name === role)![3].length,
  }))
  return { revision, quantization }
}

/** Packs `parts` in float32: the twin that int8 is compared with. */
export function packFullPrecision(
  parts: TrainedParts,
  facts: ManifestFacts,
  seed: number,
): Promise<Revision> {
  return finish(parts, facts, fullTables(parts.evidence), 'fp32', seed)
}

/**
 * Returns `revision` with a starter as its first artifact, in place of the one that it may have, under the name that
 * follows from its content; a revision too small for one without.
 *
 * @param budget Bytes of the starter as transferred.
 */
export function withStarter({ manifest, artifacts }: Revision, budget?: number): Revision {
  const rest = manifest.artifacts.filter(({ role }) => role !== 'starter')
  const starter = packStarter(artifacts, budget)
  const listed = starter
    ? [describeArtifact('starter', 'uint8', [starter.items], starter.bytes), ...rest]
    : rest
  return {
    manifest: { ...manifest, revision: nameOf(listed), artifacts: listed },
    artifacts: new Map(
      listed.map(({ role }) => [role, role === 'starter' ? starter!.bytes : artifacts.get(role)!]),
    ),
  }
}

/**
 * Returns `revision` with another ranker, under the name that follows from its content. For measuring: its golden
 * answers stay those of the ranker before.
 */
export function withRanker({ manifest, artifacts }: Revision, reranker: StoredReranker): Revision {
  const bytes = writeReranker(reranker)
  const listed = manifest.artifacts.map((artifact) =>
    artifact.role === 'reranker' ? describeArtifact('reranker', 'json', [], bytes) : artifact,
  )
  return {
    manifest: { ...manifest, revision: nameOf(listed), artifacts: listed },
    artifacts: new Map([...artifacts, ['reranker', bytes]]),
  }
}

function fullTables({ graph, embeddings, encoder, statistics }: Evidence): Written {
  const { count, dimension } = embeddings
  const shares = POPULARITY_SHARES.length
  return [
    ['statistics', 'float32', [shares, count], writeStatistics({ ...statistics, scales: ones(shares) })],
    ['graph', 'float32', [graph.weights.length], writeGraph({ ...graph, scales: ones(count) })],
    ['embeddings', 'float32', [count, dimension], writeEmbeddings(embeddings)],
    ['encoder', 'float32', [dimension, 2 * dimension], writeEncoder({ ...encoder, scales: ones(dimension) })],
  ]
}

function ones(length: number): Float32Array {
  return new Float32Array(length).fill(1)
}

/** Adds catalogue, ranker and golden answers; the answers come from the very model that a device loads. */
async function finish(
  { catalogue, evidence, reranker }: TrainedParts,
  facts: ManifestFacts,
  tables: Written,
  precision: Precision,
  seed: number,
): Promise<Revision> {
  const known: Written = [
    ['catalogue', 'json', [], writeCatalogue(catalogue)],
    ...tables,
    ['reranker', 'json', [], writeReranker(reranker)],
  ]
  const withGolden = (golden: Golden): Revision =>
    describe([...known, ['golden', 'json', [], writeGolden(golden)]], facts, evidence)
  const draft = withGolden({ cases: [] })
  const model = await loadModel(draft.manifest, draft.artifacts, { precision })
  try {
    const cases = []
    for (const history of inventHistories(evidence, seed)) cases.push(await answerOf(model, history))
    return withGolden({ cases })
  } finally {
    model.dispose()
  }
}

function describe(written: Written, facts: ManifestFacts, { embeddings }: Evidence): Revision {
  const artifacts = written.map((each) => describeArtifact(...each))
  const { id, createdAt, metrics, attribution } = facts
  const manifest: Manifest = {
    schema: MANIFEST_SCHEMA,
    id,
    revision: nameOf(artifacts),
    createdAt,
    items: embeddings.count,
    dimension: embeddings.dimension,
    artifacts,
    ...(metrics && { metrics }),
    ...(attribution !== undefined && { attribution }),
  }
  return { manifest, artifacts: new Map(written.map(([role, , , bytes]) => [role, bytes])) }
}

function describeArtifact(...[role, dtype, shape, bytes]: Written[number]): Artifact {
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  return { role, sha256, bytes: bytes.length, dtype, shape }
}

/** The name of a revision, from the hashes of its artifacts. */
function nameOf(artifacts: readonly Artifact[]): string {
  const hash = createHash('sha256').update(artifacts.map(({ sha256 }) => sha256).join())
  return hash.digest('hex').slice(0, 16)
}

/**
 * Walks the graph at random: histories that look like a shopper's and are nobody's, since a revision may hold
 * no real ones.
 */
function inventHistories({ graph, embeddings }: Evidence, seed: number): number[][] {
  const random = createRandom(seed ^ 0x601d)
  const { offsets, neighbours } = graph
  return Array.from({ length: GOLDEN_CASES }, (_, index) => {
    const history = [Math.floor(random() * embeddings.count)]
    while (history.length < 1 + (index % GOLDEN_HISTORY)) {
      const last = history.at(-1)!
      const degree = offsets[last + 1]! - offsets[last]!
      const edge = offsets[last]! + Math.floor(random() * degree)
      history.push(degree ? neighbours[edge]! : Math.floor(random() * embeddings.count))
    }
    return history
  })
}
