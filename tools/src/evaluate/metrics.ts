/** Metrics of ranked lists, from the rank of the one relevant item of each case. */

/** Means over cases, each 0 to 1. */
export interface Rates {
  /** Share of cases whose item is among the best k. With one relevant item it is also recall@k. */
  hit_rate: number
  /** Mean of 1/rank, 0 beyond k. */
  mrr: number
  /** Mean of 1/log2(rank + 1), 0 beyond k. */
  ndcg: number
}

/** Reciprocal rank of one case; rank 0 means not listed. */
export function reciprocalRank(rank: number): number {
  return rank > 0 ? 1 / rank : 0
}

/** Rates over the cases for which `includes` is true; zeros where there are none. */
export function ratesOf(
  ranks: Uint16Array,
  includes: (i: number) => boolean = () => true,
): Rates & { cases: number } {
  let cases = 0
  let hits = 0
  let reciprocal = 0
  let gain = 0
  for (let i = 0; i < ranks.length; i++) {
    if (!includes(i)) continue
    cases += 1
    const rank = ranks[i]!
    if (rank === 0) continue
    hits += 1
    reciprocal += 1 / rank
    gain += 1 / Math.log2(rank + 1)
  }
  const of = Math.max(1, cases)
  return { cases, hit_rate: hits / of, mrr: reciprocal / of, ndcg: gain / of }
}

/** The value below which the share `q` of `values` lies; `NaN` of none. */
export function quantile(values: Float64Array, q: number): number {
  const sorted = values.toSorted()
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN
}

const PREFIX_CLASSES: readonly (readonly [name: string, from: number, to: number])[] = [
  ['1', 1, 1],
  ['2', 2, 2],
  ['3-4', 3, 4],
  ['5-9', 5, 9],
  ['10+', 10, Number.POSITIVE_INFINITY],
]

/** Rates by the number of items seen before. */
export function ratesByPrefix(
  ranks: Uint16Array,
  prefixLengths: Uint32Array,
): Record<string, Rates & { cases: number }> {
  return Object.fromEntries(
    PREFIX_CLASSES.map(([name, from, to]) => [
      name,
      ratesOf(ranks, (i) => {
        const length = prefixLengths[i]!
        return length >= from && length <= to
      }),
    ]),
  )
}

/**
 * The most frequent tenth of the trained items, the next four tenths, the other half; items of the catalogue that
 * training saw no event of, new or hidden from it; and items that the catalogue does not have, which no list can hold.
 */
export type PopularityClass = 'head' | 'middle' | 'tail' | 'new' | 'absent'

/** Rates by how popular the target is among the training events; `counts` by item id. */
export function ratesByPopularity(
  ranks: Uint16Array,
  targets: readonly string[],
  counts: ReadonlyMap<string, number>,
  isInCatalogue: (id: string) => boolean,
): Record<PopularityClass, Rates & { cases: number }> {
  const order = [...counts].toSorted((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
  const classes = new Map<string, PopularityClass>()
  for (const [place, [id]] of order.entries()) {
    const share = (place + 1) / order.length
    classes.set(id, share <= 0.1 ? 'head' : share <= 0.5 ? 'middle' : 'tail')
  }
  const of = (wanted: PopularityClass): Rates & { cases: number } =>
    ratesOf(ranks, (i) => {
      const id = targets[i]!
      return (classes.get(id) ?? (isInCatalogue(id) ? 'new' : 'absent')) === wanted
    })
  return {
    head: of('head'),
    middle: of('middle'),
    tail: of('tail'),
    new: of('new'),
    absent: of('absent'),
  }
}
