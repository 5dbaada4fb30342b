/** Entry of the placement file, which the worker loads once a model serves, unless `devices` says what computes. */
import type { CreateTopKOptions, ScalarModule, Table, TopK } from '@vitrine/kernels'
import { type Model, readGolden } from '@vitrine/recommender'
import type { WebGpuFile } from './placement/candidates.ts'
import type { HostedTopK } from './placement/hosted.ts'
import { PlacedTopK } from './placement/placed.ts'
import { createPlacement } from './placement/placement.ts'
import type { PlacementStatus } from './placement/surroundings.ts'
import type { Platform } from './platform.ts'
import type { Database } from './storage/database.ts'
import { VERSION } from './version.ts'

export { VERSION }

/** Key of the verdict, in the model's own database: it goes with it. */
const VERDICT = 'placement'

/** Where further files are. */
export interface PlacementFiles {
  webgpuUrl: string
  scalarUrl?: string
  shardUrl?: string
}

/** What the worker hands to the file: code that it has anyway, and its surroundings. */
export interface ModelPlacementOptions {
  createTopK: (table: Table, options: CreateTopKOptions) => Promise<TopK>
  answerOf: (model: Model, history: readonly number[]) => Promise<unknown>
  importFile: <T>(url: string) => Promise<T>
  platform: Pick<Platform, 'now' | 'elapsed' | 'setTimer'>
  database: () => Promise<Database>
  onError: (error: unknown) => void
}

/** The placement of a recommender's models. */
export interface ModelPlacement {
  /** Takes over the table of the model in use. */
  place(model: Model, hosted: HostedTopK): void
  status(): PlacementStatus | null
  dispose(): void
}

/** Returns a placement without a model. */
export function openPlacement(
  { webgpuUrl, scalarUrl, shardUrl = '' }: PlacementFiles,
  { createTopK, answerOf, importFile, platform, database, onError }: ModelPlacementOptions,
): ModelPlacement {
  const placement = createPlacement({
    createTopK: (table, kernel) =>
      createTopK(table, {
        ...kernel,
        ...(scalarUrl && { loadScalar: () => importFile<ScalarModule>(scalarUrl) }),
      }),
    loadWebGpu: () => importFile<WebGpuFile>(webgpuUrl),
    shardUrl,
    release: VERSION,
    verdicts: {
      read: async () => (await database()).transact('readonly', (rows) => rows.get(VERDICT)),
      write: async (verdict) =>
        (await database()).transact('readwrite', async (rows) => rows.put(VERDICT, verdict)),
    },
    platform,
    browser: navigator.userAgent,
    cores: navigator.hardwareConcurrency,
    onError,
  })
  return {
    place(model, hosted) {
      const { cases } = readGolden(model.golden, model.manifest.items)
      placement.place({
        placed: new PlacedTopK(hosted, platform.elapsed),
        revision: model.manifest.revision,
        questions: cases.map(
          ({ history }) =>
            () =>
              answerOf(model, history),
        ),
      })
    },
    status: () => placement.status(),
    dispose: () => placement.dispose(),
  }
}
