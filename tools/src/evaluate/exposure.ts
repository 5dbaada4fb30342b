/** Who is shown: how widely a ranker's lists spread over the catalogue, and how far they lean to what is popular. */

/** Figures of one ranker's lists, over all cases. */
export interface Exposure {
  /** Share of the catalogue that occurs in any list. */
  coverage: number
  /** Gini coefficient of exposures over the whole catalogue: 0 all items equally often, 1 one item alone. */
  gini: number
  /**
   * Mean training events of the listed items over those of the items that shoppers went on to (popularity
   * lift, Abdollahpouri et al. 2019): above 1 the lists lean further to what is popular than shoppers do.
   * Missing where the training events are not known.
   */
  popularity_lift?: number
}

/** What {@link exposureOf} works with. */
export interface ExposureInput {
  /** How often each item was listed. */
  exposures: ReadonlyMap<string, number>
  /** Items in the catalogue. */
  items: number
  /** The item that came next, of each case. */
  targets: readonly string[]
  /** Training events by item id. */
  counts?: ReadonlyMap<string, number>
}

/** Returns the figures. */
export function exposureOf({ exposures, items, targets, counts }: ExposureInput): Exposure {
  return {
    coverage: exposures.size / items,
    gini: giniOf(Float64Array.from(exposures.values()), items),
    ...(counts && { popularity_lift: meanCount(exposures, counts) / meanCount(tally(targets), counts) }),
  }
}

/** Gini coefficient of `values` and as many zeros as make `count` in all; 0 where all are zero. */
export function giniOf(values: Float64Array, count: number): number {
  const rising = values.toSorted()
  const zeros = count - rising.length
  let sum = 0
  let ranked = 0
  for (const [place, value] of rising.entries()) {
    sum += value
    ranked += (zeros + place + 1) * value
  }
  return sum === 0 ? 0 : (2 * ranked) / (count * sum) - (count + 1) / count
}

/** Mean of `counts` over items, each as often as it occurs; items without a count have 0. */
function meanCount(occurrences: ReadonlyMap<string, number>, counts: ReadonlyMap<string, number>): number {
  let sum = 0
  let all = 0
  for (const [id, times] of occurrences) {
    sum += times * (counts.get(id) ?? 0)
    all += times
  }
  return sum / Math.max(1, all)
}

function tally(ids: readonly string[]): Map<string, number> {
  const times = new Map<string, number>()
  for (const id of ids) times.set(id, (times.get(id) ?? 0) + 1)
  return times
}
