/** Random bits for dropout (xorshift32, https://doi.org/10.18637/jss.v008.i14). */
let state: u32 = 1

/** Any seed serves; 0, on which the generator would stick, stands for 1. */
export function seedRandom(seed: u32): void {
  state = seed || 1
}

export function nextBits(): u32 {
  state ^= state << 13
  state ^= state >> 17
  state ^= state << 5
  return state
}
