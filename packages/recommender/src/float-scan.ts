/** The pass over the catalogue in float32, for the full-precision twin of a model. Never on a device. */
import type { Query, TopK, TopKResult } from '@vitrine/kernels'
import { chooseBest } from './choose.ts'
import { type EmbeddingRows, type Embeddings, dotWithRow } from './embeddings.ts'

/** Returns a scan over float32 embeddings, with the rules of the int8 kernels. */
export function createFloatScan(
  embeddings: Embeddings,
  bias: Float32Array,
): Pick<TopK, 'device' | 'search' | 'dispose'> & { rows: EmbeddingRows } {
  return {
    rows: embeddings,
    device: 'scalar',
    search: async ({ vector, k, mask, biasWeight = 1 }: Query): Promise<TopKResult> => {
      const items = new Uint32Array(embeddings.count)
      const scores = new Float32Array(embeddings.count)
      let count = 0
      for (let item = 0; item < embeddings.count; item++) {
        if (mask?.[item]) continue
        items[count] = item
        scores[count++] = dotWithRow(embeddings, item, vector) + biasWeight * bias[item]!
      }
      const order = new Uint32Array(k)
      const found = chooseBest(scores, count, items, k, order)
      return {
        indices: Uint32Array.from(order.subarray(0, found), (place) => items[place]!),
        scores: Float32Array.from(order.subarray(0, found), (place) => scores[place]!),
      }
    },
    // Nothing to free: the embeddings are the model's own.
    dispose: () => undefined,
  }
}
