/** What training takes and gives; the numerics behind it know nothing of files, terminals or clocks. */
import type { ArtifactRole, Manifest } from '@vitrine/contracts'
import type { Evidence } from '@vitrine/recommender'
import type { AggregatedPairs } from './aggregated-pairs.ts'
import type { Checkpoints } from './checkpoints.ts'
import type { EarlierRevision } from './earlier-revision.ts'
import type { TrainedEncoders } from './encoder-weights.ts'
import type { GraphTuning } from './graph-grid.ts'
import type { Sessions } from './sessions.ts'
import type { EmbeddingBits, SizeLimits } from './size-budget.ts'

/** Everything training depends on: the same input gives the same bytes. */
export interface TrainInput extends SizeLimits {
  /** Model id, e.g. `online-retail`: lower-case letters, digits, `.`, `_`, `-`. */
  readonly modelId: string
  readonly sessions: Sessions
  /** `[S]`, number of each session's shopper, −1 where unknown; missing where nobody is known: shelves of long history then keep to settings of no shop. */
  readonly shoppers?: Int32Array
  /** `[S]`, Unix ms of each session's first and last event; missing where unknown: the ranker then learns nothing of earlier visits. */
  readonly times?: { readonly started: Float64Array; readonly ended: Float64Array }
  /** `[events]`, places in `EVENT_TYPES`; missing where all events are of one type. */
  readonly types?: Uint8Array
  /**
   * Pairs counted elsewhere, of all the shop's sessions: graph and popularity come from them. `sessions` may then
   * be a sample, on which settings, embeddings and ranker are learned, or empty: a graph in textbook settings.
   */
  readonly pairs?: AggregatedPairs
  /** How the graph's settings are searched. */
  readonly tuning?: GraphTuning
  /** Session encoders trained elsewhere on the same sessions, in the catalogue's order: none are trained here. */
  readonly encoders?: TrainedEncoders
  /** A revision to go on from: a small difference, at the price of settings and a ranker that stay. */
  readonly from?: EarlierRevision
  readonly seed: number
  /** Of a number in the embeddings: by the size of the catalogue where missing, `auto` for 4 where that costs nothing on the tail. */
  readonly embeddingBits?: EmbeddingBits | 'auto'
  /** Share of the log popularity that is taken off every score, so that more of the long tail is shown. */
  readonly longTail?: number
  /** ISO 8601, UTC; goes into the manifest. */
  readonly createdAt: string
  /** Source and licence of the data. */
  readonly attribution?: string
  /** Time of the newest event, ISO 8601; goes into the model card. */
  readonly trainedThrough?: string
}

/** Where training stands. */
export interface TrainProgress {
  readonly stage: 'graph' | 'embeddings' | 'ranker' | 'final' | 'golden'
  /** Work done in all, 0 to 1. */
  readonly share: number
  /** One line on what just happened, e.g. a tuning trial with its score. */
  readonly note: string
}

/** How to run, as opposed to what to compute. */
export interface TrainOptions {
  readonly onProgress?: (progress: TrainProgress) => void
  /** Stops with `CANCELLED`, at most a second or so later. */
  readonly signal?: AbortSignal
  /**
   * Time that two ordinary cores may take, in milliseconds: effort is sized for it by counting operations. Only
   * tuning looks at the clock, and ends early once half of it has gone: on a machine that slow the result depends on
   * its speed. Without a budget the same input gives the same bytes everywhere.
   */
  readonly budgetMs?: number
  /** Where finished stages and epochs are kept and found again; a run that was stopped goes on there. */
  readonly checkpoints?: Checkpoints
  /** Clock of the budget, in milliseconds. */
  readonly now?: () => number
}

/** A manifest with the bytes of its artifacts. */
export interface Revision {
  readonly manifest: Manifest
  readonly artifacts: ReadonlyMap<ArtifactRole, Uint8Array>
}

/** One setting tried on the tail of the training sessions. */
export interface TuningTrial {
  readonly setting: string
  readonly value: number
  /** Of the whole set of values with this one in it, in percent. */
  readonly hitRate: number
  readonly mrr: number
  readonly kept: boolean
}

/** How much int8 rounds one artifact. */
export interface QuantizationError {
  readonly role: ArtifactRole
  /** Largest |error| over the range (largest − smallest value) of the whole table. */
  readonly maxErrorOverRange: number
  /** Bytes as published, and of the same numbers in float32. */
  readonly bytes: number
  readonly fullBytes: number
}

/** Quality on the tail of the training sessions, in percent. */
export interface StageMetrics {
  readonly name: string
  readonly hitRate: number
  readonly mrr: number
}

/** How the embeddings came about. */
export interface EmbeddingFacts {
  readonly method: 'sessions' | 'pairs'
  /** Of the scan alone, on a sample of the tail; of the other method only where it was tried. */
  readonly quality: Readonly<Partial<Record<'sessions' | 'pairs', Omit<StageMetrics, 'name'>>>>
  /** Settings of the method that won, by name. */
  readonly settings: Readonly<Record<string, number>>
  /** Mean loss a case by epoch of the training on all sessions; empty for `pairs`. */
  readonly losses: readonly number[]
  /** The same of the training on the head, whichever method won; missing where none was run. */
  readonly headLosses?: readonly number[]
}

/** How items without events were placed by their content. */
export interface ColdStart {
  /** Items placed so. */
  readonly items: number
  /** Items with events that were hidden, to see how well places are found. */
  readonly hidden: number
  /** Mean cosine of the places found for those with where they belong. */
  readonly cosine: number
  /** Mean share of their 20 nearest items that are nearest to the places found, too. */
  readonly neighbours: number
}

/** How far a shop has moved from the revision that a training went on from. */
export interface Drift {
  /** The earlier revision. */
  readonly from: string
  /** Items that came and went. */
  readonly added: number
  readonly removed: number
  /** Items whose embeddings were learned again or anew. */
  readonly learned: number
  /** Rows of the graph that were written anew. */
  readonly graphRows: number
  /** Mean cosine of the embeddings learned again with what they were. */
  readonly cosine: number
  /** Jensen–Shannon divergence of popularity, in bits: 0 to 1. */
  readonly popularity: number
}

/** What training found out; the model card is written from it. */
export interface TrainReport {
  readonly sessions: number
  readonly events: number
  readonly items: number
  readonly tailCases: number
  readonly trials: readonly TuningTrial[]
  /** The graph's settings that won, by name. */
  readonly settings: Readonly<Record<string, number>>
  readonly stages: readonly StageMetrics[]
  readonly quantization: readonly QuantizationError[]
  readonly embeddings: EmbeddingFacts
  /** Mean listwise loss of the ranker by epoch. */
  readonly rankerLoss: readonly number[]
  /** Only where the catalogue has items without events. */
  readonly coldStart?: ColdStart
  /** Only of a training that went on from an earlier revision. */
  readonly drift?: Drift
}

/** What was learned on the head; embeddings rounded as a device has them. */
export type HeadTables = Pick<Evidence, 'embeddings' | 'encoder'>

/** A trained revision, its side output in float32 (never published) and how it came about. */
export interface TrainedModel extends Revision {
  readonly fullPrecision: Revision
  /**
   * Embeddings and encoder that the ranker learned with, of all but the newest sessions: with them another ranker, or a
   * smaller model, can be learned later. Missing where there were no sessions to choose settings on.
   */
  readonly onHead?: HeadTables
  readonly report: TrainReport
  /** MODEL_CARD.md and its plot, by file name. */
  readonly documents: ReadonlyMap<string, string>
}
