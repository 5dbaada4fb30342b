/** A model update, step by step: check, download what is missing, verify, stage, load, self-test, activate. */
import type { Manifest } from '@vitrine/contracts'
import type { Endpoint } from '../endpoint.ts'
import type { Platform } from '../platform.ts'
import { fetchManifest } from './manifest.ts'
import { type Progress, downloadRevision } from './revision.ts'
import type { Artifacts, ModelStore } from './store.ts'

/** What is asked of {@link updateModel}. */
export interface UpdateRequest<M> {
  id: string
  store: ModelStore
  /** Revision in use. */
  inUse: string | undefined
  /** Under which the endpoint served the revision in use. */
  etag: string | undefined
  /** Reads artifacts whose hashes were verified. */
  load: (manifest: Manifest, artifacts: Artifacts, signal: AbortSignal) => Promise<M>
  /** Rejects when a staged model does not compute what its golden vectors say. */
  selfTest: (model: M) => Promise<void>
  signal: AbortSignal
  /** Told of a revision that is not the one in use, before anything of it is downloaded. */
  onFound: (manifest: Manifest) => void
  onProgress: (progress: Progress) => void
  /** Told of every piece that arrived, those of failed tries too. */
  onReceived: (bytes: number) => void
}

/** A revision that is the active one of the store now, and its model, ready to be used. */
export interface NewerRevision<M> {
  manifest: Manifest
  model: M
}

/**
 * Brings the newest revision into the store and loads it; undefined when it is the one in use.
 *
 * @throws `VitrineError` `NETWORK_FAILED`, `MODEL_NOT_FOUND`, `ENDPOINT_REFUSED`, `INVALID_MANIFEST`,
 * `ARTIFACT_NOT_FOUND`, `ARTIFACT_CORRUPT`, `MODEL_UNSUPPORTED`, `SELF_TEST_FAILED`; the active revision stays.
 */
export async function updateModel<M extends { dispose(): void }>(
  { id, store, inUse, etag, load, selfTest, signal, onFound, onProgress, onReceived }: UpdateRequest<M>,
  { endpoint, platform }: { endpoint: Endpoint; platform: Platform },
): Promise<NewerRevision<M> | undefined> {
  const served = await fetchManifest(endpoint, id, { etag, now: platform.now(), signal })
  if (!served || served.manifest.revision === inUse) return undefined
  const { manifest } = served
  onFound(manifest)
  const artifacts = await downloadRevision(manifest, {
    store,
    endpoint,
    platform,
    signal,
    onProgress,
    onReceived,
  })
  const model = await load(manifest, artifacts, signal)
  try {
    await selfTest(model)
    signal.throwIfAborted()
    await store.activate({ manifest, artifacts }, served.etag)
  } catch (error) {
    model.dispose()
    throw error
  }
  return { manifest, model }
}
