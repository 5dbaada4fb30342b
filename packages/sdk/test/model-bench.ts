/** An endpoint inside the page, and tabs whose model updates follow it; one for each test. */
import { type Model, loadModel, loadStarter, recommend, selfTest } from '@vitrine/recommender'
import { ActiveModel } from '../src/models/active.ts'
import { createNetwork } from '../src/network.ts'
import type { Progress } from '../src/models/revision.ts'
import type { Pins } from '../src/models/trust.ts'
import type { Database } from '../src/storage/database.ts'
import { openDatabase } from '../src/storage/indexeddb.ts'
import { PageEndpoint } from './endpoint.ts'
import { type TestPlatform, createTestPlatform, freshName } from './platform.ts'

/** One test's endpoint, clock and tabs. */
export class ModelBench {
  readonly name: string = freshName()
  readonly endpoint: PageEndpoint = new PageEndpoint()
  readonly platform: TestPlatform = createTestPlatform({ fetch: this.endpoint.fetch })
  readonly errors: unknown[] = []
  readonly progress: Progress[] = []
  /** What the pages of this test pin. */
  pins: Pins | undefined
  /** Under which the endpoint knows the device. */
  device: string | undefined
  /** What the loading of a starter waits for. */
  beforeStarter: Promise<void> | undefined
  changes = 0
  readonly #tabs: ActiveModel<Model>[] = []

  /** The model updates of a new tab, on the database that all tabs of this test share unless told otherwise. */
  openTab(database: Promise<Database> = this.openDatabase()): ActiveModel<Model> {
    const url = `https://${this.name}.example`
    const network = createNetwork({ url, key: 'pk_test' }, this.platform)
    const models = new ActiveModel<Model>(database, {
      id: 'tiny',
      url,
      platform: this.platform,
      pins: this.pins,
      device: async () => this.device,
      update: (request) => network.updateModel(request),
      load: loadModel,
      loadStarter: async (manifest, bytes) => {
        await this.beforeStarter
        return loadStarter(manifest, bytes)
      },
      selfTest,
      onChange: () => this.changes++,
      onProgress: (report) => this.progress.push(report),
      onError: (error) => this.errors.push(error),
    })
    this.#tabs.push(models)
    return models
  }

  openDatabase(): Promise<Database> {
    return openDatabase(this.name, { indexedDB })
  }

  /** Codes of the errors that were survived. */
  codes(): unknown[] {
    return this.errors.map((error) => (error as { code?: unknown }).code)
  }

  artifactRequests(): number {
    return this.endpoint.count('/v1/artifacts/')
  }

  close(): void {
    for (const models of this.#tabs) models.dispose(new Error('the test ended'))
  }
}

/** The first item of the list for somebody who saw `item-0`: `item-<step>` of the revision in use. */
export async function afterItem0(models: ActiveModel<Model>): Promise<string | undefined> {
  const result = await models.live.use((model) =>
    recommend(model, { placement: 'home', k: 3 }, [{ item: 'item-0', type: 'view' }]),
  )
  return result?.items[0]?.item
}
