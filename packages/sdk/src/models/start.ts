/** The start of a first visit: the starter comes before all else, and serves while the rest is on its way. */
import { type Manifest, artifactOf } from '@vitrine/contracts'
import type { Endpoint } from '../endpoint.ts'
import type { Platform } from '../platform.ts'
import { downloadWhole } from './revision.ts'
import type { UpdateRequest } from './request.ts'

/**
 * Downloads the revision's starter, verified, and hands it over. Resolves when nothing but handing over is left to
 * do, with what then is under way. A starter that does not come or does not load costs the visit's first lists and
 * nothing else.
 */
export async function bringStarter(
  manifest: Manifest,
  { store, counts, signal, onStarter, onError }: Omit<UpdateRequest<unknown>, 'load' | 'selfTest'>,
  { endpoint, platform }: { endpoint: Endpoint; platform: Platform },
): Promise<{ handedOver: Promise<void> }> {
  const starter = artifactOf(manifest, 'starter')
  let handedOver = Promise.resolve()
  if (onStarter && starter) {
    const survive = (error: unknown): void => {
      if (!signal.aborted) onError(error)
    }
    const options = { endpoint, platform, counts, signal, database: store.database, onBytes: () => undefined }
    await downloadWhole(starter, options).then((bytes) => {
      handedOver = onStarter(manifest, bytes).catch(survive)
    }, survive)
  }
  return { handedOver }
}
