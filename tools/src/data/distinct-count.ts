/** Counts distinct ids: exactly up to a million, then to within about 0.1% in 16 MB. */

const EXACT_LIMIT = 1_000_000
/** Bits of the map; linear counting stays accurate to some hundred million ids. */
const BITS = 2 ** 27

/** Counts the distinct strings it is shown. */
export class DistinctCount {
  #exact: Set<string> | undefined = new Set()
  #bits: Uint8Array | undefined
  #ones = 0
  readonly #exactLimit: number

  constructor({ exactLimit = EXACT_LIMIT }: { exactLimit?: number } = {}) {
    this.#exactLimit = exactLimit
  }

  add(id: string): void {
    if (!this.#exact) return this.#mark(id)
    this.#exact.add(id)
    if (this.#exact.size <= this.#exactLimit) return
    this.#bits = new Uint8Array(BITS / 8)
    for (const seen of this.#exact) this.#mark(seen)
    this.#exact = undefined
  }

  /** Linear counting beyond the limit (Whang et al. 1990, doi 10.1145/78922.78925). */
  get count(): number {
    return this.#exact ? this.#exact.size : Math.round(-BITS * Math.log(1 - this.#ones / BITS))
  }

  #mark(id: string): void {
    const bits = this.#bits
    if (!bits) return
    const place = hash(id) % BITS
    const byte = place >>> 3
    const mask = 1 << (place & 7)
    const before = bits[byte]!
    if ((before & mask) !== 0) return
    bits[byte] = before | mask
    this.#ones += 1
  }
}

/** FNV-1a over UTF-16 units, then MurmurHash3's finaliser: without it ids that count up would not spread. */
function hash(id: string): number {
  let h = 0x811c9dc5
  for (let i = 0; i < id.length; i++) h = Math.imul(h ^ id.charCodeAt(i), 0x01000193)
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}
