/** The one interface of this package: exact top-k over an int8 table. Every device implements it. */

/**
 * An int8 table of N rows of d elements with a scale and a bias a row. The kernel copies it once into its
 * own memory; the caller may drop its arrays afterwards.
 */
export interface Table {
  /** N. */
  count: number
  /** d, divisible by 16. */
  dimension: number
  /** `[N, d]` row-major. Row i stands for the float vector `scales[i] * values[i]`. */
  values: Int8Array
  /** `[N]`. */
  scales: Float32Array
  /** `[N]`, added to each row's score; zero where missing. */
  bias?: Float32Array
}

/** One search. */
export interface Query {
  /** `[d]`, finite. The kernel quantises it symmetrically to int8 with one scale. */
  vector: Float32Array
  /** How many rows to return; fewer come back only when fewer are allowed. */
  k: number
  /** `[N]`, 0 = allowed, anything else = skipped inside the scan. All rows are allowed where missing. */
  mask?: Uint8Array
  /** Factor of the table's bias for this search; 1 where missing, 0 leaves the bias out. */
  biasWeight?: number
}

/** Rows in order of falling score; equal scores in order of rising index. */
export interface TopKResult {
  /** `[min(k, allowed)]`. */
  indices: Uint32Array
  /** `[min(k, allowed)]`, `score = queryScale * scale * dot(int8) + biasWeight * bias`, float32. */
  scores: Float32Array
}

/** Devices of this package. */
export type KernelDevice = 'wasm' | 'scalar'

/** Exact top-k on one device. Calls may overlap; results do not. */
export interface TopK {
  readonly device: KernelDevice
  /**
   * @throws `RangeError` when the vector's length is not d, holds NaN or an infinity, or k is not a positive
   * integer.
   */
  search(query: Query): Promise<TopKResult>
  /** Frees the table. Further searches throw. */
  dispose(): void
}
