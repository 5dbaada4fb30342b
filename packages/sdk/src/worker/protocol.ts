/** What page and worker say to each other. Types alone: the page's entry stays small. */
import type { RecommendResult } from '@vitrine/contracts'
import type { KernelDevice } from '@vitrine/kernels'
import type { Consent } from '../behavior/consent.ts'
import type { WorkerDiagnostics } from '../diagnostics.ts'
import type { EngineAddresses } from '../models/engine.ts'
import type { Progress } from '../models/revision.ts'
import type { UpdateResult } from '../models/active.ts'
import type { Pins } from '../models/trust.ts'

/** The options of a recommender as the worker needs them. */
export interface WorkerOptions {
  /** Without a slash at its end. */
  endpoint: string
  model: string
  key: string
  consent: Consent
  /** Kernels to try, in order; the worker's own order where missing. */
  devices?: KernelDevice[]
  /** Where the network file is. */
  networkUrl: string
  /** Where the WebGPU file is. */
  webgpuUrl: string
  /** Where the file of the scalar kernel is; the module beside the worker's own where missing. */
  scalarUrl?: string
  /** Where the file is that fills shelves of long history, of likeness and of trends. */
  shelvesUrl?: string
  /** Where the files are that choose among devices when `devices` does not, and that a shard runs; none is chosen where missing. */
  placementUrl?: string
  shardUrl?: string
  /** Where the file is that checks signatures for browsers that cannot; they run no signed model where missing. */
  ed25519Url?: string
  /** Where engines are, as the page gave it, and what is relative there is relative to. */
  engines?: EngineAddresses | undefined
  base?: string
  /** Whose models run; anybody's where missing. */
  pins?: Pins
  /** `memory` keeps everything in memory, consent or not. */
  storage: 'indexeddb' | 'memory'
}

/** What the worker tells without being asked. */
export type WorkerNews =
  | { kind: 'progress'; progress: Progress }
  /** Lists made before are stale: another model, or another history. */
  | { kind: 'change'; change: 'model' | 'history' }

/** Called in the page; the worker has a promise of it. */
export type NewsListener = (news: WorkerNews) => void | Promise<void>

/** The worker's side, one for each recommender. Arguments are parsed there: they come from the page as they are. */
export interface WorkerApi {
  /** Resolves when events can be stored; the model goes on loading. */
  open(options: WorkerOptions, listener: NewsListener): Promise<void>
  /** Resolves when the first model is in use. */
  ready(): Promise<void>
  track(event: unknown): Promise<void>
  recommend(request: unknown): Promise<RecommendResult>
  update(): Promise<UpdateResult>
  flush(): Promise<void>
  forget(): Promise<void>
  setConsent(consent: Consent): Promise<void>
  /** The page came online, or goes to the background. */
  wake(reason: 'online' | 'hidden'): Promise<void>
  diagnostics(): Promise<WorkerDiagnostics>
  /** Answers at once: a sign of life. */
  ping(): Promise<void>
  dispose(): Promise<void>
}

/** The worker's first message. Its form never changes, so that any two versions can tell that they differ. */
export interface Greeting {
  vitrine: string
}
