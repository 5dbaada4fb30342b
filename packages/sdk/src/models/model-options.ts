/** What the model of a page works with: types alone. */
import type { Manifest } from '@vitrine/contracts'
import type { Platform } from '../platform.ts'
import type { LoadModel, NewerRevision, UpdateRequest } from './request.ts'
import type { Progress } from './revision.ts'
import type { Pins } from './trust.ts'

/** What `ActiveModel` needs of a model. */
export interface Disposable {
  dispose(): void
}

/** What `ActiveModel` works with. */
export interface ModelOptions<M extends Disposable> {
  id: string
  /** The endpoint's URL: locks and channels of other tabs are named by it. */
  url: string
  platform: Platform
  /** Whose revisions may run; anybody's where missing. */
  pins?: Pins | undefined
  /** Under which the endpoint knows this device; undefined without consent. */
  device?: (() => Promise<string | undefined>) | undefined
  /** Brings a newer revision into the store: `updateModel`, which is in the network file. */
  update: (request: UpdateRequest<M>) => Promise<NewerRevision<M> | undefined>
  /** Reads artifacts whose hashes were verified. */
  load: LoadModel<M>
  /** Reads a starter whose hash was verified. */
  loadStarter: (manifest: Manifest, bytes: Uint8Array) => Promise<M>
  /** Rejects when a staged model does not compute what its golden vectors say. */
  selfTest: (model: M) => Promise<void>
  onChange: () => void
  onProgress: (progress: Progress) => void
  onError: (error: unknown) => void
}
