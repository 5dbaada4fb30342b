/** Opens a revision folder as the browser would: reads it and loads it into the recommender. */
import { type Model, type Precision, loadModel } from '@vitrine/recommender'
import { readRevision } from '../train/index.ts'

/** @throws what `readRevision` and `loadModel` throw. */
export async function openModel(
  folder: string,
  { precision = 'int8', signal }: { precision?: Precision; signal: AbortSignal },
): Promise<Model> {
  const { manifest, artifacts } = await readRevision(folder, { precision })
  return loadModel(manifest, artifacts, { precision, signal })
}
