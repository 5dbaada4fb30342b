/** Downloads what of a revision is not on the device yet: verified, and staged for activation. */
import type { Artifact, ArtifactRole, Manifest } from '@vitrine/contracts'
import { codeOf } from '../coded.ts'
import type { Endpoint } from '../endpoint.ts'
import type { Platform } from '../platform.ts'
import { downloadByDelta } from './delta.ts'
import { type DownloadCounts, type DownloadOptions, downloadArtifact } from './download.ts'
import { verifyArtifact } from './integrity.ts'
import { dropPartial } from './partial.ts'
import { type Artifacts, type ModelStore, keptArtifacts } from './store.ts'

/** Bytes of a download so far. */
export interface Progress {
  loadedBytes: number
  totalBytes: number
}

/** What {@link downloadRevision} works with. */
export interface RevisionOptions {
  store: ModelStore
  /** The revision that the device has: deltas lead from its artifacts. */
  base: Manifest | undefined
  endpoint: Endpoint
  platform: Pick<Platform, 'setTimer' | 'elapsed' | 'subtle'>
  counts: DownloadCounts
  signal: AbortSignal
  /** Told where the download is. */
  onProgress: (progress: Progress) => void
  /** Told of what was survived. */
  onError: (error: unknown) => void
}

/**
 * Returns all artifacts of the revision, verified. The first one that fails ends the downloads of the others;
 * those that were complete stay staged, of the others what has come.
 *
 * @throws what `downloadArtifact` and `verifyArtifact` throw.
 */
export async function downloadRevision(
  manifest: Manifest,
  { store, base, endpoint, platform, counts, signal, onProgress, onError }: RevisionOptions,
): Promise<Artifacts> {
  const artifacts = new Map<ArtifactRole, Uint8Array<ArrayBuffer>>()
  const missing: Artifact[] = []
  for (const artifact of keptArtifacts(manifest)) {
    const stored = await store.findVerified(artifact)
    if (stored) artifacts.set(artifact.role, stored)
    else missing.push(artifact)
  }
  const totalBytes = missing.reduce((sum, { bytes }) => sum + bytes, 0)
  const loaded = new Map<ArtifactRole, number>()
  const note = (role: ArtifactRole, bytes: number): void => {
    loaded.set(role, bytes)
    onProgress({ loadedBytes: [...loaded.values()].reduce((sum, each) => sum + each, 0), totalBytes })
  }
  const downloads = new AbortController()
  const stop = (): void => downloads.abort(signal.reason)
  signal.addEventListener('abort', stop)
  const options = { endpoint, platform, counts, signal: downloads.signal, onError }
  const download = async (artifact: Artifact): Promise<void> => {
    const { role, sha256, bytes } = artifact
    const before = base?.artifacts.find((other) => other.role === role)
    const old = before && (await store.findVerified(before))
    const data =
      (old && (await downloadByDelta(artifact, { sha256: before.sha256, data: old }, options))) ??
      (await downloadWhole(artifact, {
        ...options,
        database: store.database,
        onBytes: (received) => note(role, received),
      }))
    await store.database.transact('readwrite', async (rows) => {
      rows.put(sha256, data)
      dropPartial(rows, sha256)
    })
    artifacts.set(role, data)
    note(role, bytes)
  }
  const started: Promise<void>[] = []
  try {
    signal.throwIfAborted()
    started.push(...missing.map(download))
    await Promise.all(started)
  } catch (error) {
    downloads.abort(error)
    await Promise.allSettled(started) // They put aside what has come.
    throw error
  } finally {
    signal.removeEventListener('abort', stop)
  }
  return artifacts
}

/**
 * Downloads an artifact and checks its hash. Artifacts are immutable to the browser's cache, which would answer
 * with a damaged copy for ever, and what was put aside may be of another file: a second try asks past both.
 */
export async function downloadWhole(
  artifact: Artifact,
  options: Omit<DownloadOptions, 'anew'> & Pick<RevisionOptions, 'platform'>,
): Promise<Uint8Array<ArrayBuffer>> {
  const once = async (anew: boolean): Promise<Uint8Array<ArrayBuffer>> => {
    const data = await downloadArtifact(artifact, { ...options, anew })
    await verifyArtifact(artifact, data, options.platform.subtle)
    return data
  }
  try {
    return await once(false)
  } catch (error) {
    if (codeOf(error) !== 'ARTIFACT_CORRUPT') throw error
    return once(true)
  }
}
