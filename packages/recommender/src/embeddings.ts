/** Item embeddings: unit vectors, one a row, whose dot products are similarities of taste. */
import { ByteReader, ByteWriter, corrupt } from './bytes.ts'

/** `[N, d]` row-major; row i stands for the vector `scales[i] * values[i]`, of length about 1. */
export interface Embeddings {
  readonly count: number
  /** d, divisible by 16. */
  readonly dimension: number
  /** float32 (with scales of 1) in the full-precision twin. */
  readonly values: Int8Array | Float32Array
  readonly scales: Float32Array
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
  { dimension, values, scales }: Embeddings,
  item: number,
  vector: Float32Array,
): number {
  const at = item * dimension
  let sum = 0
  for (let i = 0; i < dimension; i++) sum += vector[i]! * values[at + i]!
  return sum * scales[item]!
}

/** Returns the dot product of rows `a` and `b`: their cosine, as rows have a length of about 1. */
export function dotOfRows({ dimension, values, scales }: Embeddings, a: number, b: number): number {
  const first = a * dimension
  const second = b * dimension
  let sum = 0
  for (let i = 0; i < dimension; i++) sum += values[first + i]! * values[second + i]!
  return sum * scales[a]! * scales[b]!
}

/** Adds `weight` times row `item` to `out`, from place `start` on. */
export function addRow(
  { dimension, values, scales }: Embeddings,
  item: number,
  weight: number,
  out: Float32Array,
  start = 0,
): void {
  const at = item * dimension
  const factor = weight * scales[item]!
  for (let i = 0; i < dimension; i++) out[start + i]! += factor * values[at + i]!
}
