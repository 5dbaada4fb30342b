/** Asks the endpoint for a model's newest manifest, and refuses one that this device must not follow. */
import { type Manifest, VitrineError, parseManifest } from '@vitrine/contracts'
import { type Endpoint, isTemporary, readJson, refusal } from '../endpoint.ts'
import { sizeOf } from './store.ts'

/** No model meant for a phone is near this; a hostile manifest must not fill the shopper's memory. */
const MAX_MODEL_BYTES = 64 * 2 ** 20

/** A manifest as the endpoint served it. */
export interface ServedManifest {
  manifest: Manifest
  etag: string | undefined
}

/**
 * Returns the newest manifest of model `id`, or undefined when it is still the one that `etag` names.
 *
 * @param now Unix ms; a manifest that has expired by then is refused.
 * @throws `VitrineError` `NETWORK_FAILED`, `MODEL_NOT_FOUND`, `ENDPOINT_REFUSED`, `INVALID_MANIFEST`,
 * `MODEL_UNSUPPORTED` (too large); the signal's reason when aborted.
 */
export async function fetchManifest(
  endpoint: Endpoint,
  id: string,
  { etag, now, signal }: { etag: string | undefined; now: number; signal: AbortSignal },
): Promise<ServedManifest | undefined> {
  const response = await endpoint.request(`/v1/models/${encodeURIComponent(id)}/manifest`, {
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
  const manifest = parseManifest(await readJson(response, 'INVALID_MANIFEST'))
  assertAcceptable(manifest, id, now)
  return { manifest, etag: response.headers.get('etag') ?? undefined }
}

function assertAcceptable(manifest: Manifest, id: string, now: number): void {
  if (manifest.id !== id) {
    throw new VitrineError(
      'INVALID_MANIFEST',
      `asked for model ${id} and got ${manifest.id}; nothing is changed`,
    )
  }
  if (manifest.expiresAt !== undefined && Date.parse(manifest.expiresAt) <= now) {
    throw new VitrineError(
      'INVALID_MANIFEST',
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
