/** Starts an ONNX encoder on the first device that can run all of it. */
import { type ArtifactRole, VitrineError, isVitrineError } from '@vitrine/contracts'
import type { EngineOptions, EngineShape, InferenceEngine } from '@vitrine/recommender'
import { OnnxEngine } from './onnx-engine.ts'
import { inTurn } from './queue.ts'
import { type Device, type LoadRuntime, runtimeFrom, sessionOptions } from './runtime.ts'

/** What {@link createEngine} takes. */
export interface OnnxEngineOptions extends EngineOptions {
  /** Returns onnxruntime-web where it is not to be imported from `runtimeUrl`, for instance in Node. */
  loadRuntime?: LoadRuntime
}

/**
 * Loads the encoder in the artifact `encoder-onnx`: `item_ids [1, L] int32` → `query [1, d] float32`, L fixed or
 * free. One run is made at once, so that the first list does not wait for it.
 *
 * @throws `VitrineError('ENGINE_FAILED')` when no device of the list runs it whole, `MODEL_UNSUPPORTED` when its
 * inputs or outputs are others, `ARTIFACT_NOT_FOUND` without the artifact; the signal's reason when aborted.
 * @example
 * ```ts
 * const artifacts = new Map([['encoder-onnx', await readFile('encoder.onnx')]])
 * const engine = await createEngine(artifacts, {
 *   items: 3665,
 *   dimension: 64,
 *   loadRuntime: () => import('onnxruntime-web'),
 * })
 * const query = new Float32Array(64)
 * await engine.encode([17, 4], query)
 * ```
 */
export async function createEngine(
  artifacts: ReadonlyMap<ArtifactRole, Uint8Array>,
  {
    items,
    dimension,
    runtimeUrl = new URL('./', import.meta.url).href,
    devices = ['wasm'],
    onFallback,
    loadRuntime = runtimeFrom(runtimeUrl),
    signal,
  }: OnnxEngineOptions,
): Promise<InferenceEngine> {
  const bytes = artifacts.get('encoder-onnx')
  if (!bytes) {
    throw new VitrineError(
      'ARTIFACT_NOT_FOUND',
      'The revision has no encoder-onnx: publish it with --encoder.',
    )
  }
  const reasons: string[] = []
  for (const device of devices) {
    signal?.throwIfAborted()
    try {
      return await start(bytes, device, { items, dimension, loadRuntime })
    } catch (reason) {
      // On another device it would not fit either.
      if (isVitrineError(reason)) throw reason
      reasons.push(`${device}: ${String(reason)}`)
      onFallback?.(device, reason)
    }
  }
  throw new VitrineError(
    'ENGINE_FAILED',
    `onnxruntime-web runs the encoder on none of ${devices.join(', ')} (${reasons.join('; ')}): check that its files are in ${runtimeUrl}, and that the model's operators are known there.`,
  )
}

async function start(
  bytes: Uint8Array,
  device: Device,
  { loadRuntime, items, dimension }: EngineShape & { loadRuntime: LoadRuntime },
): Promise<InferenceEngine> {
  const runtime = await loadRuntime(device)
  const session = await inTurn(() => runtime.InferenceSession.create(bytes, sessionOptions(device)))
  try {
    const engine = new OnnxEngine(runtime, session, device, { items, dimension })
    // With the last item, so that an encoder of a smaller catalogue is found out now.
    await engine.encode([0, items - 1], new Float32Array(dimension))
    return engine
  } catch (error) {
    await inTurn(() => session.release())
    throw error
  }
}
