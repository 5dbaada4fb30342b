/** Downloads what of a revision is not on the device yet: verified, and staged for activation. */
import { type Artifact, type ArtifactRole, type Manifest, isVitrineError } from '@vitrine/contracts'
import type { Endpoint } from '../endpoint.ts'
import type { Platform } from '../platform.ts'
import { type DownloadOptions, downloadArtifact } from './download.ts'
import { verifyArtifact } from './integrity.ts'
import type { Artifacts, ModelStore } from './store.ts'

/** Bytes of a download so far. */
export interface Progress {
  loadedBytes: number
  totalBytes: number
}

/** What {@link downloadRevision} works with. */
export interface RevisionOptions {
  store: ModelStore
  endpoint: Endpoint
  platform: Pick<Platform, 'setTimer' | 'subtle'>
  signal: AbortSignal
  /** Told where the download is. */
  onProgress: (progress: Progress) => void
  /** Told of every piece that arrived, those of failed tries too. */
  onReceived: (bytes: number) => void
}

/**
 * Returns all artifacts of the revision, verified. The first one that fails ends the downloads of the others;
 * those that were complete stay staged.
 *
 * @throws what `downloadArtifact` and `verifyArtifact` throw.
 */
export async function downloadRevision(
  manifest: Manifest,
  { store, endpoint, platform, signal, onProgress, onReceived }: RevisionOptions,
): Promise<Artifacts> {
  const artifacts = new Map<ArtifactRole, Uint8Array<ArrayBuffer>>()
  const missing: Artifact[] = []
  for (const artifact of manifest.artifacts) {
    const stored = await store.findVerified(artifact)
    if (stored) artifacts.set(artifact.role, stored)
    else missing.push(artifact)
  }
  const totalBytes = missing.reduce((sum, { bytes }) => sum + bytes, 0)
  let loadedBytes = 0
  const onBytes = (bytes: number): void => {
    loadedBytes += bytes
    if (bytes > 0) onReceived(bytes)
    onProgress({ loadedBytes, totalBytes })
  }
  const downloads = new AbortController()
  const stop = (): void => downloads.abort(signal.reason)
  signal.addEventListener('abort', stop)
  const download = async (artifact: Artifact): Promise<void> => {
    const options = { endpoint, platform, onBytes, signal: downloads.signal }
    const data = await downloadVerified(artifact, options)
    await store.stage(artifact.sha256, data)
    artifacts.set(artifact.role, data)
  }
  try {
    signal.throwIfAborted()
    await Promise.all(missing.map(download))
  } catch (error) {
    downloads.abort(error)
    throw error
  } finally {
    signal.removeEventListener('abort', stop)
  }
  return artifacts
}

/**
 * Downloads an artifact and checks its hash. Artifacts are immutable to the browser's cache, which would answer
 * with a damaged copy for ever: a second try asks past it.
 */
async function downloadVerified(
  artifact: Artifact,
  options: Omit<DownloadOptions, 'cache'> & Pick<RevisionOptions, 'platform'>,
): Promise<Uint8Array<ArrayBuffer>> {
  const once = async (cache: RequestCache): Promise<Uint8Array<ArrayBuffer>> => {
    let received = 0
    const onBytes = (bytes: number): void => {
      received += bytes
      options.onBytes(bytes)
    }
    try {
      const data = await downloadArtifact(artifact, { ...options, onBytes, cache })
      await verifyArtifact(artifact, data, options.platform.subtle)
      return data
    } catch (error) {
      options.onBytes(-received) // They were for nothing: progress goes back.
      throw error
    }
  }
  try {
    return await once('default')
  } catch (error) {
    if (!isVitrineError(error) || error.code !== 'ARTIFACT_CORRUPT') throw error
    return once('reload')
  }
}
