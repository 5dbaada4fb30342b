/** The one interface of this package: exact top-k over an int8 table. Every device implements it. */

/**
 * An int8 table of N rows of d elements with a scale and a bias a row. The kernel copies it once into its
 * own memory; the caller may drop its arrays afterwards.
 */
export interface Table {
  /** N, 0 or more. */
  count: number
  /** d, a multiple of 16 up to 65,536. */
  dimension: number
  /** `[N, d]` row-major. Row i stands for the float vector `scales[i] * values[i]`. */
  values: Int8Array
  /** `[N]`, finite, not negative. */
  scales: Float32Array
  /** `[N]`, finite, added to each row's score; zero where missing. */
  bias?: Float32Array
}

/** Rows in memory. Its arrays are got anew for each use: WASM memory that grows leaves earlier views without bytes. */
export interface TableRows extends Pick<Table, 'count' | 'dimension' | 'values' | 'scales'> {
  readonly bias: Float32Array | undefined
  /**
   * So many rows lie interleaved, four elements of each in turn: 16 in WASM; 1, one row after the other, elsewhere.
   * Element j of row r is at `⌊r / b⌋ · b · d + 4 · (r mod b) + 4 · b · ⌊j / 4⌋ + j mod 4`.
   */
  readonly blockRows: number
}

/** One search. */
export interface Query {
  /**
   * `[d]`, finite. Quantised symmetrically to int8 with one scale (`queryScale`, the largest magnitude
   * / 127), the same on every device.
   */
  vector: Float32Array
  /** How many rows to return; fewer come back only when fewer are allowed. */
  k: number
  /** `[N]`, 0 = allowed, anything else = skipped inside the scan. All rows are allowed where missing. */
  mask?: Uint8Array
  /** Factor of the table's bias for this search; 1 where missing, 0 leaves the bias out. */
  biasWeight?: number
  /**
   * Scores rows with the float vector instead of its int8 values, so that only the table is quantised. The
   * result is the exact top k of those scores, not a reordered shortlist. False where missing.
   */
  rescore?: boolean
}

/** Rows in order of falling score; equal scores in order of rising index. */
export interface TopKResult {
  /** `[min(k, allowed)]`. */
  indices: Uint32Array
  /**
   * `[min(k, allowed)]`, each operation rounded to float32, so that every device returns the same bits:
   *
   * `score = ((queryScale * scale) * dot) + (biasWeight * bias)`, and never -0.
   *
   * `dot` is the integer dot product of the row with the int8 query; with `rescore`, the dot product of the
   * row with `vector / queryScale`, summed in float64 as four sums of j mod 4, added (0 + 1) + (2 + 3).
   */
  scores: Float32Array
}

/** Devices of this package. */
export type KernelDevice = 'webgpu' | 'wasm' | 'scalar'

/** The two compilations of the WASM kernel. */
export type WasmVariant = 'relaxed-simd' | 'simd'

/**
 * Which code a device runs: a GPU's with its packed dot product, its subgroups, both or neither (`plain`); WASM
 * with or without relaxed SIMD; or plain JavaScript.
 */
export type KernelVariant = 'packed-subgroups' | 'packed' | 'subgroups' | 'plain' | WasmVariant | 'scalar'

/** Exact top-k on one device. Calls may overlap; results do not. */
export interface TopK {
  /** Changes when a GPU is lost and another device takes over. */
  readonly device: KernelDevice
  readonly variant: KernelVariant
  /** Bytes of memory held by the kernel, the table included. 0 once disposed. */
  readonly bytes: number
  /** The table, which whoever made the kernel need not keep. @throws `Error` once disposed. */
  readonly rows: TableRows
  /**
   * @throws `RangeError` when the vector's length is not d, it holds NaN or an infinity, k is not a positive
   * integer, the mask's length is not N, or scores could exceed float32.
   * @throws `Error` when the table was disposed.
   */
  search(query: Query): Promise<TopKResult>
  /**
   * Several searches over the same table, in one pass where the device gains by it. Results in order of the
   * queries, each the same as `search` returns.
   * @throws as `search`; one bad query fails the call.
   */
  searchMany(queries: readonly Query[]): Promise<TopKResult[]>
  /** Frees the table. Further searches throw. Disposing twice does no harm. */
  dispose(): void
}
