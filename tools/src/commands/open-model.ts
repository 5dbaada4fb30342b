/** Opens a revision folder as the browser would: reads it and loads it into the recommender. */
import { type Model, type Precision, loadModel, loadStarter } from '@vitrine/recommender'
import { readRevision } from '../train/index.ts'

/** @throws what `readRevision` and `loadModel` throw. */
export async function openModel(
  folder: string,
  { precision = 'int8', signal }: { precision?: Precision; signal: AbortSignal },
): Promise<Model> {
  const { manifest, artifacts } = await readRevision(folder, { precision })
  return loadModel(manifest, artifacts, { precision, signal })
}

/** Loads the starter of a revision folder; undefined where it has none. @throws what `readRevision` and `loadStarter` throw. */
export async function openStarter(folder: string): Promise<Model | undefined> {
  const { manifest, artifacts } = await readRevision(folder)
  const bytes = artifacts.get('starter')
  return bytes && loadStarter(manifest, bytes)
}
