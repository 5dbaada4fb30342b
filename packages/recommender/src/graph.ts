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

/** Returns `graph` as bytes (docs/artifacts.md). Row lengths up to 65,535. */
export function writeGraph({ settings, offsets, neighbours, weights, scales }: StoredGraph): Uint8Array {
  const count = offsets.length - 1
  const writer = new ByteWriter('graph', weights instanceof Float32Array ? 'float32' : 'uint8')
    .u32(count)
    .u32(neighbours.length)
    .u32(settings.window)
    .f32(settings.decay)
    .f32(settings.selfWeight)
  if (weights instanceof Uint8Array) writer.table(scales)
  writer.table(weights)
  for (let row = 0; row < count; row++) {
    const end = offsets[row + 1]!
    writer.varint(end - offsets[row]!)
    let next = 0
    for (let edge = offsets[row]!; edge < end; edge++) {
      writer.varint(neighbours[edge]! - next)
      next = neighbours[edge]! + 1
    }
  }
  return writer.finish()
}

/**
 * Reads what {@link writeGraph} wrote, weights decoded to float32.
 *
 * @throws `VitrineError('ARTIFACT_CORRUPT')` for any other bytes, `MODEL_UNSUPPORTED` for another version.
 */
export function readGraph(bytes: Uint8Array): Graph {
  const reader = new ByteReader(bytes, 'graph', ['uint8', 'float32'])
  const count = reader.count('the number of items', MAX_ITEMS)
  const edges = reader.u32()
  const settings = {
    window: reader.count('the window', MAX_WINDOW),
    decay: reader.number('the decay', 0, 1),
    selfWeight: reader.number('the self weight', 0, 1e6),
  }
  const scales = reader.dtype === 'uint8' ? reader.floats(count, true) : undefined
  const levels = scales ? reader.bytes(edges) : undefined
  const weights = levels ? new Float32Array(edges) : reader.floats(edges, true)

  // A row takes at least a byte and an edge another, so this bounds what follows by the bytes that are there.
  if (count + edges > reader.left) throw corrupt('graph', `${edges} edges do not fit its bytes`)
  const offsets = new Uint32Array(count + 1)
  const neighbours = new Uint32Array(edges)
  let edge = 0
  for (let row = 0; row < count; row++) {
    const end = edge + reader.varint()
    if (end > edges) throw corrupt('graph', `row ${row} ends beyond the last edge`)
    const unit = scales ? scales[row]! / (255 * 255) : 0
    let next = 0
    for (; edge < end; edge++) {
      next += reader.varint()
      if (next >= count) throw corrupt('graph', `row ${row} names item ${next} of ${count}`)
      neighbours[edge] = next++
      if (levels) weights[edge] = unit * levels[edge]! * levels[edge]!
    }
    offsets[row + 1] = end
  }
  if (edge !== edges) throw corrupt('graph', `its rows hold ${edge} edges, its header says ${edges}`)
  reader.end()
  return { settings, offsets, neighbours, weights }
}
