/** Collects the steps of a delta with their bytes, and writes them as one. */
import { type DeltaStep, writeDelta } from '@vitrine/contracts'

/** Builds the delta from `from` to `to`, front to back. */
export class StepWriter {
  readonly #from: Uint8Array
  readonly #to: Uint8Array
  readonly #steps: DeltaStep[] = []
  readonly #differences: Uint8Array[] = []
  readonly #insertions: Uint8Array[] = []
  /** Where the next byte of `to` comes from. */
  #at = 0
  #old = 0

  constructor(from: Uint8Array, to: Uint8Array) {
    this.#from = from
    this.#to = to
  }

  /** The next `length` bytes are the old ones from `old` on, with differences. */
  keep(old: number, length: number): void {
    const last = this.#steps.at(-1)
    if (last?.insert === 0 && last.skip === 0 && old === this.#old) last.add += length
    else {
      if (last) last.skip += old - this.#old
      else if (old !== 0) this.#steps.push({ add: 0, insert: 0, skip: old })
      this.#steps.push({ add: length, insert: 0, skip: 0 })
    }
    const difference = new Uint8Array(length)
    for (let i = 0; i < length; i++) difference[i] = this.#to[this.#at + i]! - this.#from[old + i]!
    this.#differences.push(difference)
    this.#at += length
    this.#old = old + length
  }

  /** The next `length` bytes are new. */
  insert(length: number): void {
    if (length === 0) return
    const last = this.#steps.at(-1)
    if (last) last.insert += length
    else this.#steps.push({ add: 0, insert: length, skip: 0 })
    this.#insertions.push(this.#to.subarray(this.#at, this.#at + length))
    this.#at += length
  }

  finish(): Uint8Array<ArrayBuffer> {
    const sizes = { from: this.#from.length, to: this.#to.length }
    return writeDelta(sizes, this.#steps, Buffer.concat(this.#differences), Buffer.concat(this.#insertions))
  }
}
