/** The start of a first visit: the starter comes before all else, and serves while the rest is on its way. */
import { type Manifest, artifactOf } from '@vitrine/contracts'
import type { Endpoint } from '../endpoint.ts'
import type { Platform } from '../platform.ts'
import { downloadWhole } from './revision.ts'
import type { UpdateRequest } from './request.ts'

/** A starter on its way. */
export interface StarterComing {
  /** Resolves once half of it is here: what is asked for from then on comes behind it, and no round trip is lost. */
  arriving: Promise<void>
  /** Resolves once it serves, or will not. */
  handedOver: Promise<void>
}

/**
 * Downloads the revision's starter, verified, and hands it over. One that does not come or does not load costs the
 * visit's first lists and nothing else.
 */
export function bringStarter(
  manifest: Manifest,
  { store, counts, signal, onStarter, onError }: Omit<UpdateRequest<unknown>, 'load' | 'selfTest'>,
  { endpoint, platform }: { endpoint: Endpoint; platform: Platform },
): StarterComing {
  const starter = artifactOf(manifest, 'starter')
  if (!onStarter || !starter) return { arriving: Promise.resolve(), handedOver: Promise.resolve() }
  let arrive!: () => void
  const arriving = new Promise<void>((resolve) => (arrive = resolve))
  const onBytes = (received: number): void => {
    if (received >= starter.bytes / 2) arrive()
  }
  const options = { endpoint, platform, counts, signal, database: store.database, onBytes }
  const handedOver = downloadWhole(starter, options)
    .then((bytes) => onStarter(manifest, bytes))
    .catch((error: unknown) => {
      if (!signal.aborted) onError(error)
    })
    .finally(arrive)
  return { arriving, handedOver }
}
