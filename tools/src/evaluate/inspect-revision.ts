/** Looks into a revision: parts, sizes, quantisation error, neighbours. */
import { type Artifact, isVitrineError } from '@vitrine/contracts'
import {
  type Model,
  addRow,
  loadModel,
  readGolden,
  recommend,
  selfTest,
  unpackStarter,
} from '@vitrine/recommender'
import { type Revision, readRevision, transferred } from '../train/index.ts'

/** What a revision holds. */
export interface RevisionReport {
  model: string
  revision: string
  created: string
  items: number
  dimension: number
  edges: number
  /** Of all artifacts but the starter, which no device keeps. */
  bytes: number
  device: string
  golden_cases: number
  /** What serves first lists while the model is on its way; only where the revision has one. */
  starter?: { items: number; bytes: number; transferred_bytes: number }
  artifacts: (Artifact & { max_error_over_range?: number })[]
  metrics: Record<string, number>
  attribution?: string
}

/** An item with what goes with it. */
export interface ItemReport {
  id: string
  title: string
  category?: string
  price?: number
  graph: { id: string; title: string; weight: number }[]
  embedding: { id: string; title: string; weight: number }[]
}

const NEIGHBOURS = 12

/**
 * Runs the self-test and gathers the figures. The error of int8 is measured against the float32 twin, where
 * the folder has one.
 *
 * @throws `VitrineError('SELF_TEST_FAILED')`.
 */
export async function inspectRevision(
  folder: string,
  { manifest, artifacts: contents }: Revision,
  model: Model,
): Promise<RevisionReport> {
  await selfTest(model)
  const starter = contents.get('starter')
  const errors = await quantizationErrors(folder, model)
  const { id, revision, createdAt, items, dimension, artifacts, metrics = {}, attribution } = manifest
  return {
    model: id,
    revision,
    created: createdAt,
    items,
    dimension,
    edges: model.graph.neighbours.length,
    bytes: artifacts.reduce((sum, { role, bytes }) => (role === 'starter' ? sum : sum + bytes), 0),
    device: model.device,
    golden_cases: readGolden(model.golden, items).cases.length,
    ...(starter && {
      starter: {
        items: unpackStarter(model.manifest, starter).manifest.items,
        bytes: starter.length,
        transferred_bytes: transferred(starter),
      },
    }),
    artifacts: artifacts.map((artifact) => {
      const error = errors.get(artifact.role)
      return error === undefined ? artifact : Object.assign({}, artifact, { max_error_over_range: error })
    }),
    metrics,
    ...(attribution !== undefined && { attribution }),
  }
}

/** Largest |int8 − float32| over the range of the float32 values, by role; empty without a twin. */
async function quantizationErrors(folder: string, model: Model): Promise<Map<string, number>> {
  const twin = await readRevision(folder, { precision: 'fp32' }).catch((error: unknown) => {
    if (isVitrineError(error) && error.code === 'MODEL_NOT_FOUND') return undefined
    throw error
  })
  const errors = new Map<string, number>()
  if (!twin) return errors
  const full = await loadModel(twin.manifest, twin.artifacts, { precision: 'fp32' })
  try {
    errors.set('embeddings', largestErrorOverRange(floatsOf(model), floatsOf(full)))
    if (model.graph.weights.length === full.graph.weights.length) {
      errors.set('graph', largestErrorOverRange(model.graph.weights, full.graph.weights))
    }
    return errors
  } finally {
    full.dispose()
  }
}

/** `[N, d]` row-major. */
function floatsOf({ embeddings }: Model): Float32Array {
  const { count, dimension } = embeddings
  const floats = new Float32Array(count * dimension)
  for (let item = 0; item < count; item++) addRow(embeddings, item, 1, floats, item * dimension)
  return floats
}

function largestErrorOverRange(values: Float32Array, exact: Float32Array): number {
  let error = 0
  let low = Number.POSITIVE_INFINITY
  let high = Number.NEGATIVE_INFINITY
  for (let i = 0; i < exact.length; i++) {
    const value = exact[i]!
    error = Math.max(error, Math.abs(values[i]! - value))
    low = Math.min(low, value)
    high = Math.max(high, value)
  }
  return high > low ? error / (high - low) : 0
}

/** What the shelves "bought together" and "similar" show beside `item`, which the model knows. */
export async function inspectItem(model: Model, item: string): Promise<ItemReport> {
  const { catalogue, graph } = model
  const index = catalogue.indexOf(item)!
  const edges = Array.from(
    { length: graph.offsets[index + 1]! - graph.offsets[index]! },
    (_, e) => graph.offsets[index]! + e,
  )
  const together = edges
    .toSorted((a, b) => graph.weights[b]! - graph.weights[a]! || a - b)
    .slice(0, NEIGHBOURS)
    .map((edge) => {
      const place = graph.neighbours[edge]!
      return { id: catalogue.ids[place]!, title: catalogue.titles[place]!, weight: graph.weights[edge]! }
    })
  const similar = await recommend(model, { placement: 'similar', anchor: item, k: NEIGHBOURS }, [])
  const category = catalogue.categories[catalogue.categoryOf[index]!]
  const price = catalogue.prices[index]
  return {
    id: item,
    title: catalogue.titles[index]!,
    ...(category !== undefined && { category }),
    ...(typeof price === 'number' && { price }),
    graph: together,
    embedding: similar.items.map(({ item: id, score, details }) => ({
      id,
      title: details?.title ?? id,
      weight: score,
    })),
  }
}
