/** Loads models onto the devices that the page prefers, and remembers why a preferred one does not serve. */
import type { Manifest } from '@vitrine/contracts'
import type { KernelDevice, ScalarModule, WebGpuModule } from '@vitrine/kernels'
import {
  type InferenceEngine,
  type Model,
  type ShelvesModule,
  type UnpackedStarter,
  loadModel,
} from '@vitrine/recommender'
import type { EngineRequest } from '../models/engine.ts'
import type { LoadModel } from '../models/update.ts'
import { type HostedTopK, hostTopK } from '../placement/hosted.ts'
import { importFile, once } from './file.ts'
import type { Placing } from './placing.ts'
import type { WorkerOptions } from './protocol.ts'

/** Loads models for one recommender. */
export interface ModelLoader {
  /** @throws as `loadModel`, once no device is left. */
  load: LoadModel<Model>
  /** Returns the starter of a model, which serves until the model has come. */
  loadStarter: (manifest: Manifest, bytes: Uint8Array) => Promise<Model>
  /** Why the devices before the one in use do not serve `model`, as `device: reason`. */
  whyNot: (model: Model) => string[]
}

/** What a loader works with. */
export interface LoaderOptions {
  /** Where the tables of models are hosted. */
  tables?: Placing['tables'] | undefined
  /** Returns a starter as a revision of its own. */
  unpackStarter: (manifest: Manifest, bytes: Uint8Array) => Promise<UnpackedStarter>
  /** Starts the engine of a manifest that names one; `startPageEngine` of the network file. */
  startEngine: (request: EngineRequest) => Promise<InferenceEngine | undefined>
  /** Rejects a model that computes wrong here, and where it cannot be tested. */
  selfTest: (model: Model) => Promise<void>
  /** Told of engines that do not serve. */
  onError: (error: unknown) => void
}

/** Returns a loader that tries `devices` in order; the kernels' own order where missing. */
export function createModelLoader(
  {
    devices,
    webgpuUrl,
    scalarUrl,
    shelvesUrl,
    engines = {},
    base,
  }: Pick<WorkerOptions, 'devices' | 'webgpuUrl' | 'scalarUrl' | 'shelvesUrl' | 'engines' | 'base'>,
  { tables, unpackStarter, startEngine, selfTest, onError }: LoaderOptions,
): ModelLoader {
  const reasons = new WeakMap<Model, string[]>()
  const files = {
    loadWebGpu: () => importFile<WebGpuModule>(webgpuUrl),
    ...(scalarUrl && { loadScalar: once((attempt) => importFile<ScalarModule>(scalarUrl, attempt)) }),
    ...(shelvesUrl && { loadShelves: once((attempt) => importFile<ShelvesModule>(shelvesUrl, attempt)) }),
  }
  return {
    async loadStarter(whole, bytes) {
      const { manifest, artifacts } = await unpackStarter(whole, bytes)
      return loadModel(manifest, artifacts, files)
    },
    whyNot: (model) => [...(reasons.get(model) ?? [])],
    async load(manifest, artifacts, options) {
      const passedOver: string[] = []
      const note = (device: string, reason: unknown): void => {
        passedOver.push(`${device}: ${reason instanceof Error ? reason.message : String(reason)}`)
      }
      const noteEngine = (engine: string, reason: unknown): void => {
        note(engine, reason)
        onError(reason)
      }
      const loadOn = async (order: KernelDevice[] | undefined): Promise<Model> => {
        let hosted: HostedTopK | undefined
        const loaded = await loadModel(manifest, artifacts, {
          ...(order && { devices: order }),
          ...files,
          onFallback: note,
          startEngine: (evidence) =>
            startEngine({
              manifest,
              artifacts,
              evidence,
              addresses: engines,
              base,
              signal: options.signal,
              onFailure: noteEngine,
            }).catch((error: unknown) => {
              noteEngine(String(manifest.engine), error)
              return undefined
            }),
          place: (topK) => (hosted = hostTopK(topK)),
          ...options,
        })
        if (hosted) tables?.set(loaded, hosted)
        return loaded
      }
      let model = await loadOn(devices)
      if (model.device === 'webgpu') {
        // A driver that gets the kernel's own test right may still get this model wrong.
        try {
          await selfTest(model)
        } catch (error) {
          model.dispose()
          note('webgpu', error)
          model = await loadOn(devices?.filter((device) => device !== 'webgpu'))
        }
      }
      if (model.engine.drop) {
        // The revision is good where the built-in encoder is: an engine that computes wrong here goes alone.
        await selfTest(model).catch((error: unknown) => model.engine.drop?.(error))
      }
      reasons.set(model, passedOver)
      return model
    },
  }
}
