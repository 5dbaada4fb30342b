/**
 * Items without any event: a ridge regression from what the catalogue says of an item to its embedding, learned on
 * the items that have events, places the others among them.
 */
import type { CatalogueItem } from '@vitrine/contracts'
import type { Evidence } from '@vitrine/recommender'
import { type ContentFeatures, readContent } from './content.ts'
import { createRandom, shuffle } from './random.ts'
import type { ColdStart } from './types.ts'

const HIDDEN_SHARE = 0.1
const STRENGTHS = [0.1, 0.3, 1, 3, 10]
const ITERATIONS = 30
/** Fewer items with events teach nothing. */
const FEWEST_ITEMS = 50
/** Neighbours that a new item gets in the graph, for shelves that go by what was bought together. */
const NEIGHBOURS = 24
const COMPARED = 20

/** Evidence with places for new items, and how well such places were found for items that were hidden. */
export interface Placed {
  readonly evidence: Evidence
  readonly coldStart?: ColdStart
}

/**
 * Gives every item without events an embedding and neighbours by its content. Where the catalogue has no such
 * item, or too little to learn from, the evidence stays as it is.
 */
export async function placeNewItems(
  evidence: Evidence,
  catalogue: readonly CatalogueItem[],
  seed: number,
  pause: () => Promise<void>,
): Promise<Placed> {
  const { embeddings } = evidence
  const table = embeddings.values as Float32Array
  const known: number[] = []
  const fresh: number[] = []
  for (let item = 0; item < embeddings.count; item++) {
    const at = item * embeddings.dimension
    const isKnown = table.subarray(at, at + embeddings.dimension).some((value) => value !== 0)
    ;(isKnown ? known : fresh).push(item)
  }
  if (fresh.length === 0 || known.length < FEWEST_ITEMS) return { evidence }
  const content = readContent(catalogue)
  const { strength, coldStart } = await chooseStrength(content, embeddings, known, seed, pause)
  const map = fitMap(content, embeddings, known, strength)
  const values = Float32Array.from(table)
  for (const item of fresh) {
    const vector = predict(content, map, embeddings.dimension, item)
    // Shorter than a learned one by how sure the map is: what is known goes first among equals.
    for (let i = 0; i < vector.length; i++) values[item * vector.length + i] = coldStart.cosine * vector[i]!
    await pause()
  }
  const placed = { ...embeddings, values }
  return {
    evidence: {
      ...evidence,
      embeddings: placed,
      graph: withNeighbours(evidence.graph, placed, known, fresh),
    },
    coldStart: { ...coldStart, items: fresh.length },
  }
}

/** Hides a tenth of the known items from the regression, and takes the strength that places them best. */
async function chooseStrength(
  content: ContentFeatures,
  embeddings: Evidence['embeddings'],
  known: readonly number[],
  seed: number,
  pause: () => Promise<void>,
): Promise<{ strength: number; coldStart: ColdStart }> {
  const order = Uint32Array.from(known)
  shuffle(order, createRandom(seed ^ 0xc01d))
  const hidden = order.subarray(0, Math.ceil(HIDDEN_SHARE * order.length))
  const seen = [...order.subarray(hidden.length)]
  let best: { strength: number; cosine: number; map: Float64Array } = {
    strength: 1,
    cosine: -1,
    map: new Float64Array(),
  }
  for (const strength of STRENGTHS) {
    const map = fitMap(content, embeddings, seen, strength)
    let sum = 0
    for (const item of hidden) {
      sum += dotWithItem(embeddings, item, predict(content, map, embeddings.dimension, item))
    }
    const cosine = sum / hidden.length
    if (cosine > best.cosine) best = { strength, cosine, map }
    await pause()
  }
  const overlap = await neighbourOverlap(content, best.map, embeddings, hidden, seen, pause)
  const { strength, cosine } = best
  return {
    strength,
    coldStart: { items: 0, hidden: hidden.length, cosine: Math.max(0, cosine), neighbours: overlap },
  }
}

/** Mean share of an item's nearest neighbours that are also nearest to the place found for it. */
async function neighbourOverlap(
  content: ContentFeatures,
  map: Float64Array,
  embeddings: Evidence['embeddings'],
  hidden: Uint32Array,
  seen: readonly number[],
  pause: () => Promise<void>,
): Promise<number> {
  const { dimension } = embeddings
  const table = embeddings.values as Float32Array
  let sum = 0
  const sample = hidden.subarray(0, 500)
  for (const item of sample) {
    const place = table.subarray(item * dimension, (item + 1) * dimension)
    const wanted = new Set(nearest(embeddings, place, seen, COMPARED))
    const found = nearest(embeddings, predict(content, map, dimension, item), seen, COMPARED)
    sum += found.filter((other) => wanted.has(other)).length / Math.min(COMPARED, seen.length)
    await pause()
  }
  return sum / sample.length
}

/**
 * Returns `[width, d]`: the least squares of `X · map ≈ E` over `items` with `strength · |map|²`, by conjugate
 * gradients on `(XᵀX + strength · I) map = XᵀE`, all columns at once.
 */
function fitMap(
  { offsets, columns, values, width }: ContentFeatures,
  { dimension, values: table }: Evidence['embeddings'],
  items: readonly number[],
  strength: number,
): Float64Array {
  const size = width * dimension
  const normal = (vector: Float64Array): Float64Array => {
    const out = vector.map((value) => strength * value)
    const row = new Float64Array(dimension)
    for (const item of items) {
      row.fill(0)
      for (let e = offsets[item]!; e < offsets[item + 1]!; e++) {
        addTo(row, vector, columns[e]! * dimension, values[e]!, dimension)
      }
      for (let e = offsets[item]!; e < offsets[item + 1]!; e++) {
        const at = columns[e]! * dimension
        for (let i = 0; i < dimension; i++) out[at + i]! += values[e]! * row[i]!
      }
    }
    return out
  }
  const residual = new Float64Array(size)
  for (const item of items) {
    for (let e = offsets[item]!; e < offsets[item + 1]!; e++) {
      const at = columns[e]! * dimension
      for (let i = 0; i < dimension; i++) residual[at + i]! += values[e]! * table[item * dimension + i]!
    }
  }
  const map = new Float64Array(size)
  const direction = residual.slice()
  let square = dot(residual, residual)
  const enough = 1e-6 * square
  for (let step = 0; step < ITERATIONS && square > enough; step++) {
    const image = normal(direction)
    const length = square / dot(direction, image)
    for (let i = 0; i < size; i++) {
      map[i]! += length * direction[i]!
      residual[i]! -= length * image[i]!
    }
    const next = dot(residual, residual)
    for (let i = 0; i < size; i++) direction[i] = residual[i]! + (next / square) * direction[i]!
    square = next
  }
  return map
}

/** The unit vector that `map` gives `item`; zero for an item without a known feature. */
function predict(
  { offsets, columns, values }: ContentFeatures,
  map: Float64Array,
  dimension: number,
  item: number,
): Float32Array {
  const row = new Float64Array(dimension)
  for (let e = offsets[item]!; e < offsets[item + 1]!; e++) {
    addTo(row, map, columns[e]! * dimension, values[e]!, dimension)
  }
  const length = Math.sqrt(dot(row, row))
  return Float32Array.from(row, (value) => (length > 0 ? value / length : 0))
}

/** The graph in which each new item leads to the known ones that it resembles most. */
function withNeighbours(
  graph: Evidence['graph'],
  embeddings: Evidence['embeddings'],
  known: readonly number[],
  fresh: readonly number[],
): Evidence['graph'] {
  const { dimension } = embeddings
  const table = embeddings.values as Float32Array
  const isFresh = new Set(fresh)
  const strongest = graph.weights.reduce((most, weight) => Math.max(most, weight), 0)
  const neighbours: number[] = []
  const weights: number[] = []
  const offsets = new Uint32Array(graph.offsets.length)
  for (let item = 0; item < offsets.length - 1; item++) {
    if (isFresh.has(item)) {
      const vector = table.subarray(item * dimension, (item + 1) * dimension)
      for (const other of nearest(embeddings, vector, known, NEIGHBOURS).toSorted((a, b) => a - b)) {
        neighbours.push(other)
        weights.push(strongest * Math.max(0, dotWithItem(embeddings, other, vector)))
      }
    } else {
      for (let edge = graph.offsets[item]!; edge < graph.offsets[item + 1]!; edge++) {
        neighbours.push(graph.neighbours[edge]!)
        weights.push(graph.weights[edge]!)
      }
    }
    offsets[item + 1] = neighbours.length
  }
  return {
    settings: graph.settings,
    offsets,
    neighbours: Uint32Array.from(neighbours),
    weights: Float32Array.from(weights),
  }
}

/** The `most` of `items` with the largest dot products; none for a vector of zeros. */
function nearest(
  embeddings: Evidence['embeddings'],
  vector: Float32Array,
  items: readonly number[],
  most: number,
): number[] {
  if (vector.every((value) => value === 0)) return []
  const scores = Float32Array.from(items, (item) => dotWithItem(embeddings, item, vector))
  return Array.from(
    Uint32Array.from(scores.keys())
      .toSorted((a, b) => scores[b]! - scores[a]! || a - b)
      .subarray(0, most),
    (place) => items[place]!,
  )
}

function dotWithItem(
  { dimension, values }: Evidence['embeddings'],
  item: number,
  vector: Float32Array,
): number {
  let sum = 0
  for (let i = 0; i < dimension; i++) sum += values[item * dimension + i]! * vector[i]!
  return sum
}

function addTo(row: Float64Array, table: Float64Array, at: number, factor: number, dimension: number): void {
  for (let i = 0; i < dimension; i++) row[i]! += factor * table[at + i]!
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
  return sum
}
