/** Asks the endpoint for a model's newest manifest, and reads it within bounds. */
import { type Manifest, VitrineError, parseManifest } from '@vitrine/contracts'
import { type Endpoint, isTemporary, refusal } from '../endpoint.ts'
import type { Platform } from '../platform.ts'
import { isFinal, readBytes } from './read.ts'
import { isExpired, sizeOf } from './store.ts'

/** A manifest has some two kilobytes; 32 key sets bring it to fifty. */
const MAX_MANIFEST_BYTES = 256 * 1024
/** No model meant for a phone is near this; a hostile manifest must not fill the shopper's memory. */
const MAX_MODEL_BYTES = 64 * 2 ** 20

/** A manifest as the endpoint served it. */
export interface ServedManifest {
  manifest: Manifest
  etag: string | undefined
}

/** What {@link fetchManifest} works with. */
export interface ManifestOptions {
  endpoint: Endpoint
  platform: Pick<Platform, 'setTimer'>
  /** Under which the endpoint served the manifest that the device has. */
  etag: string | undefined
  /** Decides whether a revision that is rolled out step by step has come to this device. */
  device: string | undefined
  signal: AbortSignal
}

/**
 * Returns the newest manifest of model `id`, or undefined when it is still the one that `etag` names. Nobody has
 * vouched for it yet.
 *
 * @throws `VitrineError` `NETWORK_FAILED`, `MODEL_NOT_FOUND`, `ENDPOINT_REFUSED`, `INVALID_MANIFEST`; the signal's
 * reason when aborted.
 */
export async function fetchManifest(
  id: string,
  { endpoint, platform, etag, device, signal }: ManifestOptions,
): Promise<ServedManifest | undefined> {
  const query = device === undefined ? '' : `?device=${device}`
  const response = await endpoint.request(`/v1/models/${encodeURIComponent(id)}/manifest${query}`, {
    ...(etag !== undefined && { headers: { 'if-none-match': etag } }),
    cache: 'no-store', // The store's ETag decides, not the browser's cache.
    signal,
  })
  if (response.status === 304) return undefined
  if (!response.ok) {
    const code = response.status === 404 ? 'MODEL_NOT_FOUND' : 'ENDPOINT_REFUSED'
    throw await refusal(
      response,
      isTemporary(response.status) ? 'NETWORK_FAILED' : code,
      `no manifest of model ${id}`,
    )
  }
  const manifest = parseManifest(await readManifest(response, platform, signal))
  return { manifest, etag: response.headers.get('etag') ?? undefined }
}

async function readManifest(
  response: Response,
  platform: Pick<Platform, 'setTimer'>,
  signal: AbortSignal,
): Promise<unknown> {
  let bytes: Uint8Array
  try {
    bytes = await readBytes(response, { limit: MAX_MANIFEST_BYTES, platform, signal, tooLong })
  } catch (cause) {
    if (isFinal(cause, signal)) throw cause
    throw new VitrineError('NETWORK_FAILED', 'the manifest broke off; it is asked for again later', { cause })
  }
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as unknown
  } catch (cause) {
    throw new VitrineError(
      'INVALID_MANIFEST',
      'the endpoint answered with something that is not JSON; check the endpoint option',
      { cause },
    )
  }
}

function tooLong(): VitrineError {
  return new VitrineError(
    'INVALID_MANIFEST',
    `the endpoint's manifest is longer than ${MAX_MANIFEST_BYTES} bytes; check the endpoint option`,
  )
}

/**
 * Holds a manifest against what was asked for, the clock and the size of a phone.
 *
 * @param now Unix ms
 * @throws `VitrineError` `INVALID_MANIFEST` (of another model), `REVISION_EXPIRED`, `MODEL_UNSUPPORTED` (too large).
 */
export function assertAcceptable(manifest: Manifest, id: string, now: number): void {
  if (manifest.id !== id) {
    throw new VitrineError(
      'INVALID_MANIFEST',
      `asked for model ${id} and got ${manifest.id}; nothing is changed`,
    )
  }
  if (isExpired(manifest, now)) {
    throw new VitrineError(
      'REVISION_EXPIRED',
      `revision ${manifest.revision} expired at ${manifest.expiresAt}; publish a newer one, or check this device's clock`,
    )
  }
  const bytes = sizeOf(manifest)
  if (bytes > MAX_MODEL_BYTES) {
    throw new VitrineError(
      'MODEL_UNSUPPORTED',
      `revision ${manifest.revision} has ${bytes} bytes, more than the ${MAX_MODEL_BYTES} that a device takes`,
    )
  }
}
