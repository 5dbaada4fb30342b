/** Downloads one artifact: streamed, its size checked on the way, never longer than the manifest allows. */
import { type Artifact, VitrineError, isVitrineError } from '@vitrine/contracts'
import { type Endpoint, isTemporary, refusal } from '../endpoint.ts'
import type { Platform } from '../platform.ts'

/** A body that brings nothing for this long is given up, so that a dead connection holds no lock for ever. */
const STALL_MS = 30_000

/** What {@link downloadArtifact} works with. */
export interface DownloadOptions {
  endpoint: Endpoint
  platform: Pick<Platform, 'setTimer'>
  /** Told the size of each piece as it arrives. */
  onBytes: (bytes: number) => void
  signal: AbortSignal
  /** `reload` asks past the browser's cache. */
  cache?: RequestCache
}

/**
 * Returns the artifact's bytes, of the promised size but not yet verified.
 *
 * @throws `VitrineError` `NETWORK_FAILED` (no answer, cut off, or stalled), `ARTIFACT_NOT_FOUND`,
 * `ENDPOINT_REFUSED`, `ARTIFACT_CORRUPT` (longer than promised); the signal's reason when aborted.
 */
export async function downloadArtifact(
  { role, sha256, bytes }: Artifact,
  { endpoint, platform, onBytes, signal, cache = 'default' }: DownloadOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  const response = await endpoint.request(`/v1/artifacts/${sha256}`, { signal, isPublic: true, cache })
  if (!response.ok || !response.body) {
    const code = response.status === 404 ? 'ARTIFACT_NOT_FOUND' : 'ENDPOINT_REFUSED'
    throw await refusal(
      response,
      isTemporary(response.status) ? 'NETWORK_FAILED' : code,
      `artifact ${role} did not come`,
    )
  }
  const reader = response.body.getReader()
  const data = new Uint8Array(bytes)
  let received = 0
  const stop = (): void => {
    reader.cancel(signal.reason).catch(() => {
      // It has ended already: nothing to cancel.
    })
  }
  signal.addEventListener('abort', stop)
  try {
    for (;;) {
      signal.throwIfAborted()
      const { value, done } = await readInTime(reader, platform)
      signal.throwIfAborted()
      if (done) break
      if (received + value.byteLength > bytes) {
        stop()
        throw new VitrineError(
          'ARTIFACT_CORRUPT',
          `artifact ${role} is longer than the ${bytes} bytes that the manifest promises; the download was ended and nothing of it is used`,
        )
      }
      data.set(value, received)
      received += value.byteLength
      onBytes(value.byteLength)
    }
  } catch (cause) {
    stop()
    if (signal.aborted || isVitrineError(cause)) throw cause
    throw new VitrineError(
      'NETWORK_FAILED',
      `artifact ${role} broke off after ${received} of ${bytes} bytes; it is tried again later`,
      { cause },
    )
  } finally {
    signal.removeEventListener('abort', stop)
  }
  if (received < bytes) {
    throw new VitrineError(
      'NETWORK_FAILED',
      `artifact ${role} ended after ${received} of ${bytes} bytes; it is tried again later`,
    )
  }
  return data
}

/** Reads the next piece, or rejects when none comes for {@link STALL_MS}. */
function readInTime(
  reader: ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>,
  { setTimer }: Pick<Platform, 'setTimer'>,
): Promise<ReadableStreamReadResult<Uint8Array<ArrayBuffer>>> {
  return new Promise((resolve, reject) => {
    const cancel = setTimer(() => reject(new Error(`no bytes for ${STALL_MS} ms`)), STALL_MS)
    reader.read().then(resolve, reject).finally(cancel)
  })
}
