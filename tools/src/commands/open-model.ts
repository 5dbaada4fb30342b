/** Opens a revision folder as the browser would: reads it and loads it into the recommender. */
import { type Model, type Precision, type StoredReranker, loadModel, loadStarter } from '@vitrine/recommender'
import { readRevision } from '../train/index.ts'
import { withRanker } from '../train/pack-revision.ts'

/** How to open a model. */
export interface OpenModelOptions {
  precision?: Precision
  /** File of an encoder to use in place of the built-in one. */
  encoder?: string | undefined
  /** How the catalogue is scanned: as on a device, or by signs first. */
  scan?: 'int8' | 'binary'
  /** In place of its own, for measuring. */
  reranker?: StoredReranker
  signal: AbortSignal
}

/** @throws what `readRevision`, `loadModel`, and with an encoder `openWithEncoder` throw. */
export async function openModel(
  folder: string,
  { precision = 'int8', encoder, scan = 'int8', reranker, signal }: OpenModelOptions,
): Promise<Model> {
  const stored = await readRevision(folder, { precision })
  const revision = reranker ? withRanker(stored, reranker) : stored
  if (encoder !== undefined) {
    const { readEncoderFile } = await import('../export/encoder-file.ts')
    const { openWithEncoder } = await import('../export/with-encoder.ts')
    return openWithEncoder(revision, await readEncoderFile(encoder), { signal })
  }
  const { createBinaryScan } = await import('../quantize/binary-scan.ts')
  return loadModel(revision.manifest, revision.artifacts, {
    precision,
    signal,
    ...(scan === 'binary' && {
      place: (topK, table) => {
        topK.dispose()
        return createBinaryScan(table)
      },
    }),
  })
}

/** Loads the starter of a revision folder; undefined where it has none. @throws what `readRevision` and `loadStarter` throw. */
export async function openStarter(folder: string): Promise<Model | undefined> {
  const { manifest, artifacts } = await readRevision(folder)
  const bytes = artifacts.get('starter')
  return bytes && loadStarter(manifest, bytes)
}
