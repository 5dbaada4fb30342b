/** Numbers of 32 bits, or in float64, of which there will be nobody knows how many. */

const FIRST_LENGTH = 1024

/** A typed array that grows: a list of JavaScript's own would take two to four times the memory. */
export class GrowingNumbers<T extends Uint32Array | Float64Array> {
  #values: T
  #length = 0
  readonly #create: (length: number) => T

  constructor(create: (length: number) => T) {
    this.#create = create
    this.#values = create(FIRST_LENGTH)
  }

  get length(): number {
    return this.#length
  }

  /** Appends `value` and returns its place. */
  push(value: number): number {
    if (this.#length === this.#values.length) {
      const larger = this.#create(2 * this.#values.length)
      larger.set(this.#values)
      this.#values = larger
    }
    this.#values[this.#length] = value
    return this.#length++
  }

  at(place: number): number {
    return this.#values[place]!
  }

  set(place: number, value: number): void {
    this.#values[place] = value
  }

  /** Returns the numbers, a view. */
  view(): T {
    return this.#values.subarray(0, this.#length) as T
  }
}

export function growingIntegers(): GrowingNumbers<Uint32Array> {
  return new GrowingNumbers((length) => new Uint32Array(length))
}

export function growingFloats(): GrowingNumbers<Float64Array> {
  return new GrowingNumbers((length) => new Float64Array(length))
}
