/** Dense layers: rows of inputs times a matrix, for the ranker, whose candidates are scored together. */

/**
 * `out[r, o] = offsets[o] + Σ weights[o, i] · rows[r, i]`, rounded to float32, over the first `inputs` of a row.
 *
 * Every number is a float64 in memory, and every sum goes by rising i: the bits are those of plain JavaScript. Two rows
 * by two outputs are carried together. `rows` and `out` hold an even number of rows, and what is computed for one
 * beyond `count`, out of whatever lies there, nobody reads.
 *
 * @param weights - row-major, `width` numbers a row
 * @param outputs - an even number
 * @param floor - what is below it becomes it: 0 for ReLU, minus infinity for none
 */
export function multiplyRows(
  weights: usize,
  width: usize,
  offsets: usize,
  outputs: i32,
  rows: usize,
  stride: usize,
  count: i32,
  inputs: usize,
  out: usize,
  floor: f64,
): void {
  const step = width << 3
  const jump = stride << 3
  const outJump = (<usize>outputs) << 3
  for (let r = 0; r < count; r += 2) {
    let first = weights
    let offset = offsets
    const outEnd = out + outJump
    while (out < outEnd) {
      let a = v128.load(offset)
      let b = a
      let weight = first
      let row = rows
      const end = row + (inputs << 3)
      while (row < end) {
        const pair = v128.load_lane<u64>(weight + step, v128.load64_zero(weight), 1)
        a = f64x2.add(a, f64x2.mul(pair, v128.load64_splat(row)))
        b = f64x2.add(b, f64x2.mul(pair, v128.load64_splat(row + jump)))
        weight += 8
        row += 8
      }
      put(out, a, floor)
      put(out + outJump, b, floor)
      first += 2 * step
      offset += 16
      out += 16
    }
    rows += 2 * jump
    out += outJump
  }
}

function put(at: usize, sums: v128, floor: f64): void {
  v128.store(at, f64x2.pmax(f64x2.promote_low_f32x4(f32x4.demote_f64x2_zero(sums)), f64x2.splat(floor)))
}
