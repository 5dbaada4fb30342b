/** Starts a TensorFlow.js encoder on the first device that runs it. */
import { type ArtifactRole, VitrineError, isVitrineError } from '@vitrine/contracts'
import type { EngineOptions, EngineShape, InferenceEngine } from '@vitrine/recommender'
import type { GraphModel } from '@tensorflow/tfjs-converter'
import type { io } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { type TfjsModel, parseModel } from './model-file.ts'
import { type Device, type LoadRuntime, type Runtime, runtimeFrom, useBackend } from './runtime.ts'
import { TfjsEngine } from './tfjs-engine.ts'

/** What {@link createEngine} takes. */
export interface TfjsEngineOptions extends EngineOptions {
  /** Returns TensorFlow.js where it is not to be imported from `runtimeUrl`, for instance in Node. */
  loadRuntime?: LoadRuntime
}

/**
 * Loads the encoder in the artifacts `encoder-tfjs` (a model.json) and `encoder-tfjs-weights` (all its weights, one
 * after the other): item ids `[1, L]` → a query `[1, d] float32`, L fixed or free. One run is made at once, so that
 * the first list does not wait for it.
 *
 * @throws `VitrineError('ENGINE_FAILED')` when no device of the list runs it, `MODEL_UNSUPPORTED` when its input or
 * output is another, `ARTIFACT_CORRUPT` for a file that is no model.json, `ARTIFACT_NOT_FOUND` without the artifacts;
 * the signal's reason when aborted.
 * @example
 * ```ts
 * const engine = await createEngine(artifacts, {
 *   items: 3665,
 *   dimension: 64,
 *   runtimeUrl: 'https://shop.example/vitrine/tfjs/',
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
  }: TfjsEngineOptions,
): Promise<InferenceEngine> {
  const [json, weights] = [artifacts.get('encoder-tfjs'), artifacts.get('encoder-tfjs-weights')]
  if (!json || !weights) {
    const missing = json ? 'encoder-tfjs-weights' : 'encoder-tfjs'
    throw new VitrineError('ARTIFACT_NOT_FOUND', `The revision has no ${missing}: publish it with --encoder.`)
  }
  const model = parseModel(json)
  const reasons: string[] = []
  for (const device of devices) {
    signal?.throwIfAborted()
    try {
      return await start(model, weights, device, { items, dimension, loadRuntime })
    } catch (reason) {
      // On another device it would not fit either.
      if (isVitrineError(reason)) throw reason
      reasons.push(`${device}: ${String(reason)}`)
      onFallback?.(device, reason)
    }
  }
  throw new VitrineError(
    'ENGINE_FAILED',
    `TensorFlow.js runs the encoder on none of ${devices.join(', ')} (${reasons.join('; ')}): check that its files are in ${runtimeUrl}, and that the model's operators are known there.`,
  )
}

async function start(
  model: TfjsModel,
  weights: Uint8Array,
  device: Device,
  { loadRuntime, items, dimension }: EngineShape & { loadRuntime: LoadRuntime },
): Promise<InferenceEngine> {
  const runtime = await loadRuntime(device, model.format)
  await useBackend(runtime, device)
  const loaded = await load(runtime, model, weights)
  try {
    const engine = new TfjsEngine(runtime, loaded, device, { items, dimension })
    // With the last item, so that an encoder of a smaller catalogue is found out now, where the backend checks.
    await engine.warmUp([0, items - 1], dimension)
    return engine
  } catch (error) {
    loaded.dispose()
    throw error
  }
}

async function load(
  { io: { fromMemory }, loadGraphModel, loadLayersModel }: Runtime,
  { format, topology, weights: weightSpecs }: TfjsModel,
  weights: Uint8Array,
): Promise<GraphModel | LayersModel> {
  // TensorFlow.js takes an ArrayBuffer to be weights from its first byte on.
  const weightData = weights.slice().buffer
  const source = fromMemory({ modelTopology: topology, weightSpecs, weightData } satisfies io.ModelArtifacts)
  const read = format === 'graph-model' ? loadGraphModel : loadLayersModel
  if (!read) throw new Error(`TensorFlow.js has no reader of a ${format} here`)
  return read(source)
}
