/** The item–item graph: which items follow which, aggregated over all shoppers. */
import { ByteReader, ByteWriter, corrupt } from './bytes.ts'

/** How a history is read off the graph; tuned in training. */
export interface GraphSettings {
  /** How many of the latest items speak. */
  window: number
  /** Weight of an item `steps` before the last: `decay ** steps`. */
  decay: number
  /** Weight of an edge from every item to itself. */
  selfWeight: number
}

/** The graph in compressed rows: row a's edges are `offsets[a]` to `offsets[a + 1] - 1`. */
export interface Graph {
  readonly settings: GraphSettings
  /** `[N + 1]`. */
  readonly offsets: Uint32Array
  /** `[E]` item indices, rising within a row. */
  readonly neighbours: Uint32Array
  /** `[E]`, at least 0. */
  readonly weights: Float32Array
  /**
   * Fills in the row's neighbours and weights where that has not happened yet: called before they are read.
   * Missing where all rows are there.
   *
   * @throws `VitrineError('ARTIFACT_CORRUPT')` when the row names an item outside the catalogue.
   */
  readonly decodeRow?: (item: number) => void
}

/** The graph as stored: a row's weights are `scale · (level / 255)²`, which keeps the small ones apart. */
export interface StoredGraph {
  readonly settings: GraphSettings
  readonly offsets: Uint32Array
  readonly neighbours: Uint32Array
  /** `[E]` levels, or the weights themselves in the float32 twin. */
  readonly weights: Uint8Array | Float32Array
  /** `[N]` largest weight of each row; not used in the float32 twin. */
  readonly scales: Float32Array
}

const MAX_ITEMS = 2 ** 26
const MAX_WINDOW = 100
/** Most edges of a row, and most bytes of its ids beyond one each. */
const MAX_ROW = 65_535

/** Returns `graph` as bytes (docs/artifacts.md). @throws `RangeError` for a row of more than 65,535 edges. */
export function writeGraph({ settings, offsets, neighbours, weights, scales }: StoredGraph): Uint8Array {
  const count = offsets.length - 1
  const lengths = new Uint16Array(count)
  const extras = new Uint16Array(count)
  const ids: number[] = []
  for (let row = 0; row < count; row++) {
    const before = ids.length
    let next = 0
    for (let edge = offsets[row]!; edge < offsets[row + 1]!; edge++) {
      let gap = neighbours[edge]! - next
      for (; gap > 127; gap >>>= 7) ids.push((gap & 127) | 128)
      ids.push(gap)
      next = neighbours[edge]! + 1
    }
    const length = offsets[row + 1]! - offsets[row]!
    const extra = ids.length - before - length
    if (length > MAX_ROW || extra > MAX_ROW) {
      throw new RangeError(`Row ${row} of the graph has ${length} edges: keep fewer of each item.`)
    }
    lengths[row] = length
    extras[row] = extra
  }
  const writer = new ByteWriter('graph', weights instanceof Float32Array ? 'float32' : 'uint8')
    .u32(count)
    .u32(neighbours.length)
    .u32(settings.window)
    .f32(settings.decay)
    .f32(settings.selfWeight)
    .table(lengths)
    .table(extras)
  if (weights instanceof Uint8Array) writer.table(scales)
  return writer.table(weights).table(Uint8Array.from(ids)).finish()
}

/** How to read a graph. */
export interface ReadGraphOptions {
  /** True for bytes that were read without it before: a row is decoded when it is first asked for. */
  tested?: boolean
}

/**
 * Reads what {@link writeGraph} wrote, weights decoded to float32.
 *
 * @throws `VitrineError('ARTIFACT_CORRUPT')` for any other bytes, `MODEL_UNSUPPORTED` for another version.
 */
export function readGraph(bytes: Uint8Array, { tested = false }: ReadGraphOptions = {}): Graph {
  const reader = new ByteReader(bytes, 'graph', ['uint8', 'float32'])
  const count = reader.count('the number of items', MAX_ITEMS)
  const edges = reader.u32()
  const settings = {
    window: reader.count('the window', MAX_WINDOW),
    decay: reader.number('the decay', 0, 1),
    selfWeight: reader.number('the self weight', 0, 1e6),
  }
  const lengths = reader.u16s(count)
  const extras = reader.u16s(count)
  const scales = reader.dtype === 'uint8' ? reader.floats(count, true) : undefined
  const levels = scales && reader.bytes(edges)
  const stored = levels ? undefined : reader.floats(edges, true)
  const ids = reader.bytes(reader.left)

  const offsets = new Uint32Array(count + 1)
  /** Where a row's ids begin. */
  const starts = new Uint32Array(count + 1)
  let end = 0
  let extra = 0
  for (let row = 0; row < count; row++) {
    end += lengths[row]!
    extra += extras[row]!
    offsets[row + 1] = end
    starts[row + 1] = end + extra
  }
  if (end !== edges || end + extra !== ids.length) {
    throw corrupt('graph', `its rows hold ${end} edges in ${end + extra} bytes`)
  }
  const neighbours = new Uint32Array(edges)
  const weights = stored ?? new Float32Array(edges)
  const isDecoded = new Uint8Array(count)

  const decodeRow = (row: number): void => {
    if (isDecoded[row]) return
    const unit = scales ? scales[row]! / (255 * 255) : 0
    const idsEnd = starts[row + 1]!
    const rowEnd = offsets[row + 1]!
    let at = starts[row]!
    let next = 0
    for (let edge = offsets[row]!; edge < rowEnd; edge++) {
      let factor = 1
      let byte = ids[at++]!
      for (; byte > 127 && at < idsEnd; factor *= 128) {
        next += (byte & 127) * factor
        byte = ids[at++]!
      }
      next += byte * factor
      // Written so that NaN, from beyond the end, fails too.
      if (!(next < count)) throw corrupt('graph', `row ${row} names item ${next} of ${count}`)
      neighbours[edge] = next++
      if (levels) weights[edge] = unit * levels[edge]! * levels[edge]!
    }
    if (at !== idsEnd) throw corrupt('graph', `row ${row} ends early`)
    isDecoded[row] = 1
  }
  if (tested) return { settings, offsets, neighbours, weights, decodeRow }
  for (let row = 0; row < count; row++) decodeRow(row)
  return { settings, offsets, neighbours, weights }
}
