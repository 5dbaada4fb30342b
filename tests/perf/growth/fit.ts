/** How times grow with the number of items: a fitted line, and where one line goes below another. */

/** Items and milliseconds. */
export type Point = readonly [n: number, ms: number]

/** `ms = fixed + perItem · n`. */
export interface Growth {
  fixed: number
  perItem: number
  /** Largest relative distance of a point from the line. */
  error: number
}

/** Fits a line by least squares of the relative errors, so that small sizes count as much as large ones. */
export function fitGrowth(points: readonly Point[]): Growth {
  // Weighted by 1 / ms²; five sums are all that the two equations need.
  let [w, wn, wnn, wt, wnt] = [0, 0, 0, 0, 0]
  for (const [n, ms] of points) {
    const weight = 1 / ms ** 2
    w += weight
    wn += weight * n
    wnn += weight * n * n
    wt += weight * ms
    wnt += weight * n * ms
  }
  const perItem = (w * wnt - wn * wt) / (w * wnn - wn ** 2)
  const fixed = (wt - perItem * wn) / w
  const error = Math.max(...points.map(([n, ms]) => Math.abs(fixed + perItem * n - ms) / ms))
  return { fixed, perItem, error }
}

/** From which size on `b` stays below `a`, between two measured sizes on logarithmic axes; null where it never does. */
export function crossingOf(a: readonly Point[], b: readonly Point[]): number | null {
  const ratios = a.map(([n, ms], at): Point => [n, b[at]![1] / ms])
  const last = ratios.findLastIndex(([, ratio]) => ratio >= 1)
  if (last === ratios.length - 1) return null
  if (last === -1) return ratios[0]![0]
  const [[n0, r0], [n1, r1]] = [ratios[last]!, ratios[last + 1]!]
  const share = Math.log(r0) / (Math.log(r0) - Math.log(r1))
  return Math.round(n0 * (n1 / n0) ** share)
}
