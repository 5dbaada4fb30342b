/** Trains a revision: graph, embeddings, ranker, then everything again on all sessions. */
import type { TrainInput, TrainOptions, TrainedModel } from './types.ts'

/**
 * Trains a model on `input`.
 *
 * @throws `VitrineError('TOO_LITTLE_DATA')` when no pair of items ever met in a session, `CANCELLED` when
 * the signal aborts.
 */
export declare function trainModel(input: TrainInput, options?: TrainOptions): Promise<TrainedModel>
