/** Choosing the best k of some scores. */

/**
 * Writes the places of the `k` largest of `scores[0..count)` into `order`, best first, equal scores by rising
 * `items`. Returns how many there are. Insertion: made for lists much shorter than a catalogue.
 */
export function chooseBest(
  scores: Float32Array,
  count: number,
  items: Uint32Array,
  k: number,
  order: Uint32Array,
): number {
  let found = 0
  for (let place = 0; place < count; place++) {
    const score = scores[place]!
    let at = found
    while (at > 0 && comesBefore(score, items[place]!, scores[order[at - 1]!]!, items[order[at - 1]!]!)) at--
    if (at === k) continue
    if (found < k) found++
    order.copyWithin(at + 1, at, found - 1)
    order[at] = place
  }
  return found
}

function comesBefore(score: number, item: number, otherScore: number, otherItem: number): boolean {
  return score > otherScore || (score === otherScore && item < otherItem)
}

/**
 * Returns the `k`-th largest of `values`, 1 to their number, and brings the larger ones before it: Hoare's selection, as
 * all in order would be several times the work.
 */
export function kthLargest(values: Float32Array, k: number): number {
  let first = 0
  let last = values.length - 1
  while (first < last) {
    const pivot = values[k - 1]!
    let left = first
    let right = last
    do {
      while (values[left]! > pivot) left++
      while (values[right]! < pivot) right--
      if (left <= right) {
        const larger = values[right]!
        values[right--] = values[left]!
        values[left++] = larger
      }
    } while (left <= right)
    // Between the two stand only values like the pivot.
    if (right < k - 1) first = left
    if (left > k - 1) last = right
  }
  return values[k - 1]!
}
