/** The largest of many values without sorting them all. */

/** Returns the value that the `most` largest of `values[0..count)` are at or above; reorders them. */
export function thresholdOf(values: Float64Array, count: number, most: number): number {
  let from = 0
  let to = count - 1
  // Where falling order would have the last of the `most` largest.
  const wanted = most - 1
  while (from < to) {
    const pivot = values[(from + to) >> 1]!
    let low = from
    let high = to
    while (low <= high) {
      while (values[low]! > pivot) low++
      while (values[high]! < pivot) high--
      if (low > high) break
      const kept = values[low]!
      values[low++] = values[high]!
      values[high--] = kept
    }
    if (wanted <= high) to = high
    else if (wanted >= low) from = low
    else break
  }
  return values[wanted]!
}
