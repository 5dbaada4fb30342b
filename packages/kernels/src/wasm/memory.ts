/**
 * Lays out the memory of one WASM kernel: the table once, then room for searches.
 *
 *     0        64 zero bytes, read in place of a mask or of biases that are not there
 *     64       values    i8[16-row blocks], rearranged by `setTable`
 *              scales    f32[N], rounded up to a block, as are the next two
 *              biases    f32[N], where the table has any
 *              bounds    i32[N], a constant a row (see `assembly/index.ts`)
 *     tail     searches, laid out anew by every call: fields, query in three forms, mask, heap
 */
import type { QuantisedQuery } from '../query.ts'
import type { TableShape } from '../table.ts'
import type { Table, TableRows, TopKResult } from '../top-k.ts'

const PAGE = 65_536
const ALIGNMENT = 64
const ROWS_IN_BLOCK = 16
/** Before a scan, one block in so many is searched to learn a first threshold. */
const SAMPLE_STRIDE = 64
/** The sample has to hold so many times k rows; a smaller one would teach little. */
const SAMPLE_FACTOR = 4
/** Room for the fields of `Search` in `assembly/search.ts`. */
const SEARCH_BYTES = 64
const SEARCH_WORDS = SEARCH_BYTES / 4
/** Places of those that are read again. */
const SIZE = 3
const HEAP = 6

/** What the module exports. Addresses are unsigned, though WASM takes them as i32. */
interface KernelExports {
  setTable(
    values: number,
    scales: number,
    bounds: number,
    scratch: number,
    rows: number,
    dimension: number,
  ): void
  scan(search: number, from: number, to: number): void
  restart(search: number): void
  finish(search: number): void
}

/** A kernel instance with a table in its memory. */
export class KernelMemory {
  /** The table where it lies. */
  readonly rows: TableRows
  readonly #memory: WebAssembly.Memory
  readonly #kernel: KernelExports
  readonly #shape: TableShape
  /** Address of the biases; 0, where zeros lie, when the table has none. */
  readonly #biases: number
  /** First byte after the table. */
  readonly #tail: number

  constructor(module: WebAssembly.Module, table: Table, shape: TableShape) {
    const { count, dimension } = shape
    const rows = roundUp(count, ROWS_IN_BLOCK)
    const values = ALIGNMENT
    const scales = values + rows * dimension
    const biases = scales + rows * 4
    const bounds = biases + (table.bias ? rows * 4 : 0)
    this.#tail = bounds + rows * 4
    this.#shape = shape
    this.#biases = table.bias ? biases : 0
    const scratch = ROWS_IN_BLOCK * dimension
    this.#memory = new WebAssembly.Memory({ initial: pagesOf(this.#tail + scratch) })
    const { exports } = new WebAssembly.Instance(module, { env: { memory: this.#memory } })
    this.#kernel = exports as unknown as KernelExports

    const { buffer } = this.#memory
    new Int8Array(buffer, values).set(table.values)
    new Float32Array(buffer, scales).set(table.scales)
    if (table.bias) new Float32Array(buffer, biases).set(table.bias)
    this.#kernel.setTable(values, scales, bounds, this.#tail, count, dimension)
    this.rows = rowsIn(this.#memory, shape, { values, scales, biases: this.#biases })
  }

  get bytes(): number {
    return this.#memory.buffer.byteLength
  }

  /**
   * Scans the rows `from` (a multiple of 16) to `to` (one too, or the count), `tileRows` at a time, each tile for
   * every query while it is in the cache.
   */
  search(
    queries: readonly QuantisedQuery[],
    tileRows: number,
    from = 0,
    to: number = this.#shape.count,
  ): TopKResult[] {
    const searches: number[] = []
    let end = this.#tail
    for (const query of queries) {
      searches.push(end)
      end += this.#searchBytes(query)
    }
    const missing = pagesOf(end) - this.#memory.buffer.byteLength / PAGE
    if (missing > 0) this.#memory.grow(missing)
    for (const [at, query] of queries.entries()) {
      this.#write(query, searches[at]!, from, to)
      this.#sample(query.k, searches[at]!, from, to)
    }

    for (let tile = from; tile < to; tile += tileRows) {
      const end = Math.min(tile + tileRows, to)
      for (const search of searches) this.#kernel.scan(search, tile, end)
    }
    return searches.map((search) => this.#read(search))
  }

  /**
   * Learns a threshold from rows all over the table. Without it a table whose best rows come last takes thirty
   * times as long, because every row is better than all before it.
   */
  #sample(k: number, search: number, from: number, to: number): void {
    if (to - from < k * SAMPLE_FACTOR * SAMPLE_STRIDE) return
    for (let block = from; block < to; block += ROWS_IN_BLOCK * SAMPLE_STRIDE) {
      this.#kernel.scan(search, block, Math.min(block + ROWS_IN_BLOCK, to))
    }
    this.#kernel.restart(search)
  }

  #searchBytes({ k, mask }: QuantisedQuery): number {
    const queryBytes = this.#shape.dimension * (2 + 1 + 8)
    const maskBytes = mask ? roundUp(this.#shape.count, ROWS_IN_BLOCK) : 0
    return SEARCH_BYTES + roundUp(queryBytes + maskBytes + k * 8, ALIGNMENT)
  }

  #write(query: QuantisedQuery, search: number, from: number, to: number): void {
    const { count, dimension } = this.#shape
    const { buffer } = this.#memory
    const { quantised, unrounded, mask } = query
    const floatQuery = search + SEARCH_BYTES
    const intQuery = floatQuery + dimension * 8
    const halfQuery = intQuery + dimension * 2
    const maskAt = halfQuery + dimension
    const heap = maskAt + (mask ? roundUp(count, ROWS_IN_BLOCK) : 0)

    const biases = query.biasWeight === 0 ? 0 : this.#biases
    // Memory of WASM and of every platform that runs it is little-endian.
    const numbers = new Float32Array(buffer, search, SEARCH_WORDS)
    const words = new Uint32Array(buffer, search, SEARCH_WORDS)
    numbers.set([query.queryScale, query.biasWeight])
    words.set([query.k, 0], 2)
    numbers[4] = -Infinity
    words[5] = unrounded ? 1 : 0
    words.set([heap, mask ? maskAt : 0, mask ? 1 : 0], HEAP)
    words.set([biases, biases ? 4 : 0, intQuery, halfQuery, floatQuery], 9)

    new Int16Array(buffer, intQuery, dimension).set(quantised)
    const halves = new Uint8Array(buffer, halfQuery, dimension)
    for (let j = 0; j < dimension; j++) halves[j] = (quantised[j]! >> 1) + 64
    if (unrounded) new Float64Array(buffer, floatQuery, dimension).set(unrounded)
    if (mask) new Uint8Array(buffer, maskAt + from, to - from).set(mask.subarray(from, to))
  }

  #read(search: number): TopKResult {
    this.#kernel.finish(search)
    const { buffer } = this.#memory
    const words = new Uint32Array(buffer, search, SEARCH_WORDS)
    const size = words[SIZE]!
    const heap = words[HEAP]!
    const rows = new Uint32Array(buffer, heap, 2 * size)
    const numbers = new Float32Array(buffer, heap, 2 * size)
    const indices = new Uint32Array(size)
    const scores = new Float32Array(size)
    for (let at = 0; at < size; at++) {
      indices[at] = rows[2 * at]!
      scores[at] = numbers[2 * at + 1]!
    }
    return { indices, scores }
  }
}

function rowsIn(
  memory: WebAssembly.Memory,
  { count, dimension }: TableShape,
  at: { values: number; scales: number; biases: number },
): TableRows {
  const numbersAt = (address: number): Float32Array => new Float32Array(memory.buffer, address, count)
  let values = new Int8Array(0)
  let scales: Float32Array = new Float32Array(0)
  // Memory that has grown has left the views before without bytes.
  const look = (): void => {
    if (values.buffer === memory.buffer) return
    values = new Int8Array(memory.buffer, at.values, roundUp(count, ROWS_IN_BLOCK) * dimension)
    scales = numbersAt(at.scales)
  }
  return {
    count,
    dimension,
    blockRows: ROWS_IN_BLOCK,
    get values() {
      look()
      return values
    },
    get scales() {
      look()
      return scales
    },
    get bias() {
      return at.biases ? numbersAt(at.biases) : undefined
    },
  }
}

function roundUp(value: number, step: number): number {
  return Math.ceil(value / step) * step
}

function pagesOf(bytes: number): number {
  return Math.ceil(bytes / PAGE)
}
