/** Gets an artifact as the difference to one that is on the device already; anything amiss, and the whole one is taken. */
import { type Artifact, VitrineError, applyDelta, maxDeltaBytes } from '@vitrine/contracts'
import type { Endpoint } from '../endpoint.ts'
import type { Platform } from '../platform.ts'
import { verifyArtifact } from './integrity.ts'
import { isFinal, readBytes } from './read.ts'
import type { DownloadCounts } from './download.ts'

/** What {@link downloadByDelta} works with. */
export interface DeltaOptions {
  endpoint: Endpoint
  platform: Pick<Platform, 'setTimer' | 'subtle'>
  counts: DownloadCounts
  signal: AbortSignal
  /** Told why a delta that there is was not used. */
  onError: (error: unknown) => void
}

/** An artifact that is on the device, verified. */
export interface DeltaBase {
  sha256: string
  data: Uint8Array<ArrayBuffer>
}

/**
 * Returns the verified artifact, or undefined when there is no delta from `base` or it led anywhere else.
 *
 * @throws the signal's reason when aborted.
 */
export async function downloadByDelta(
  artifact: Artifact,
  base: DeltaBase,
  { endpoint, platform, counts, signal, onError }: DeltaOptions,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const { role, sha256, bytes } = artifact
  try {
    const response = await endpoint.request(`/v1/deltas/${base.sha256}/${sha256}`, { signal, isPublic: true })
    if (!response.ok) {
      await response.body?.cancel()
      return undefined
    }
    const within = (limit: number): Parameters<typeof readBytes>[1] => ({ limit, platform, signal, tooLong })
    const packed = await readBytes(response, within(bytes))
    counts.bytes += packed.length
    const inflated = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'))
    const delta = await readBytes(new Response(inflated), within(maxDeltaBytes(bytes)))
    const data = applyDelta(base.data, delta, bytes)
    await verifyArtifact(artifact, data, platform.subtle)
    counts.deltas++
    return data
  } catch (error) {
    signal.throwIfAborted()
    counts.deltasRefused++
    onError(isFinal(error, signal) ? error : unusable(role, error))
    return undefined
  }
}

function unusable(role: Artifact['role'], cause: unknown): VitrineError {
  return new VitrineError(
    'ARTIFACT_CORRUPT',
    `the delta of ${role} broke off or is not whole gzip; the whole artifact is taken`,
    { cause },
  )
}

function tooLong(): VitrineError {
  return new VitrineError(
    'ARTIFACT_CORRUPT',
    'the delta is larger than its artifact; the whole artifact is taken',
  )
}
