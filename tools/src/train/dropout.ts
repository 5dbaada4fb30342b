/** Dropout masks from the random bits that `assembly/random.ts` and `assembly/encoder.ts` draw. */

/**
 * Returns a function that fills a mask with 0 or 1 / (1 − dropout), going on where it last stopped (xorshift32,
 * https://doi.org/10.18637/jss.v008.i14).
 */
export function createDropout(seed: number, dropout: number): (mask: Float32Array) => void {
  // 0, on which the generator would stick, stands for 1.
  let state = seed >>> 0 || 1
  // In float32, as the numerics are told it.
  const share = Math.fround(dropout)
  const threshold = Math.floor(share * 4_294_967_295)
  const kept = Math.fround(1 / (1 - share))
  return (mask) => {
    if (share <= 0) {
      mask.fill(1)
      return
    }
    for (let i = 0; i < mask.length; i++) {
      state ^= state << 13
      state ^= state >>> 17
      state ^= state << 5
      mask[i] = state >>> 0 < threshold ? 0 : kept
    }
  }
}
