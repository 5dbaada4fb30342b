/** What dense layers are, to whoever has them and to the kernel that runs them. */

/** `outputs = W · inputs + biases`, with ReLU between layers. */
export interface DenseLayer {
  readonly inputs: number
  readonly outputs: number
  /** `[outputs, inputs]` row-major. */
  readonly weights: Float32Array
  /** `[outputs]`. */
  readonly biases: Float32Array
}

/** Layers that are ready for rows. */
export interface DenseLayers {
  /**
   * Sends `count` rows through all layers. Sums are float64, in rising order of inputs, and what a layer gives is
   * rounded to float32: the bits are those of plain loops.
   *
   * @param rows `[count, inputs]` of the first layer, row-major.
   * @param width How many inputs, the first ones, the first layer reads.
   * @param offsets `[outputs]` of the first layer, in place of its biases.
   * @param scores `[count, outputs]` of the last layer, written.
   */
  score(rows: Float32Array, count: number, width: number, offsets: Float64Array, scores: Float32Array): void
}
