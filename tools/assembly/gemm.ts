/** Matrix product in float32: blocks of 4 rows by 8 columns stay in registers. */
import { bytesOf } from './simd'

/**
 * `c = a · b`: c `[m, n]` and b `[k, n]` row-major; a `[m, k]` with element (i, p) at `a[i · rowStride +
 * p · columnStride]`, so that a transposed matrix needs no copy. m is divisible by 4, n by 8.
 */
export function gemm(
  c: usize,
  a: usize,
  b: usize,
  m: i32,
  n: i32,
  k: i32,
  rowStride: i32,
  columnStride: i32,
): void {
  const rowOfA = bytesOf(rowStride)
  const stepOfA = bytesOf(columnStride)
  const row = bytesOf(n)
  for (let j = 0; j < n; j += 8) {
    for (let i = 0; i < m; i += 4) {
      let a0 = a + <usize>i * rowOfA
      let a1 = a0 + rowOfA
      let a2 = a1 + rowOfA
      let a3 = a2 + rowOfA
      let at = b + bytesOf(j)
      let c00 = f32x4.splat(0)
      let c01 = c00
      let c10 = c00
      let c11 = c00
      let c20 = c00
      let c21 = c00
      let c30 = c00
      let c31 = c00
      for (let p = 0; p < k; p++) {
        const b0 = v128.load(at)
        const b1 = v128.load(at, 16)
        let x = v128.load32_splat(a0)
        c00 = f32x4.add(c00, f32x4.mul(x, b0))
        c01 = f32x4.add(c01, f32x4.mul(x, b1))
        x = v128.load32_splat(a1)
        c10 = f32x4.add(c10, f32x4.mul(x, b0))
        c11 = f32x4.add(c11, f32x4.mul(x, b1))
        x = v128.load32_splat(a2)
        c20 = f32x4.add(c20, f32x4.mul(x, b0))
        c21 = f32x4.add(c21, f32x4.mul(x, b1))
        x = v128.load32_splat(a3)
        c30 = f32x4.add(c30, f32x4.mul(x, b0))
        c31 = f32x4.add(c31, f32x4.mul(x, b1))
        at += row
        a0 += stepOfA
        a1 += stepOfA
        a2 += stepOfA
        a3 += stepOfA
      }
      let out = c + <usize>i * row + bytesOf(j)
      v128.store(out, c00)
      v128.store(out, c01, 16)
      out += row
      v128.store(out, c10)
      v128.store(out, c11, 16)
      out += row
      v128.store(out, c20)
      v128.store(out, c21, 16)
      out += row
      v128.store(out, c30)
      v128.store(out, c31, 16)
    }
  }
}
