/** The placement file as the worker has it: loaded once a whole model serves, and told which one is in use. */
import { createTopK } from '@vitrine/kernels'
import { type Model, answerOf } from '@vitrine/recommender'
import type { HostedTopK } from '../placement/hosted.ts'
import type { PlacementStatus } from '../placement/surroundings.ts'
import type { ModelPlacement, openPlacement } from '../placement.ts'
import type { Platform } from '../platform.ts'
import type { Database } from '../storage/database.ts'
import { importFile } from './file.ts'
import type { WorkerOptions } from './protocol.ts'

/** Moves the models of one recommender to the devices that serve them best. */
export interface Placing {
  /** Whose table it is. */
  tables: WeakMap<Model, HostedTopK>
  /** Another model is in use. */
  follow(model: Model | undefined): Promise<void>
  /** Null before the file has loaded. */
  status(): PlacementStatus | null
  dispose(): void
}

/** Surroundings of {@link createPlacing}. */
export interface PlacingOptions {
  platform: Platform
  /** Where verdicts are kept: on disk with consent, in memory without. */
  database: () => Promise<Database>
  onError: (error: unknown) => void
  /** What the page waits for, and the placement file therefore too; nothing where missing. */
  firstList?: Promise<void>
}

/** Returns undefined where the page says itself which devices are to compute. */
export function createPlacing(
  { devices, placementUrl, shardUrl, webgpuUrl }: WorkerOptions,
  { firstList, ...surroundings }: PlacingOptions,
): Placing | undefined {
  if (devices || !placementUrl || !shardUrl) return undefined
  const tables: Placing['tables'] = new WeakMap()
  let current: Model | undefined
  let loading: Promise<ModelPlacement> | undefined
  let placement: ModelPlacement | undefined

  const load = async (): Promise<ModelPlacement> => {
    const file = await importFile<{ openPlacement: typeof openPlacement }>(placementUrl)
    return file.openPlacement({ ...surroundings, createTopK, answerOf, importFile, shardUrl, webgpuUrl })
  }
  return {
    tables,
    async follow(model) {
      current = model
      // A starter has nothing to move.
      if (!model || !tables.has(model)) return
      await firstList
      try {
        placement = await (loading ??= load())
        if (current === model) placement.place(model, tables.get(model)!)
      } catch (error) {
        loading = undefined // The next model is another occasion.
        surroundings.onError(error)
      }
    },
    status: () => placement?.status() ?? null,
    dispose() {
      current = undefined
      placement?.dispose()
    },
  }
}
