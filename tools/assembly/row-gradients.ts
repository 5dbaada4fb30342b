/** Gradients of the embedding rows that one batch touches, and their step along the unit sphere. */
import { adam } from './adam'
import { addScaled, bytesOf, dot, normalize } from './simd'

/** `[N]` place of an item's gradient, −1 for none; `[places]` items; `[places, d]` gradients. */
let places: usize = 0
let touched: usize = 0
let gradients: usize = 0
let dimension: i32 = 0
let count: i32 = 0

/** Uses the given tables; `places` is filled with −1. */
export function useRowGradients(
  itemPlaces: usize,
  touchedItems: usize,
  gradientRows: usize,
  items: i32,
  width: i32,
): void {
  places = itemPlaces
  touched = touchedItems
  gradients = gradientRows
  dimension = width
  count = 0
  memory.fill(places, 0xff, bytesOf(items))
}

/** Returns the gradient row of `item`, zero when the batch first touches it. */
export function gradientOf(item: i32): usize {
  const at = places + bytesOf(item)
  let place = load<i32>(at)
  if (place < 0) {
    place = count++
    store<i32>(at, place)
    store<i32>(touched + bytesOf(place), item)
    memory.fill(gradients + bytesOf(place * dimension), 0, bytesOf(dimension))
  }
  return gradients + bytesOf(place * dimension)
}

/**
 * Steps the touched rows of `embeddings` (moments in `first` and `second`, all `[N, d]`) by Adam with the part
 * of the gradient that is tangent to the sphere, puts them back on it, and forgets the gradients.
 */
export function stepRows(embeddings: usize, first: usize, second: usize, rate: f32): void {
  for (let place = 0; place < count; place++) {
    const item = load<i32>(touched + bytesOf(place))
    const offset = bytesOf(item * dimension)
    const gradient = gradients + bytesOf(place * dimension)
    const row = embeddings + offset
    addScaled(gradient, row, -dot(gradient, row, dimension), dimension)
    adam(row, first + offset, second + offset, gradient, dimension, rate)
    normalize(row, dimension)
  }
  forgetRows()
}

/** Forgets the gradients of the batch. */
export function forgetRows(): void {
  for (let place = 0; place < count; place++) {
    store<i32>(places + bytesOf(load<i32>(touched + bytesOf(place))), -1)
  }
  count = 0
}
