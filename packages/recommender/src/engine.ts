/** What turns a history into a query embedding: the built-in encoder, or an engine that runs a shop's own. */
import type { ArtifactRole, EngineName } from '@vitrine/contracts'
import { type Encoder, encodeHistory } from './encoder.ts'
import type { EmbeddingRows } from './embeddings.ts'

/** The encoder of Vitrine itself, or the runtime of another one. */
export type EncoderName = 'built-in' | EngineName

/** What an engine computes on. */
export type EngineDevice = 'javascript' | 'wasm' | 'webgpu'

/** Computes query embeddings. Calls may overlap; results do not. */
export interface InferenceEngine {
  readonly name: EncoderName
  readonly device: EngineDevice
  /**
   * Writes the embedding of `history` (item indices, oldest first, at least one) into `query` `[d]`; only its
   * direction counts. An engine that is done at once returns no promise, so that nobody waits for a turn.
   *
   * @throws `VitrineError('ENGINE_FAILED')` when nothing was computed, `DISPOSED` after `dispose()`.
   */
  encode(history: ArrayLike<number>, query: Float32Array): void | Promise<void>
  /** Gives the engine up for its reserve, where it has one: a runtime that failed or computed wrong is not asked again. */
  drop?(reason: unknown): void
  /** Frees everything, after the runs that wait. */
  dispose(): void
}

/** What an engine has to fit. */
export interface EngineShape {
  /** N: items are 0 to N − 1. */
  readonly items: number
  /** d of the query embedding. */
  readonly dimension: number
}

/** How an engine file starts its runtime. */
export interface EngineOptions extends EngineShape {
  /** Folder of the runtime's files, absolute, with a slash at its end; the engine file's own where missing. */
  runtimeUrl?: string
  /** In order of preference; `['wasm']` where missing. */
  devices?: readonly Exclude<EngineDevice, 'javascript'>[]
  /** Told why a preferred device was passed over. */
  onFallback?: (device: EngineDevice, reason: unknown) => void
  signal?: AbortSignal
}

/** What an engine's file exports. */
export interface EngineModule {
  /**
   * Starts the engine with the artifacts that the manifest lists for it.
   *
   * @throws `VitrineError('ENGINE_FAILED')` when no device can run it, `MODEL_UNSUPPORTED` when the encoder's
   * inputs or outputs are not what Vitrine needs.
   */
  createEngine(
    artifacts: ReadonlyMap<ArtifactRole, Uint8Array>,
    options: EngineOptions,
  ): Promise<InferenceEngine>
}

/** Returns the built-in encoder as an engine: it is done at once. */
export function createBuiltInEngine({
  encoder,
  embeddings,
}: {
  encoder: Encoder
  embeddings: EmbeddingRows
}): InferenceEngine {
  const input = new Float32Array(2 * encoder.dimension)
  return {
    name: 'built-in',
    device: 'javascript',
    encode: (history, query) => encodeHistory(encoder, embeddings, history, input, query),
    // Nothing to free: its tables are the model's own.
    dispose: () => undefined,
  }
}
