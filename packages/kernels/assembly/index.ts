/**
 * The WASM kernel: one pass over an int8 table that scores, filters and keeps the k best rows.
 *
 * Compiled twice, with `search.ts`: with relaxed SIMD and without. `src/wasm/memory.ts` lays the memory out and
 * is the only caller.
 *
 * Rows lie in blocks of 16. A block holds, for each quad of dimensions t, one 64-byte line: 4 bytes of row 0,
 * 4 bytes of row 1, … 4 bytes of row 15. One dot instruction then advances four rows at once and leaves their
 * four sums in the four lanes: nothing is ever added up across lanes, the table is read front to back in
 * whole cache lines, and every d runs at full speed.
 *
 *     line t:  r0[4t..4t+3] r1[4t..4t+3] r2[…] r3[…] │ r4 … r7 │ r8 … r11 │ r12 … r15
 *              └────────── one v128 ───────────────┘
 *
 * The pass computes an upper bound of each score, compares sixteen of them with the k-th best score so far and,
 * rarely, looks at a row more closely (`inspect`). What is looked at is scored exactly, so that the bound
 * decides only how much work is done, never what comes out:
 *
 * - Without relaxed SIMD the bound of an int8 search is the score itself.
 * - With it, the dot instruction takes 7 bits, so the query goes in as u = floor(q / 2) + 64, and
 *   `dot(e, q) = 2 * (dot(e, u) - 64 * sum(e)) + dot(e, lowest bits of q)`. A row's constant takes back the 64
 *   and adds the most that the lowest bits can give.
 * - The same constant covers the rounding of the float query, so a rescored search is exact too.
 */

import { Search, keyOf, push, replaceRoot } from './search'

export { multiplyRows } from './dense'
export { finish, restart } from './search'

/** Rows in a block. */
const BLOCK: i32 = 16
/** Bytes of a line: four bytes of each row of a block. */
const LINE: usize = 64

// The table, set once. Addresses are bytes in this module's memory.
let values: usize = 0
let scales: usize = 0
let bounds: usize = 0
let count: i32 = 0
let dimension: i32 = 0

/** Places the table. `scratch` needs 16 * d bytes, for this call only. The values come in row-major. */
export function setTable(
  valuesAt: usize,
  scalesAt: usize,
  boundsAt: usize,
  scratch: usize,
  rows: i32,
  d: i32,
): void {
  values = valuesAt
  scales = scalesAt
  bounds = boundsAt
  count = rows
  dimension = d
  const blockBytes = <usize>(BLOCK * d)
  let block = values
  for (let row = 0; row < rows; row += BLOCK) {
    memory.copy(scratch, block, blockBytes)
    for (let r = 0; r < BLOCK; r++) {
      const source = scratch + <usize>(r * d)
      const target = block + <usize>(r * 4)
      store<i32>(bounds + ((<usize>(row + r)) << 2), boundOf(source))
      for (let t = 0; t < d >> 2; t++) {
        store<u32>(target + <usize>t * LINE, load<u32>(source + ((<usize>t) << 2)))
      }
    }
    block += blockBytes
  }
}

/** The constant that makes a row's running sum an upper bound (see the head of this file). */
function boundOf(row: usize): i32 {
  let sums = i32x4.splat(0)
  let magnitudes = i32x4.splat(0)
  for (let j = 0; j < dimension; j += 16) {
    const e = v128.load(row + <usize>j)
    sums = i32x4.add(sums, i32x4.extadd_pairwise_i16x8_s(i16x8.extadd_pairwise_i8x16_s(e)))
    magnitudes = i32x4.add(
      magnitudes,
      i32x4.extadd_pairwise_i16x8_u(i16x8.extadd_pairwise_i8x16_u(i8x16.abs(e))),
    )
  }
  const sum = addLanes(sums)
  const magnitude = addLanes(magnitudes)
  // An element of the query differs from its int8 value by half a unit and a rounding error of float32,
  // which the last term covers many times over.
  const rounding = 1 + (magnitude >> 10)
  if (ASC_FEATURE_RELAXED_SIMD) {
    // Lowest bit and rounding together lie in [-1/2, 3/2]; with P and M the sums of the positive and of the
    // negative magnitudes, half of 3/2 P + 1/2 M is (2 * magnitude + sum) / 4.
    return ((2 * magnitude + sum + 3) >> 2) + rounding - 64 * sum
  }
  return ((magnitude + 1) >> 1) + rounding
}

function addLanes(v: v128): i32 {
  return (
    i32x4.extract_lane(v, 0) + i32x4.extract_lane(v, 1) + i32x4.extract_lane(v, 2) + i32x4.extract_lane(v, 3)
  )
}

/** Scans rows `from` (a multiple of 16) to `to` (exclusive). A search may be scanned in slices, in order. */
export function scan(searchAt: usize, from: i32, to: i32): void {
  const search = changetype<Search>(searchAt)
  const queryScale = f32x4.splat(search.queryScale)
  const biasWeight = f32x4.splat(search.biasWeight)
  const biasStep = search.biasStep
  let threshold = f32x4.splat(search.threshold)
  let bias = search.bias + <usize>from * biasStep
  let scale = scales + ((<usize>from) << 2)
  let bound = bounds + ((<usize>from) << 2)
  let line = values + <usize>from * <usize>dimension

  for (let row = from; row < to; row += BLOCK) {
    let a0: v128, a1: v128, a2: v128, a3: v128
    if (ASC_FEATURE_RELAXED_SIMD) {
      a0 = v128.load(bound)
      a1 = v128.load(bound, 16)
      a2 = v128.load(bound, 32)
      a3 = v128.load(bound, 48)
      let query = search.halfQuery
      const end = query + <usize>dimension
      while (query < end) {
        // Twice: d is a multiple of 16, and half the loop's counting is saved.
        const q = v128.load32_splat(query)
        a0 = i32x4.relaxed_dot_i8x16_i7x16_add_s(v128.load(line), q, a0)
        a1 = i32x4.relaxed_dot_i8x16_i7x16_add_s(v128.load(line, 16), q, a1)
        a2 = i32x4.relaxed_dot_i8x16_i7x16_add_s(v128.load(line, 32), q, a2)
        a3 = i32x4.relaxed_dot_i8x16_i7x16_add_s(v128.load(line, 48), q, a3)
        const p = v128.load32_splat(query, 4)
        a0 = i32x4.relaxed_dot_i8x16_i7x16_add_s(v128.load(line, 64), p, a0)
        a1 = i32x4.relaxed_dot_i8x16_i7x16_add_s(v128.load(line, 80), p, a1)
        a2 = i32x4.relaxed_dot_i8x16_i7x16_add_s(v128.load(line, 96), p, a2)
        a3 = i32x4.relaxed_dot_i8x16_i7x16_add_s(v128.load(line, 112), p, a3)
        line += 2 * LINE
        query += 8
      }
      a0 = i32x4.shl(a0, 1)
      a1 = i32x4.shl(a1, 1)
      a2 = i32x4.shl(a2, 1)
      a3 = i32x4.shl(a3, 1)
    } else {
      // Each pair of sums holds two rows, two lanes a row.
      let b0 = i32x4.splat(0)
      let b1 = i32x4.splat(0)
      let b2 = i32x4.splat(0)
      let b3 = i32x4.splat(0)
      let b4 = i32x4.splat(0)
      let b5 = i32x4.splat(0)
      let b6 = i32x4.splat(0)
      let b7 = i32x4.splat(0)
      let query = search.query
      const end = query + ((<usize>dimension) << 1)
      while (query < end) {
        const q = v128.load64_splat(query)
        b0 = i32x4.add(b0, i32x4.dot_i16x8_s(v128.load_ext<i8>(line), q))
        b1 = i32x4.add(b1, i32x4.dot_i16x8_s(v128.load_ext<i8>(line, 8), q))
        b2 = i32x4.add(b2, i32x4.dot_i16x8_s(v128.load_ext<i8>(line, 16), q))
        b3 = i32x4.add(b3, i32x4.dot_i16x8_s(v128.load_ext<i8>(line, 24), q))
        b4 = i32x4.add(b4, i32x4.dot_i16x8_s(v128.load_ext<i8>(line, 32), q))
        b5 = i32x4.add(b5, i32x4.dot_i16x8_s(v128.load_ext<i8>(line, 40), q))
        b6 = i32x4.add(b6, i32x4.dot_i16x8_s(v128.load_ext<i8>(line, 48), q))
        b7 = i32x4.add(b7, i32x4.dot_i16x8_s(v128.load_ext<i8>(line, 56), q))
        line += LINE
        query += 8
      }
      a0 = Lanes.addPairs(b0, b1)
      a1 = Lanes.addPairs(b2, b3)
      a2 = Lanes.addPairs(b4, b5)
      a3 = Lanes.addPairs(b6, b7)
      if (search.rescore) {
        a0 = i32x4.add(a0, v128.load(bound))
        a1 = i32x4.add(a1, v128.load(bound, 16))
        a2 = i32x4.add(a2, v128.load(bound, 32))
        a3 = i32x4.add(a3, v128.load(bound, 48))
      }
    }
    const c0 = f32x4.gt(
      Lanes.scoresOf(a0, queryScale, v128.load(scale), biasWeight, v128.load(bias)),
      threshold,
    )
    const c1 = f32x4.gt(
      Lanes.scoresOf(a1, queryScale, v128.load(scale, 16), biasWeight, v128.load(bias + 4 * biasStep)),
      threshold,
    )
    const c2 = f32x4.gt(
      Lanes.scoresOf(a2, queryScale, v128.load(scale, 32), biasWeight, v128.load(bias + 8 * biasStep)),
      threshold,
    )
    const c3 = f32x4.gt(
      Lanes.scoresOf(a3, queryScale, v128.load(scale, 48), biasWeight, v128.load(bias + 12 * biasStep)),
      threshold,
    )
    if (v128.any_true(v128.or(v128.or(c0, c1), v128.or(c2, c3)))) {
      const passed = i8x16.narrow_i16x8_s(i16x8.narrow_i32x4_s(c0, c1), i16x8.narrow_i32x4_s(c2, c3))
      const allowed = i8x16.eq(v128.load(search.mask + <usize>row * search.maskStep), i8x16.splat(0))
      inspect(search, row, i8x16.bitmask(v128.and(passed, allowed)))
      threshold = f32x4.splat(search.threshold)
    }
    scale += LINE
    bound += LINE
    bias += <usize>BLOCK * biasStep
  }
}

/** What the pass over all rows calls, written into it: the decorator is known on methods alone. */
class Lanes {
  /** Two rows a vector, two lanes a row, in; four rows, one lane each, out. */
  @inline
  static addPairs(low: v128, high: v128): v128 {
    return i32x4.add(v128.shuffle<i32>(low, high, 0, 2, 4, 6), v128.shuffle<i32>(low, high, 1, 3, 5, 7))
  }

  /** Float32, in the order that `src/top-k.ts` fixes. */
  @inline
  static scoresOf(dots: v128, queryScale: v128, scale: v128, biasWeight: v128, bias: v128): v128 {
    return f32x4.add(
      f32x4.mul(f32x4.mul(queryScale, scale), f32x4.convert_i32x4_s(dots)),
      f32x4.mul(biasWeight, bias),
    )
  }
}

/** Scores the rows of one block whose bits are set and keeps those that belong to the k best. */
function inspect(search: Search, block: i32, bits: i32): void {
  while (bits) {
    const row = block + ctz(bits)
    bits &= bits - 1
    if (row >= count) return
    const score = exactScore(search, row)
    if (search.size < search.k) push(search, keyOf(score, row))
    else if (score > search.threshold) replaceRoot(search, keyOf(score, row))
  }
}

function exactScore(search: Search, row: i32): f32 {
  const dot = search.rescore ? floatDot(search, row) : <f32>intDot(search, row)
  const scale = load<f32>(scales + ((<usize>row) << 2))
  const bias = load<f32>(search.bias + <usize>row * search.biasStep)
  // Adding zero turns -0 into 0, which must not sort below it.
  return search.queryScale * scale * dot + search.biasWeight * bias + 0
}

function firstQuad(row: i32): usize {
  return values + <usize>(row & ~15) * <usize>dimension + ((<usize>(row & 15)) << 2)
}

function intDot(search: Search, row: i32): i32 {
  let quad = firstQuad(row)
  let query = search.query
  const end = query + ((<usize>dimension) << 1)
  let sums = i32x4.splat(0)
  while (query < end) {
    const e = i16x8.extend_low_i8x16_s(v128.load32_zero(quad))
    sums = i32x4.add(sums, i32x4.dot_i16x8_s(e, v128.load64_zero(query)))
    quad += LINE
    query += 8
  }
  return addLanes(sums)
}

/** Four partial sums in float64, by j mod 4, added as (0 + 1) + (2 + 3), then rounded to float32. */
function floatDot(search: Search, row: i32): f32 {
  let quad = firstQuad(row)
  let query = search.floatQuery
  const end = query + ((<usize>dimension) << 3)
  let sums01 = f64x2.splat(0)
  let sums23 = f64x2.splat(0)
  while (query < end) {
    const e = i32x4.extend_low_i16x8_s(i16x8.extend_low_i8x16_s(v128.load32_zero(quad)))
    const e23 = v128.shuffle<i64>(e, e, 1, 1)
    sums01 = f64x2.add(sums01, f64x2.mul(f64x2.convert_low_i32x4_s(e), v128.load(query)))
    sums23 = f64x2.add(sums23, f64x2.mul(f64x2.convert_low_i32x4_s(e23), v128.load(query, 16)))
    quad += LINE
    query += 32
  }
  return <f32>(
    (f64x2.extract_lane(sums01, 0) +
      f64x2.extract_lane(sums01, 1) +
      (f64x2.extract_lane(sums23, 0) + f64x2.extract_lane(sums23, 1)))
  )
}
