/** Order statistics of measured times. */

/** The value below which a share `q` of `values` lies (nearest rank). NaN where there is none. */
export function quantile(values: readonly number[], q: number): number {
  const rising = values.toSorted((a, b) => a - b)
  return rising[Math.min(rising.length - 1, Math.floor(q * rising.length))] ?? NaN
}
