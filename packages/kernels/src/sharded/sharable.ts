/** What a kernel offers so that the search of its table can be shared with other threads. */
import type { QuantisedQuery } from '../query.ts'
import type { TableShape } from '../table.ts'
import type { Query, TopK, TopKResult, WasmVariant } from '../top-k.ts'

/** A `TopK` that can search some of its rows. The WASM and the scalar device are. */
export interface SharableTopK extends TopK {
  readonly variant: WasmVariant | 'scalar'
  readonly shape: TableShape
  /** Checks a query and quantises it. @throws `RangeError` as `search`. */
  quantise(query: Query): QuantisedQuery
  /**
   * Searches the rows `from` (a multiple of 16) to `to` (one too, or the count) at once, in one pass; indices are
   * the table's. @throws `Error` when the table was disposed.
   */
  searchRows(queries: readonly QuantisedQuery[], from: number, to: number): TopKResult[]
}

/** True where the search of this table can be shared. */
export function isSharable(topK: TopK): topK is SharableTopK {
  return 'searchRows' in topK
}
