/** One fused pass over the catalogue's table: similarity, popularity prior, mask and top k. */
import { VitrineError } from '@vitrine/contracts'
import { type CreateTopKOptions, type Table, type TopK, createTopK } from '@vitrine/kernels'
import { corrupt } from './bytes.ts'
import type { EmbeddingRows } from './embeddings.ts'
import type { Evidence } from './features.ts'
import { createFloatScan } from './float-scan.ts'
import { priorOf } from './statistics.ts'

/** What a model needs of a kernel, which from now on holds the only copy of the embeddings. */
export interface Scan extends Pick<TopK, 'device' | 'search' | 'dispose'> {
  readonly rows: EmbeddingRows
}

/** How to make a scan. */
export interface ScanOptions extends CreateTopKOptions {
  /**
   * Given the kernel and the table that it was made from, returns what is to be searched in its place: something
   * that moves the table to another device later, and disposes of the kernel.
   */
  place?: (topK: TopK, table: Table) => Scan
}

/**
 * Hands the items' embeddings to the first device that can hold them, with the popularity prior as bias.
 *
 * @throws `VitrineError('ARTIFACT_CORRUPT')` when the kernel refuses the table, `MODEL_UNSUPPORTED` when no
 * device can hold it.
 */
export async function createScan(
  { embeddings, statistics }: Pick<Evidence, 'embeddings' | 'statistics'>,
  { place, ...options }: ScanOptions = {},
): Promise<Scan> {
  const { count, dimension, values, scales } = embeddings
  const bias = priorOf(statistics)
  if (values instanceof Float32Array) return createFloatScan(embeddings, bias)
  try {
    const table = { count, dimension, values, scales, bias }
    const topK = await createTopK(table, options)
    return place ? place(topK, table) : topK
  } catch (cause) {
    if (cause instanceof RangeError) throw corrupt('embeddings', cause.message)
    // The last device's file did not come: that says nothing of the model, and is tried again.
    const last: unknown = cause instanceof AggregateError && cause.errors.at(-1)
    if (last instanceof VitrineError) throw last
    throw new VitrineError(
      'MODEL_UNSUPPORTED',
      `No kernel can hold ${count} items of ${dimension} dimensions here: add 'scalar' to the devices.`,
      { cause },
    )
  }
}
