/** An engine of a runtime that may fail, with the built-in encoder behind it: a list comes in any case. */
import { type ArtifactRole, type EngineName, type Manifest, VitrineError } from '@vitrine/contracts'
import {
  type EncoderName,
  type EngineDevice,
  type EngineShape,
  type InferenceEngine,
  createBuiltInEngine,
} from './engine.ts'
import type { EvidenceRows } from './features.ts'

type Artifacts = ReadonlyMap<ArtifactRole, Uint8Array>

/** Starts the engine `name` with its artifacts. */
export type LoadEngine = (
  name: EngineName,
  artifacts: Artifacts,
  shape: EngineShape,
) => Promise<InferenceEngine>

/** How {@link startEngine} finds an engine, and whom it tells. */
export interface StartEngineOptions {
  /** Where missing, no engine is there. */
  loadEngine: LoadEngine | undefined
  /** Told why the engine of the manifest does not serve: now, or later, when it failed. */
  onEngineFailure: (reason: unknown) => void
}

/**
 * Returns the engine that the manifest names, with the built-in encoder as its reserve; undefined where it names
 * none, or the one it names does not start. Never rejects.
 *
 * @example
 * ```ts
 * const model = await loadModel(manifest, artifacts, {
 *   startEngine: (evidence) => startEngine(manifest, artifacts, evidence, { loadEngine, onEngineFailure }),
 * })
 * ```
 */
export async function startEngine(
  { engine: name, revision, items, dimension }: Manifest,
  artifacts: Artifacts,
  evidence: Pick<EvidenceRows, 'encoder' | 'embeddings'>,
  { loadEngine, onEngineFailure }: StartEngineOptions,
): Promise<InferenceEngine | undefined> {
  if (name === undefined) return undefined
  try {
    if (!loadEngine) {
      throw new VitrineError(
        'ENGINE_FAILED',
        `revision ${revision} names the engine ${name} for its encoder, and there is none here: give createRecommender its address, engines: { ${name}: '…/index.js' } (docs/engines.md); the built-in encoder serves`,
      )
    }
    const engine = await loadEngine(name, artifacts, { items, dimension })
    return new EngineWithReserve(engine, createBuiltInEngine(evidence), onEngineFailure)
  } catch (reason) {
    onEngineFailure(reason)
    return undefined
  }
}

/** Uses `engine` until it fails once, and `reserve` from then on. */
class EngineWithReserve implements InferenceEngine {
  readonly #reserve: InferenceEngine
  readonly #onFailure: (reason: unknown) => void
  #engine: InferenceEngine | undefined

  constructor(engine: InferenceEngine, reserve: InferenceEngine, onFailure: (reason: unknown) => void) {
    this.#engine = engine
    this.#reserve = reserve
    this.#onFailure = onFailure
  }

  /** Of the one in use. */
  get name(): EncoderName {
    return (this.#engine ?? this.#reserve).name
  }

  /** Of the one in use. */
  get device(): EngineDevice {
    return (this.#engine ?? this.#reserve).device
  }

  encode(history: ArrayLike<number>, query: Float32Array): void | Promise<void> {
    const engine = this.#engine
    return engine ? this.#encodeBy(engine, history, query) : this.#reserve.encode(history, query)
  }

  drop(reason: unknown): void {
    if (!this.#engine) return
    const { name } = this.#engine
    this.#engine.dispose()
    this.#engine = undefined
    this.#onFailure(
      new VitrineError(
        'ENGINE_FAILED',
        `engine ${name} was given up (${messageOf(reason)}); the built-in encoder takes over`,
        { cause: reason },
      ),
    )
  }

  dispose(): void {
    this.#engine?.dispose()
    this.#reserve.dispose()
  }

  async #encodeBy(engine: InferenceEngine, history: ArrayLike<number>, query: Float32Array): Promise<void> {
    try {
      await engine.encode(history, query)
      normalize(query)
    } catch (error) {
      // Of calls that overlap, the first one that fails says so.
      if (engine === this.#engine) this.drop(error)
      await this.#reserve.encode(history, query)
    }
  }
}

/** Scales `query` to unit length, as scores are cosines; zeros stay zeros. @throws `ENGINE_FAILED` for NaN and infinities. */
function normalize(query: Float32Array): void {
  let squares = 0
  for (let i = 0; i < query.length; i++) squares += query[i]! * query[i]!
  if (!Number.isFinite(squares)) {
    throw new VitrineError('ENGINE_FAILED', 'the query embedding holds NaN or an infinity: mend the encoder')
  }
  const scale = squares > 0 ? 1 / Math.sqrt(squares) : 0
  for (let i = 0; i < query.length; i++) query[i]! *= scale
}

function messageOf(reason: unknown): string {
  return reason instanceof Error ? reason.message : String(reason)
}
