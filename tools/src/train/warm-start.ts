/**
 * Training that goes on from an earlier revision: numbers of items, settings, encoder, ranker and whatever did not
 * change stay as they were, so that devices download a small difference.
 */
import type { Evidence, Graph, Statistics } from '@vitrine/recommender'
import { buildGraph } from './build-graph.ts'
import { countingOf } from './counting.ts'
import type { EarlierRevision } from './earlier-revision.ts'
import { countPairs } from './pairs.ts'
import type { Run } from './run.ts'
import { chooseSessionRecipe } from './session-recipe.ts'
import { casesOf } from './sessions.ts'
import { trainSessionEncoder } from './train-session-encoder.ts'
import type { Drift, TrainInput } from './types.ts'

/** What became of it. */
export interface Continued {
  readonly evidence: Evidence
  /** `[N]` scales of the earlier int8 embeddings, 0 for new items. */
  readonly scales: Float32Array
  readonly drift: Drift
  readonly losses: readonly number[]
}

/** An item is learned again when its events became this much more, and {@link FEWEST_NEW} more. */
const GROWTH = 1.1
const FEWEST_NEW = 3
/** A row of the graph is written anew when this share of its weight moved. */
const MOVED_SHARE = 0.1
const EPOCHS = 3
const RATE = 1e-3

/** Counts everything again under the earlier settings, learns what changed, and keeps the rest. */
export async function continueFrom(
  input: TrainInput,
  earlier: EarlierRevision,
  run: Run,
): Promise<Continued> {
  const { sessions, catalogue, pairs, seed } = input
  const count = catalogue.length
  const { recipe, mostEdges, evidence: before } = earlier
  const places = new Map(earlier.ids.map((id, place) => [id, place]))
  /** Place in the earlier revision, −1 for a new item. */
  const origins = Int32Array.from(catalogue, ({ id }) => places.get(id) ?? -1)

  run.report('graph', 0, 'pairs of all sessions')
  const counting = countingOf(sessions, count, pairs)
  const table = counting.listPairs()
  await run.pause()
  const counted = buildGraph(countPairs(table, recipe), recipe, mostEdges)
  const statistics = counting.countPopularity(before.statistics.prior)
  const isLearned = itemsToLearn(statistics, before.statistics, origins)
  await run.pause()

  const { dimension } = before.embeddings
  const start = {
    embeddings: carried(before.embeddings.values as Float32Array, dimension, origins),
    encoder: before.encoder,
    frozen: isLearned.map((learned) => 1 - learned),
  }
  const trained = await trainSessionEncoder(
    sessions,
    count,
    {
      ...chooseSessionRecipe(count, casesOf(sessions).targets.length, run.budgetMs),
      dimension,
      epochs: EPOCHS,
      rate: RATE,
      temperature: before.encoder.temperature,
    },
    {
      seed,
      start,
      ...(run.signal && { signal: run.signal }),
      onProgress: (share) => run.report('embeddings', 0.1 + 0.8 * share, 'learning what changed'),
    },
  )
  const { graph, changedRows } = mergeGraph(before.graph, counted, origins, isLearned)
  const scales = Float32Array.from(origins, (origin) =>
    origin < 0 ? 0 : largestOf(before.embeddings.values, dimension, origin) / 127,
  )
  return {
    evidence: { graph, statistics, embeddings: trained.embeddings, encoder: before.encoder },
    scales,
    losses: trained.losses,
    drift: {
      from: earlier.revision,
      added: origins.filter((origin) => origin < 0).length,
      removed: earlier.ids.length - origins.filter((origin) => origin >= 0).length,
      learned: isLearned.reduce((sum, learned) => sum + learned, 0),
      graphRows: changedRows,
      cosine: meanCosine(
        start.embeddings,
        trained.embeddings.values as Float32Array,
        dimension,
        isLearned,
        origins,
      ),
      popularity: divergence(statistics, before.statistics, origins),
    },
  }
}

/** 1 for new items, and for items with clearly more events than before. */
function itemsToLearn(now: Statistics, before: Statistics, origins: Int32Array): Uint8Array {
  return Uint8Array.from(origins, (origin, item) => {
    if (origin < 0) return 1
    const earlier = Math.expm1(before.popularity[origin]!)
    return Math.expm1(now.popularity[item]!) >= GROWTH * earlier + FEWEST_NEW ? 1 : 0
  })
}

function carried(values: Float32Array, dimension: number, origins: Int32Array): Float32Array {
  const table = new Float32Array(origins.length * dimension)
  for (const [item, origin] of origins.entries()) {
    if (origin >= 0) {
      table.set(values.subarray(origin * dimension, (origin + 1) * dimension), item * dimension)
    }
  }
  return table
}

function largestOf(values: ArrayLike<number>, dimension: number, row: number): number {
  let largest = 0
  for (let i = row * dimension; i < (row + 1) * dimension; i++)
    largest = Math.max(largest, Math.abs(values[i]!))
  return largest
}

/** Takes each row from the earlier graph where it hardly differs, else as it was counted now. */
function mergeGraph(
  before: Graph,
  now: Graph,
  origins: Int32Array,
  isLearned: Uint8Array,
): { graph: Graph; changedRows: number } {
  const count = origins.length
  const numbers = new Map<number, number>()
  for (const [item, origin] of origins.entries()) if (origin >= 0) numbers.set(origin, item)
  const offsets = new Uint32Array(count + 1)
  const neighbours: number[] = []
  const weights: number[] = []
  let changedRows = 0
  for (let item = 0; item < count; item++) {
    const fresh = rowOf(now, item)
    const kept = origins[item]! < 0 ? undefined : translated(rowOf(before, origins[item]!), numbers)
    const stays = kept && !isLearned[item] && movedShare(kept, fresh) <= MOVED_SHARE
    if (!stays) changedRows++
    for (const [neighbour, weight] of stays ? kept : fresh) {
      neighbours.push(neighbour)
      weights.push(weight)
    }
    offsets[item + 1] = neighbours.length
  }
  return {
    graph: {
      settings: now.settings,
      offsets,
      neighbours: Uint32Array.from(neighbours),
      weights: Float32Array.from(weights),
    },
    changedRows,
  }
}

type Row = readonly (readonly [neighbour: number, weight: number])[]

function rowOf({ offsets, neighbours, weights }: Graph, item: number): Row {
  const row: [number, number][] = []
  for (let edge = offsets[item]!; edge < offsets[item + 1]!; edge++)
    row.push([neighbours[edge]!, weights[edge]!])
  return row
}

/** The row in today's numbers, rising; undefined where it names an item that is gone. */
function translated(row: Row, numbers: ReadonlyMap<number, number>): Row | undefined {
  const today: [number, number][] = []
  for (const [neighbour, weight] of row) {
    const number = numbers.get(neighbour)
    if (number === undefined) return undefined
    today.push([number, weight])
  }
  return today.toSorted((a, b) => a[0] - b[0])
}

/** Share of the weight that lies elsewhere, rows compared as distributions: 0 alike, 1 nothing in common. */
function movedShare(before: Row, now: Row): number {
  const total = (row: Row): number => row.reduce((sum, [, weight]) => sum + weight, 0) || 1
  const left = new Map(before.map(([neighbour, weight]) => [neighbour, weight / total(before)]))
  const all = total(now)
  let common = 0
  for (const [neighbour, weight] of now) common += Math.min(left.get(neighbour) ?? 0, weight / all)
  return before.length === 0 && now.length === 0 ? 0 : 1 - common
}

/** Mean cosine of the learned rows of known items with what they were; 1 where there are none. */
function meanCosine(
  before: Float32Array,
  now: Float32Array,
  dimension: number,
  isLearned: Uint8Array,
  origins: Int32Array,
): number {
  let sum = 0
  let rows = 0
  for (const [item, learned] of isLearned.entries()) {
    if (!learned || origins[item]! < 0) continue
    for (let i = item * dimension; i < (item + 1) * dimension; i++) sum += before[i]! * now[i]!
    rows++
  }
  return rows === 0 ? 1 : sum / rows
}

/** Jensen–Shannon divergence of the popularity of all sessions, in bits: 0 alike, 1 nothing in common. */
function divergence(now: Statistics, before: Statistics, origins: Int32Array): number {
  const today = Float64Array.from(origins, (_, item) => Math.expm1(now.popularity[item]!))
  const earlier = Float64Array.from(origins, (origin) =>
    origin < 0 ? 0 : Math.expm1(before.popularity[origin]!),
  )
  const sums = [today, earlier].map((counts) => counts.reduce((sum, value) => sum + value, 0) || 1)
  let bits = 0
  for (let item = 0; item < origins.length; item++) {
    const p = today[item]! / sums[0]!
    const q = earlier[item]! / sums[1]!
    const middle = (p + q) / 2
    if (p > 0) bits += (p / 2) * Math.log2(p / middle)
    if (q > 0) bits += (q / 2) * Math.log2(q / middle)
  }
  return bits
}
