/** Top-k in WASM SIMD. */
import type { QuantisedQuery } from '../query.ts'
import { quantiseQuery } from '../query.ts'
import type { SharableTopK } from '../sharded/sharable.ts'
import type { TableShape } from '../table.ts'
import type { Query, Table, TableRows, TopK, TopKResult, WasmVariant } from '../top-k.ts'
import { KernelMemory } from './memory.ts'
import type { CompiledKernel } from './module.ts'
import { compileBestKernel } from './module.ts'

/** Bytes of the table that several queries share while they lie in the first-level cache. */
const TILE_BYTES = 16_384

/**
 * The table has been checked; `shape` is what `checkTable` said. Takes the best kernel where none is given.
 * @throws `RangeError` when the table is larger than the memory to be had, and as `compileBestKernel`.
 */
export async function createWasmTopK(
  table: Table,
  shape: TableShape,
  kernel?: CompiledKernel,
): Promise<TopK> {
  const { variant, module } = kernel ?? (await compileBestKernel())
  return new WasmTopK(variant, new KernelMemory(module, table, shape), shape)
}

class WasmTopK implements SharableTopK {
  readonly device = 'wasm'
  readonly variant: WasmVariant
  readonly shape: TableShape
  #memory: KernelMemory | undefined

  constructor(variant: WasmVariant, memory: KernelMemory, shape: TableShape) {
    this.variant = variant
    this.#memory = memory
    this.shape = shape
  }

  get bytes(): number {
    return this.#memory?.bytes ?? 0
  }

  get rows(): TableRows {
    return this.#live.rows
  }

  quantise(query: Query): QuantisedQuery {
    return quantiseQuery(query, this.shape)
  }

  searchRows(queries: readonly QuantisedQuery[], from: number, to: number): TopKResult[] {
    const memory = this.#live
    const { count, dimension } = this.shape
    const blocks = Math.max(1, Math.floor(TILE_BYTES / (16 * dimension)))
    const tileRows = queries.length === 1 ? Math.max(16, count) : 16 * blocks
    return memory.search(queries, tileRows, from, to)
  }

  async search(query: Query): Promise<TopKResult> {
    return (await this.searchMany([query]))[0]!
  }

  async searchMany(queries: readonly Query[]): Promise<TopKResult[]> {
    return this.searchRows(
      queries.map((query) => this.quantise(query)),
      0,
      this.shape.count,
    )
  }

  get #live(): KernelMemory {
    if (!this.#memory) throw new Error('This table was disposed; create a new one to search.')
    return this.#memory
  }

  // The engine frees a WASM memory only as garbage: letting go of the last reference is all there is to do.
  dispose(): void {
    this.#memory = undefined
  }
}
