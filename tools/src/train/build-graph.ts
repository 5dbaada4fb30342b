/** From pair counts to the item–item graph: normalise, keep the strongest edges of each row. */
import type { Graph, GraphSettings } from '@vitrine/recommender'
import type { PairCounts, PairSettings } from './pairs.ts'

/** All settings of the graph: counting, normalising, reading. */
export interface GraphRecipe extends PairSettings, GraphSettings {
  /** λ, added to occurrences before normalising. */
  smoothing: number
  /** Exponents of the row's and the column's occurrences: ½ and ½ with `backward` 1 is the cosine. */
  rowExponent: number
  columnExponent: number
}

/**
 * Returns the graph with at most `most` edges a row:
 * `G[a,b] = C[a,b] · (o_a + λ)^−rowExponent · (o_b + λ)^−columnExponent`.
 */
export function buildGraph(pairs: PairCounts, recipe: GraphRecipe, most: number): Graph {
  const { offsets, others, counts, occurrences } = pairs
  const itemCount = offsets.length - 1
  const { smoothing, rowExponent, columnExponent, window, decay, selfWeight } = recipe
  const columnFactors = occurrences.map((count) => Math.max(1e-9, count + smoothing) ** -columnExponent)
  const rows = new Uint32Array(itemCount + 1)
  for (let a = 0; a < itemCount; a++) rows[a + 1] = rows[a]! + Math.min(most, offsets[a + 1]! - offsets[a]!)
  const neighbours = new Uint32Array(rows[itemCount]!)
  const weights = new Float32Array(rows[itemCount]!)
  let values = new Float32Array(1024)
  let scratch = new Float32Array(1024)
  for (let a = 0; a < itemCount; a++) {
    const first = offsets[a]!
    const length = offsets[a + 1]! - first
    if (length > values.length) {
      values = new Float32Array(2 * length)
      scratch = new Float32Array(2 * length)
    }
    const rowFactor = Math.max(1e-9, occurrences[a]! + smoothing) ** -rowExponent
    for (let i = 0; i < length; i++) {
      values[i] = counts[first + i]! * rowFactor * columnFactors[others[first + i]!]!
    }
    const kept = rows[a + 1]! - rows[a]!
    const threshold = kept < length ? largest(values, length, kept, scratch) : 0
    fillRow(others.subarray(first, first + length), values, threshold, kept, neighbours, weights, rows[a]!)
  }
  return { settings: { window, decay, selfWeight }, offsets: rows, neighbours, weights }
}

/** Writes the `kept` edges at or above `threshold`, sorted by item; among equals the lower item stays. */
function fillRow(
  others: Uint32Array,
  values: Float32Array,
  threshold: number,
  kept: number,
  neighbours: Uint32Array,
  weights: Float32Array,
  start: number,
): void {
  const above: number[] = []
  const equal: number[] = []
  for (let i = 0; i < others.length; i++) {
    const value = values[i]!
    if (value > threshold) above.push(i)
    else if (value === threshold) equal.push(i)
  }
  equal.sort((i, j) => others[i]! - others[j]!)
  const chosen = [...above, ...equal.slice(0, kept - above.length)].toSorted(
    (i, j) => others[i]! - others[j]!,
  )
  for (let rank = 0; rank < chosen.length; rank++) {
    neighbours[start + rank] = others[chosen[rank]!]!
    weights[start + rank] = values[chosen[rank]!]!
  }
}

/** Returns the `rank`-th largest of `values[0..length)` (quickselect in `scratch`). */
function largest(values: Float32Array, length: number, rank: number, scratch: Float32Array): number {
  for (let i = 0; i < length; i++) scratch[i] = values[i]!
  let low = 0
  let high = length - 1
  const wanted = rank - 1
  while (low < high) {
    const pivot = scratch[(low + high) >> 1]!
    let i = low
    let j = high
    while (i <= j) {
      while (scratch[i]! > pivot) i++
      while (scratch[j]! < pivot) j--
      if (i <= j) {
        const value = scratch[i]!
        scratch[i++] = scratch[j]!
        scratch[j--] = value
      }
    }
    if (wanted <= j) high = j
    else if (wanted >= i) low = i
    else break
  }
  return scratch[wanted]!
}
