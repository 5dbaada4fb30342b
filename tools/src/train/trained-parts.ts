/** The parts of a trained revision, taken out of its float32 twin again. */
import { type StoredReranker, itemAt, loadModel, readEmbeddings, readEncoder } from '@vitrine/recommender'
import type { TrainedParts } from './pack-revision.ts'
import type { Revision } from './types.ts'

/** Reads all parts of a float32 revision. @throws what `loadModel` throws. */
export async function readParts(
  { manifest, artifacts }: Revision,
  signal: AbortSignal,
): Promise<TrainedParts> {
  const model = await loadModel(manifest, artifacts, { precision: 'fp32', signal })
  try {
    const { catalogue, graph, statistics, context } = model
    // Read again, as plain tables: the loaded model's lie in kernels, which what is made of them would take along.
    const embeddings = readEmbeddings(artifacts.get('embeddings')!)
    const encoder = readEncoder(artifacts.get('encoder')!)
    // Loading has checked it; it keeps the ranker in another form than it is stored in.
    const reranker = JSON.parse(Buffer.from(artifacts.get('reranker')!).toString()) as StoredReranker
    return {
      catalogue: Array.from({ length: manifest.items }, (_, item) => itemAt(catalogue, item)),
      evidence: { graph, embeddings, encoder, statistics, context },
      reranker,
    }
  } finally {
    model.dispose()
  }
}
