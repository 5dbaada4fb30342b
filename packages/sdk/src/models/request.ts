/** What a model update is asked and what it brings: types alone, for those who ask and those who answer. */
import type { Manifest } from '@vitrine/contracts'
import type { DownloadCounts } from './download.ts'
import type { Progress } from './revision.ts'
import type { Artifacts, ModelStore } from './store.ts'
import type { Pins } from './trust.ts'

/** What is asked of `updateModel`. */
export interface UpdateRequest<M> {
  id: string
  store: ModelStore
  /** Revision in use. */
  inUse: string | undefined
  /** Under which the endpoint served the revision in use. */
  etag: string | undefined
  pins: Pins
  /** Under which the endpoint knows this device; undefined without consent. */
  device: string | undefined
  /** Tries also a revision that this device rejected before. */
  isAsked: boolean
  /** Reads artifacts whose hashes were verified. */
  load: LoadModel<M>
  /** Rejects when a staged model does not compute what its golden vectors say. */
  selfTest: (model: M) => Promise<void>
  signal: AbortSignal
  /** Counted up as downloads go on. */
  counts: DownloadCounts
  /** Told of a revision that is not the one in use, before anything of it is believed or downloaded. */
  onFound: (manifest: Manifest) => void
  /** Given the starter of a revision that may run; missing where a model is in use. */
  onStarter: ((manifest: Manifest, bytes: Uint8Array) => Promise<void>) | undefined
  onProgress: (progress: Progress) => void
  /** Told of what was survived. */
  onError: (error: unknown) => void
}

/** Reads artifacts whose hashes were verified. */
export type LoadModel<M> = (
  manifest: Manifest,
  artifacts: Artifacts,
  options: {
    signal: AbortSignal
    /** These artifacts passed the self-test on this device before. */
    tested?: boolean
  },
) => Promise<M>

/** A revision that is the active one of the store now, and its model, ready to be used. */
export interface NewerRevision<M> {
  manifest: Manifest
  model: M
}
