/** Entry of the network file: all that talks to the endpoint. The worker loads it when it is first needed. */
import type { BehaviorNetwork } from './behavior/outbox.ts'
import { eraseDevice } from './behavior/erase.ts'
import { EventSync } from './behavior/sync.ts'
import { createEndpoint } from './endpoint.ts'
import { type NewerRevision, type UpdateRequest, updateModel } from './models/update.ts'
import type { Platform } from './platform.ts'

export { VERSION } from './version.ts'

/** The endpoint of one recommender. */
export interface Network extends BehaviorNetwork {
  /** Brings the newest revision of a model into its store, and loads it; see `updateModel`. */
  updateModel<M extends { dispose(): void }>(request: UpdateRequest<M>): Promise<NewerRevision<M> | undefined>
}

/** Returns the endpoint at `url`, asked with the publishable `key`. Asks nothing yet. */
export function createNetwork({ url, key }: { url: string; key: string }, platform: Platform): Network {
  const endpoint = createEndpoint({ url, key }, platform)
  return {
    updateModel: (request) => updateModel(request, { endpoint, platform }),
    createSync: (options) => new EventSync({ ...options, endpoint, platform }),
    eraseDevice: (device) => eraseDevice(endpoint, device),
  }
}
