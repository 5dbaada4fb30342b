/** What the session encoder of a revision consists of: the items' embeddings and the encoder, as stored. */
import { VitrineError } from '@vitrine/contracts'
import { readEmbeddings, readStoredEncoder } from '@vitrine/recommender'
import type { Revision } from '../train/index.ts'

/** int8 tables with a scale a row. */
export interface EncoderParts {
  /** N. */
  readonly items: number
  /** d. */
  readonly dimension: number
  /** `[N, d]` and `[N]`. */
  readonly embeddings: Int8Array
  readonly embeddingScales: Float32Array
  /** P logits, the oldest item's first. */
  readonly positions: Float32Array
  /** `[d, 2d]` and `[d]`. */
  readonly weights: Int8Array
  readonly weightScales: Float32Array
}

/** @throws `VitrineError('MODEL_UNSUPPORTED')` for a revision in float32. */
export function encoderParts({ manifest, artifacts }: Revision): EncoderParts {
  const embeddings = readEmbeddings(artifacts.get('embeddings') ?? new Uint8Array())
  const encoder = readStoredEncoder(artifacts.get('encoder') ?? new Uint8Array())
  const { values } = embeddings
  if (!(values instanceof Int8Array) || !(encoder.weights instanceof Int8Array)) {
    throw new VitrineError(
      'MODEL_UNSUPPORTED',
      `Revision ${manifest.revision} is in float32: export the int8 revision, not its fp32 twin.`,
    )
  }
  return {
    items: embeddings.count,
    dimension: embeddings.dimension,
    embeddings: values,
    embeddingScales: embeddings.scales,
    positions: encoder.positions.toReversed(),
    weights: encoder.weights,
    weightScales: encoder.scales,
  }
}
