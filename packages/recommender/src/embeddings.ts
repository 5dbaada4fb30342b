/** Item embeddings: unit vectors, one a row, whose dot products are similarities of taste. */
import { ByteReader, ByteWriter, corrupt } from './bytes.ts'

/** N rows of d; row i stands for the vector `scales[i] * values[i]`, of length about 1. */
export interface EmbeddingRows {
  readonly count: number
  /** d, divisible by 16. */
  readonly dimension: number
  /** float32 (with scales of 1) in the full-precision twin. */
  readonly values: Int8Array | Float32Array
  readonly scales: Float32Array
  /** How the values lie where they are a kernel's, see its `TableRows`; row after row where missing. */
  readonly blockRows?: number
}

/** Embeddings `[N, d]` row-major, as they are stored and trained. */
export interface Embeddings extends EmbeddingRows {
  readonly blockRows?: never
}

const MAX_DIMENSION = 1024

/**
 * Returns `embeddings` as bytes (docs/artifacts.md).
 *
 * @param bits 4 packs two values a byte: they must lie in −8 to 7.
 */
export function writeEmbeddings(
  { count, dimension, values, scales }: Embeddings,
  { bits = 8 }: { bits?: 4 | 8 } = {},
): Uint8Array {
  const isPacked = bits === 4 && values instanceof Int8Array
  const dtype = values instanceof Float32Array ? 'float32' : isPacked ? 'int4' : 'int8'
  return new ByteWriter('embeddings', dtype)
    .u32(count)
    .u32(dimension)
    .table(isPacked ? packed(values) : values)
    .table(scales)
    .finish()
}

/**
 * Reads what {@link writeEmbeddings} wrote; an int8 table is a view of `bytes`, not a copy, and an int4 one is
 * unpacked into int8, so that kernels know one kind.
 *
 * @throws `VitrineError('ARTIFACT_CORRUPT')` for any other bytes, `MODEL_UNSUPPORTED` for another version.
 */
export function readEmbeddings(bytes: Uint8Array): Embeddings {
  const reader = new ByteReader(bytes, 'embeddings', ['int8', 'float32', 'int4'])
  const count = reader.u32()
  const dimension = reader.count('the dimension', MAX_DIMENSION)
  if (dimension % 16 || !dimension) throw corrupt('embeddings', `dimension ${dimension} is no multiple of 16`)
  const length = count * dimension
  const { dtype } = reader
  const values =
    dtype === 'float32'
      ? reader.floats(length)
      : dtype === 'int4'
        ? unpacked(reader.bytes(length / 2))
        : int8(reader.bytes(length))
  const scales = reader.floats(count, true)
  reader.end()
  return { count, dimension, values, scales }
}

function int8(bytes: Uint8Array): Int8Array {
  return new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length)
}

/** Two values a byte, the first in the low half. */
function packed(values: Int8Array): Uint8Array {
  return Uint8Array.from(
    { length: values.length / 2 },
    (_, i) => (values[2 * i]! & 15) | (values[2 * i + 1]! << 4),
  )
}

function unpacked(bytes: Uint8Array): Int8Array {
  const values = new Int8Array(2 * bytes.length)
  for (let i = 0; i < bytes.length; i++) {
    // Shifting up and back down spreads the sign.
    values[2 * i] = (bytes[i]! << 28) >> 28
    values[2 * i + 1] = (bytes[i]! << 24) >> 28
  }
  return values
}

/** Returns the dot product of the float `vector` `[d]` with row `item`. */
export function dotWithRow(
  { dimension, values, scales, blockRows = 1 }: EmbeddingRows,
  item: number,
  vector: Float32Array,
): number {
  let at = startOf(item, dimension, blockRows)
  // Four sums, none of which waits for the others' last terms.
  let a = 0
  let b = 0
  let c = 0
  let d = 0
  for (let i = 0; i < dimension; i += 4, at += 4 * blockRows) {
    a += vector[i]! * values[at]!
    b += vector[i + 1]! * values[at + 1]!
    c += vector[i + 2]! * values[at + 2]!
    d += vector[i + 3]! * values[at + 3]!
  }
  return (a + b + (c + d)) * scales[item]!
}

/** Returns what gives the dot products of rows with row `item`: their cosines, as rows have a length of about 1. */
export function likenessTo(embeddings: EmbeddingRows, item: number): (other: number) => number {
  // Looked up once: a kernel looks for its memory each time.
  const rows = { ...embeddings }
  const { dimension, values, scales, blockRows = 1 } = rows
  const first = startOf(item, dimension, blockRows)
  const row = new Float32Array(dimension)
  for (let i = 0; i < dimension; i++) row[i] = values[first + (i >> 2) * 4 * blockRows + (i & 3)]!
  return (other) => dotWithRow(rows, other, row) * scales[item]!
}

/** Adds `weight` times row `item` to `out`, from place `start` on. */
export function addRow(
  { dimension, values, scales, blockRows = 1 }: EmbeddingRows,
  item: number,
  weight: number,
  out: Float32Array,
  start = 0,
): void {
  const first = startOf(item, dimension, blockRows)
  const factor = weight * scales[item]!
  for (let i = 0; i < dimension; i++) {
    out[start + i]! += factor * values[first + (i >> 2) * 4 * blockRows + (i & 3)]!
  }
}

/** Where the values of a row begin; every four of its elements lie together, `4 * blockRows` from the next four. */
function startOf(item: number, dimension: number, blockRows: number): number {
  const inBlock = item % blockRows
  return (item - inBlock) * dimension + 4 * inBlock
}
