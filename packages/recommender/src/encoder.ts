/** The session encoder: the latest items in, one query embedding out. */
import type { DenseLayer, DenseLayers } from '@vitrine/kernels'
import { ByteReader, ByteWriter, corrupt } from './bytes.ts'
import { type EmbeddingRows, addRow } from './embeddings.ts'
import { plainLayers } from './plain.ts'

/** `q = normalise(W · [e_last ; Σ softmax(a)_p · e_p])`, p counting back from the last item. */
export interface Encoder {
  readonly dimension: number
  /** Logit of an item: `temperature · cosine(q, e) + priorWeight · log popularity`. */
  readonly temperature: number
  readonly priorWeight: number
  /** `[P]` logits of the positions, the last item first. */
  readonly positions: Float32Array
  /** W, `[d, 2d]` row-major, decoded. */
  readonly weights: Float32Array
  /** W on a kernel; plain loops give the same numbers where missing. */
  readonly kernel?: DenseLayers | undefined
}

/** The encoder as stored: row r of W is `scales[r] * weights[r]`; float32 twins have scales of 1. */
export interface StoredEncoder extends Omit<Encoder, 'weights'> {
  readonly weights: Int8Array | Float32Array
  /** `[d]`. */
  readonly scales: Float32Array
}

/** Returns `encoder` as bytes (docs/artifacts.md). */
export function writeEncoder(encoder: StoredEncoder): Uint8Array {
  return new ByteWriter('encoder', encoder.weights instanceof Float32Array ? 'float32' : 'int8')
    .u32(encoder.dimension)
    .u32(encoder.positions.length)
    .f32(encoder.temperature)
    .f32(encoder.priorWeight)
    .table(encoder.positions)
    .table(encoder.scales)
    .table(encoder.weights)
    .finish()
}

/**
 * Reads what {@link writeEncoder} wrote.
 *
 * @throws `VitrineError('ARTIFACT_CORRUPT')` for any other bytes, `MODEL_UNSUPPORTED` for another version.
 */
export function readEncoder(bytes: Uint8Array): Encoder {
  const { scales, weights, ...rest } = readStoredEncoder(bytes)
  return { ...rest, weights: weights instanceof Float32Array ? weights : decode(weights, scales) }
}

/**
 * Reads what {@link writeEncoder} wrote; int8 weights are a view of `bytes`, not a copy.
 *
 * @throws `VitrineError('ARTIFACT_CORRUPT')` for any other bytes, `MODEL_UNSUPPORTED` for another version.
 */
export function readStoredEncoder(bytes: Uint8Array): StoredEncoder {
  const reader = new ByteReader(bytes, 'encoder', ['int8', 'float32'])
  const dimension = reader.count('the dimension', 1024)
  const count = reader.count('the number of positions', 100)
  if (!count) throw corrupt('encoder', 'it has no positions')
  const temperature = reader.number('the temperature', 0, 1000)
  const priorWeight = reader.number('the prior weight', -1000, 1000)
  const positions = reader.floats(count)
  const scales = reader.floats(dimension, true)
  const size = 2 * dimension * dimension
  const weights = reader.dtype === 'float32' ? reader.floats(size) : int8(reader.bytes(size))
  reader.end()
  return { dimension, temperature, priorWeight, positions, scales, weights }
}

function int8(bytes: Uint8Array): Int8Array {
  return new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length)
}

function decode(levels: Int8Array, scales: Float32Array): Float32Array {
  // The engine converts a whole array at once, faster than a loop that has just begun to run.
  const weights = new Float32Array(levels)
  const width = 2 * scales.length
  for (let row = 0, i = 0; row < scales.length; row++) {
    const scale = scales[row]!
    for (const end = i + width; i < end; i++) weights[i]! *= scale
  }
  return weights
}

/**
 * Writes the unit query embedding of `history` (item indices, oldest first, at least one) into `query` `[d]`.
 *
 * @param input Scratch, `[2d]`.
 */
export function encodeHistory(
  encoder: Encoder,
  embeddings: EmbeddingRows,
  history: ArrayLike<number>,
  input: Float32Array,
  query: Float32Array,
): void {
  const { dimension, positions } = encoder
  const last = history.length - 1
  input.fill(0)
  addRow(embeddings, history[last]!, 1, input)
  for (const [back, share] of attention(positions, history.length).entries()) {
    addRow(embeddings, history[last - back]!, share, input, dimension)
  }
  project(encoder, input, 1, query)
  let squares = 0
  for (let row = 0; row < dimension; row++) squares += query[row]! * query[row]!
  // A history whose embeddings are all zero (items never seen with others) has no taste: q stays zero.
  const scale = squares > 0 ? 1 / Math.sqrt(squares) : 0
  for (let row = 0; row < dimension; row++) query[row]! *= scale
}

/** Returns W as a layer. */
export function layerOf({ dimension, weights }: Encoder): DenseLayer {
  return { inputs: 2 * dimension, outputs: dimension, weights, biases: new Float32Array(dimension) }
}

/** Writes W times each of `count` rows of `inputs` `[count, 2d]` into `out` `[count, d]`. */
export function project(encoder: Encoder, inputs: Float32Array, count: number, out: Float32Array): void {
  const { dimension, kernel = plainLayers([layerOf(encoder)]) } = encoder
  kernel.score(inputs, count, 2 * dimension, new Float64Array(dimension), out)
}

/** Returns what share each of the latest of `length` items has in the mean of all, the last item first. */
export function attention(positions: Float32Array, length: number): number[] {
  const logits = positions.subarray(0, length)
  const largest = Math.max(...logits)
  const weights = Array.from(logits, (logit) => Math.exp(logit - largest))
  const total = weights.reduce((sum, weight) => sum + weight)
  return weights.map((weight) => weight / total)
}
