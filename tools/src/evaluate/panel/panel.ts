/** Who asks rankers their cases: this thread, or several at once, to the same answers. */
import type { Precision, StoredReranker } from '@vitrine/recommender'
import type { BaselineName, FittedOn } from '../baselines/families.ts'
import type { Settings } from '../baselines/family.ts'
import type { Contexts, Measured } from '../measure-ranker.ts'

/** A revision folder, opened as the browser would or in another way; what a thread can be told. */
export interface ModelSource {
  kind: 'model'
  folder: string
  precision: Precision
  /** File of an encoder to use in place of the built-in one. */
  encoder?: string | undefined
  /** How the catalogue is scanned. */
  scan?: 'int8' | 'binary'
  /** In place of its own. */
  reranker?: StoredReranker
}

/** What serves while the model is on its way, of the same folder. */
export interface StarterSource {
  kind: 'starter'
  folder: string
}

/** A baseline under some settings. */
export interface BaselineSource {
  kind: 'baseline'
  name: BaselineName
  settings: Settings
  /** All training sessions, or those before the tail that settings are chosen on. */
  fittedOn: FittedOn
}

/** Anything that ranks. */
export type RankerSource = ModelSource | StarterSource | BaselineSource

/** How to ask. */
export interface AskOptions {
  k: number
  minPrefix?: number
  /** What is known of each session; nothing where missing. */
  contexts?: Contexts | undefined
  onProgress?: (share: number) => void
  signal?: AbortSignal
}

/** Asks. */
export interface Panel {
  /** Asks a ranker all cases of `sessions`. @throws what opening it throws; the reason of `signal` once aborted. */
  measure(
    source: RankerSource,
    sessions: readonly (readonly string[])[],
    options: AskOptions,
  ): Promise<Measured>
  /** Lets go of rankers and threads. */
  close(): Promise<void>
}
