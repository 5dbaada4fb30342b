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
  /** Another model is in use. @throws as `importFile`; the file is not looked for again in this page's life. */
  follow(model: Model | undefined): Promise<void>
  /** Undefined before the file has loaded. */
  status(): PlacementStatus | null | undefined
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
export function createPlacing(options: WorkerOptions, surroundings: PlacingOptions): Placing | undefined {
  const { devices, placementUrl } = options
  if (devices || !placementUrl) return undefined
  const tables: Placing['tables'] = new WeakMap()
  let current: Model | undefined
  let loading: Promise<ModelPlacement> | undefined
  let placement: ModelPlacement | undefined

  const load = async (): Promise<ModelPlacement> => {
    const file = await importFile<{ openPlacement: typeof openPlacement }>(placementUrl)
    return file.openPlacement(options, { ...surroundings, createTopK, answerOf, importFile })
  }
  return {
    tables,
    async follow(model) {
      current = model
      const hosted = model && tables.get(model)
      // A starter has nothing to move.
      if (!hosted) return
      await surroundings.firstList
      placement = await (loading ??= load())
      if (current === model) placement.place(model, hosted)
    },
    status: () => placement?.status(),
    dispose() {
      current = undefined
      placement?.dispose()
    },
  }
}
