/** Reads memory once with v128 loads and does next to nothing with it: the bound that no kernel can beat. */

/** @param bytes - a multiple of 256 */
export function read(from: usize, bytes: usize): i32 {
  let a = i32x4.splat(0)
  let b = i32x4.splat(0)
  let c = i32x4.splat(0)
  let d = i32x4.splat(0)
  const end = from + bytes
  for (let at = from; at < end; at += 256) {
    a = v128.xor(
      a,
      v128.xor(v128.xor(v128.load(at), v128.load(at, 64)), v128.xor(v128.load(at, 128), v128.load(at, 192))),
    )
    b = v128.xor(
      b,
      v128.xor(
        v128.xor(v128.load(at, 16), v128.load(at, 80)),
        v128.xor(v128.load(at, 144), v128.load(at, 208)),
      ),
    )
    c = v128.xor(
      c,
      v128.xor(
        v128.xor(v128.load(at, 32), v128.load(at, 96)),
        v128.xor(v128.load(at, 160), v128.load(at, 224)),
      ),
    )
    d = v128.xor(
      d,
      v128.xor(
        v128.xor(v128.load(at, 48), v128.load(at, 112)),
        v128.xor(v128.load(at, 176), v128.load(at, 240)),
      ),
    )
  }
  return i32x4.bitmask(v128.xor(v128.xor(a, b), v128.xor(c, d)))
}
