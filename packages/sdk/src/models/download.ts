/** Downloads one artifact: goes on where it broke off, and never takes more than the manifest promises. */
import { type Artifact, VitrineError } from '@vitrine/contracts'
import { type Endpoint, isTemporary, refusal } from '../endpoint.ts'
import type { Platform } from '../platform.ts'
import type { Database } from '../storage/database.ts'
import { appendPartial, dropPartial, readPartial } from './partial.ts'
import { isFinal, readPieces } from './read.ts'

/** What has come is put aside this often: a download that is quicker needs no way to go on. */
const ASIDE_MS = 1000

/** What downloads came to, in this page's life. */
export interface DownloadCounts {
  /** Bytes that arrived, before any content encoding, those of failed tries too. */
  bytes: number
  /** Artifacts that came as a delta, and deltas that did not lead to their artifact. */
  deltas: number
  deltasRefused: number
  /** Downloads that went on where they had broken off. */
  resumed: number
}

/** What {@link downloadArtifact} works with. */
export interface DownloadOptions {
  endpoint: Endpoint
  database: Database
  platform: Pick<Platform, 'setTimer' | 'elapsed'>
  counts: DownloadCounts
  /** Told how many bytes are there now. */
  onBytes: (bytes: number) => void
  signal: AbortSignal
  /** Asks past the browser's cache, for all of it. */
  anew?: boolean
}

/**
 * Returns the artifact's bytes, of the promised size but not yet verified.
 *
 * @throws `VitrineError` `NETWORK_FAILED` (no answer, cut off, or stalled; what came is kept), `ARTIFACT_NOT_FOUND`,
 * `ENDPOINT_REFUSED`, `ARTIFACT_CORRUPT` (longer than promised); the signal's reason when aborted.
 */
export async function downloadArtifact(
  artifact: Artifact,
  { endpoint, database, platform, counts, onBytes, signal, anew = false }: DownloadOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  const { role, sha256, bytes } = artifact
  if (anew) await database.transact('readwrite', async (rows) => dropPartial(rows, sha256))
  const data = new Uint8Array(bytes)
  let received = 0
  for (const piece of await readPartial(database, artifact)) {
    data.set(piece, received)
    received += piece.length
  }
  if (received === bytes && bytes > 0) return data
  const response = await endpoint.request(`/v1/artifacts/${sha256}`, {
    signal,
    isPublic: true,
    cache: anew ? 'reload' : 'default',
    ...(received > 0 && { headers: { range: `bytes=${received}-` } }),
  })
  if (response.status === 206) counts.resumed++
  else received = 0
  if (response.status === 416) {
    throw new VitrineError('ARTIFACT_CORRUPT', `artifact ${role} is shorter than what came of it before`)
  }
  if (!response.ok) {
    const code = response.status === 404 ? 'ARTIFACT_NOT_FOUND' : 'ENDPOINT_REFUSED'
    throw await refusal(
      response,
      isTemporary(response.status) ? 'NETWORK_FAILED' : code,
      `artifact ${role} did not come`,
    )
  }
  onBytes(received)

  let aside = received
  let asideAt = platform.elapsed()
  let putting: Promise<void> = Promise.resolve()
  const putAside = (): void => {
    // A copy: a view would be stored with all of its buffer.
    const next = { offset: aside, piece: data.slice(aside, received) }
    aside = received
    asideAt = platform.elapsed()
    putting = putting.then(() => appendPartial(database, sha256, next))
  }
  try {
    const tooLong = (): VitrineError =>
      new VitrineError(
        'ARTIFACT_CORRUPT',
        `artifact ${role} is longer than the ${bytes} bytes that the manifest promises; the download was ended and nothing of it is used`,
      )
    await readPieces(response, { limit: bytes - received, platform, signal, tooLong }, (piece) => {
      data.set(piece, received)
      received += piece.length
      counts.bytes += piece.length
      onBytes(received)
      if (platform.elapsed() - asideAt >= ASIDE_MS) putAside()
    })
    if (received < bytes) throw new Error('the body ended')
    return data
  } catch (cause) {
    if (received > aside && received < bytes) putAside()
    if (isFinal(cause, signal)) throw cause
    throw new VitrineError(
      'NETWORK_FAILED',
      `artifact ${role} broke off after ${received} of ${bytes} bytes; it goes on from there later`,
      { cause },
    )
  } finally {
    await putting
  }
}
