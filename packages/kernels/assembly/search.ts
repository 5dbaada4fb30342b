/** A search in progress, and the heap of the rows that it keeps: the k best so far. */

/** A search in progress; its fields are written by `src/wasm/memory.ts`. */
@unmanaged
export class Search {
  /** Factor of the dot product. */
  queryScale: f32
  biasWeight: f32
  /** Rows wanted, at most `count`. */
  k: i32
  /** Rows in the heap. */
  size: i32
  /** Score that a row has to exceed: the k-th best so far. */
  threshold: f32
  /** 1: score the float query, 0: the int8 query. */
  rescore: i32
  /** u64[k]: a binary heap, the worst kept row at the root. */
  heap: usize
  /** u8[count rounded up to a block], or sixteen zeros read again and again when `maskStep` is 0. */
  mask: usize
  /** Bytes from a row's mask to the next row's: 1 or 0. */
  maskStep: usize
  /** f32[count rounded up to a block], or sixteen bytes of zeros read again and again when `biasStep` is 0. */
  bias: usize
  /** Bytes from a row's bias to the next row's: 4 or 0. */
  biasStep: usize
  /** i16[d]. */
  query: usize
  /** u8[d], 0..127. Read with relaxed SIMD only. */
  halfQuery: usize
  /** f64[d], the float query divided by `queryScale`. Read by rescored searches only. */
  floatQuery: usize
}

/** Orders rows by score, then by falling index, as one signed 64-bit number: the greater the better. */
export function keyOf(score: f32, row: i32): i64 {
  const bits = reinterpret<i32>(score)
  const ordered = bits ^ ((bits >> 31) & 0x7fffffff)
  return ((<i64>ordered) << 32) | (<i64>(<u32>~row))
}

function scoreOf(key: i64): f32 {
  return floatOf(<i32>(key >> 32))
}

function floatOf(ordered: i32): f32 {
  return reinterpret<f32>(ordered ^ ((ordered >> 31) & 0x7fffffff))
}

export function push(search: Search, key: i64): void {
  const heap = search.heap
  let at = search.size++
  while (at > 0) {
    const parent = (at - 1) >> 1
    const above = load<i64>(heap + ((<usize>parent) << 3))
    if (above <= key) break
    store<i64>(heap + ((<usize>at) << 3), above)
    at = parent
  }
  store<i64>(heap + ((<usize>at) << 3), key)
  if (search.size == search.k) search.threshold = scoreOf(load<i64>(heap))
}

export function replaceRoot(search: Search, key: i64): void {
  sink(search.heap, search.size, key)
  search.threshold = scoreOf(load<i64>(search.heap))
}

/** Puts a key at the root of a heap of `size` keys, where the old root is no longer needed. */
function sink(heap: usize, size: i32, key: i64): void {
  let at = 0
  while (true) {
    let child = 2 * at + 1
    if (child >= size) break
    let below = load<i64>(heap + ((<usize>child) << 3))
    if (child + 1 < size) {
      const right = load<i64>(heap + ((<usize>child) << 3), 8)
      if (right < below) {
        below = right
        child++
      }
    }
    if (below >= key) break
    store<i64>(heap + ((<usize>at) << 3), below)
    at = child
  }
  store<i64>(heap + ((<usize>at) << 3), key)
}

/**
 * Drops the kept rows and starts over, keeping what a scan of some of the rows has taught: when that found k
 * rows, no row below the worst of them can be among the k best of all.
 */
export function restart(searchAt: usize): void {
  const search = changetype<Search>(searchAt)
  if (search.size == search.k) {
    const ordered = <i32>(load<i64>(search.heap) >> 32)
    // The next float32 below; below 0 that is not -0, which compares equal to it.
    search.threshold = floatOf(ordered - (ordered == 0 ? 2 : 1))
  }
  search.size = 0
}

/** Sorts the kept rows, best first, and turns each key into (u32 index, f32 score). Ends the search. */
export function finish(searchAt: usize): void {
  const search = changetype<Search>(searchAt)
  const heap = search.heap
  for (let last = search.size - 1; last > 0; last--) {
    const worst = load<i64>(heap)
    sink(heap, last, load<i64>(heap + ((<usize>last) << 3)))
    store<i64>(heap + ((<usize>last) << 3), worst)
  }
  for (let at = 0; at < search.size; at++) {
    const slot = heap + ((<usize>at) << 3)
    const key = load<i64>(slot)
    store<u32>(slot, ~(<u32>key))
    store<f32>(slot, scoreOf(key), 4)
  }
}
