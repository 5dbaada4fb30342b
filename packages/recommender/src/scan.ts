/** One fused pass over the catalogue's table: similarity, popularity prior, mask and top k. */
import { VitrineError } from '@vitrine/contracts'
import { type CreateTopKOptions, type TopK, createTopK } from '@vitrine/kernels'
import { corrupt } from './bytes.ts'
import type { Evidence } from './features.ts'
import { createFloatScan } from './float-scan.ts'
import { priorOf } from './statistics.ts'

/** What a model needs of a kernel. */
export type Scan = Pick<TopK, 'device' | 'search' | 'dispose'>

/**
 * Hands the items' embeddings to the first device that can hold them, with the popularity prior as bias.
 *
 * @throws `VitrineError('ARTIFACT_CORRUPT')` when the kernel refuses the table, `MODEL_UNSUPPORTED` when no
 * device can hold it.
 */
export async function createScan(
  { embeddings, statistics }: Pick<Evidence, 'embeddings' | 'statistics'>,
  options: CreateTopKOptions = {},
): Promise<Scan> {
  const { count, dimension, values, scales } = embeddings
  const bias = priorOf(statistics)
  if (values instanceof Float32Array) return createFloatScan(embeddings, bias)
  try {
    return await createTopK({ count, dimension, values, scales, bias }, options)
  } catch (cause) {
    if (cause instanceof RangeError) throw corrupt('embeddings', cause.message)
    throw new VitrineError(
      'MODEL_UNSUPPORTED',
      `No kernel can hold ${count} items of ${dimension} dimensions here: add 'scalar' to the devices.`,
      { cause },
    )
  }
}
