/** Keeps the k best rows of those offered: a binary heap with the worst kept row at its root. */
import type { TopKResult } from './top-k.ts'

/** Rows must be offered in rising order of index; of equal scores the earlier row then stays. */
export class BestRows {
  /** A row has to score more than this to be kept. */
  threshold: number = -Infinity
  readonly #scores: Float32Array
  readonly #indices: Uint32Array
  #size = 0

  constructor(k: number) {
    this.#scores = new Float32Array(k)
    this.#indices = new Uint32Array(k)
  }

  /** Takes a row in. Call only when `score > threshold`. */
  add(score: number, index: number): void {
    const capacity = this.#scores.length
    if (this.#size < capacity) {
      this.#rise(this.#size++, score, index)
      if (this.#size < capacity) return
    } else {
      this.#sink(this.#size, score, index)
    }
    this.threshold = this.#scores[0]!
  }

  /** Best first. Ends the use of this object. */
  sorted(): TopKResult {
    const scores = this.#scores
    const indices = this.#indices
    const size = this.#size
    for (let last = size - 1; last > 0; last--) {
      const worstScore = scores[0]!
      const worstIndex = indices[0]!
      this.#sink(last, scores[last]!, indices[last]!)
      scores[last] = worstScore
      indices[last] = worstIndex
    }
    return { indices: indices.slice(0, size), scores: scores.slice(0, size) }
  }

  #rise(from: number, score: number, index: number): void {
    let at = from
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (!this.#isWorse(score, index, parent)) break
      this.#move(parent, at)
      at = parent
    }
    this.#scores[at] = score
    this.#indices[at] = index
  }

  /** Puts a row in place of the root of the first `size` rows. */
  #sink(size: number, score: number, index: number): void {
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      if (child >= size) break
      if (child + 1 < size && this.#isWorse(this.#scores[child + 1]!, this.#indices[child + 1]!, child))
        child++
      if (this.#isWorse(score, index, child)) break
      this.#move(child, at)
      at = child
    }
    this.#scores[at] = score
    this.#indices[at] = index
  }

  #isWorse(score: number, index: number, than: number): boolean {
    const other = this.#scores[than]!
    return score < other || (score === other && index > this.#indices[than]!)
  }

  #move(from: number, to: number): void {
    this.#scores[to] = this.#scores[from]!
    this.#indices[to] = this.#indices[from]!
  }
}
