/** Entry of the network file: all that talks to the endpoint. The worker loads it when it is first needed. */
import { type InferenceEngine, checkAnswers, unpackStarter } from '@vitrine/recommender'
import type { BehaviorNetwork } from './behavior/outbox.ts'
import { eraseDevice } from './behavior/erase.ts'
import { EventSync } from './behavior/sync.ts'
import { createEndpoint } from './endpoint.ts'
import { withDeviceTokens } from './identity/device-tokens.ts'
import { createDeviceKeys } from './identity/keys.ts'
import { takeAhead } from './models/ahead.ts'
import { type EngineRequest, startPageEngine } from './models/engine.ts'
import { type VerifyEd25519, createFindSigner } from './models/signature.ts'
import { type NewerRevision, type UpdateRequest, updateModel } from './models/update.ts'
import { manifestUrl } from './names.ts'
import type { Platform } from './platform.ts'
import { importFile } from './worker/file.ts'

export { VERSION } from './version.ts'

/** The endpoint of one recommender. */
export interface Network extends BehaviorNetwork {
  /** Starts the engine that a manifest names; see `startPageEngine`. In this file because few models name one. */
  startEngine(request: EngineRequest): Promise<InferenceEngine | undefined>
  /** Returns a starter as a revision of its own. In this file because only a first visit has one. */
  unpackStarter: typeof unpackStarter
  /** Compares a model's answers with its golden ones. In this file because only what is new is tested. */
  selfTest: typeof checkAnswers
  /** Brings the newest revision of a model into its store, and loads it; see `updateModel`. */
  updateModel<M extends { dispose(): void }>(request: UpdateRequest<M>): Promise<NewerRevision<M> | undefined>
}

/** Where {@link createNetwork} finds what it works with. */
export interface NetworkOptions {
  /** Of the endpoint. */
  url: string
  /** Publishable. */
  key: string
  /** Whose manifest the page has asked for ahead; it has not where missing. */
  model?: string
  /** Of the file that checks signatures where the browser cannot; it is not there where missing. */
  ed25519Url?: string | undefined
}

/** Returns the endpoint at `url`, asked with the publishable `key`. Asks nothing yet. */
export function createNetwork({ url, key, model, ed25519Url }: NetworkOptions, browser: Platform): Network {
  const platform = {
    ...browser,
    fetch: model ? takeAhead(browser.fetch, manifestUrl({ endpoint: url, model, key })) : browser.fetch,
  }
  const { indexedDB, subtle } = platform
  const keys = subtle && createDeviceKeys(`vitrine-keys:${url}`, { indexedDB, subtle })
  const endpoint = withDeviceTokens(createEndpoint({ url, key }, platform), { keys, platform })
  let attempts = 0
  const findSigner = createFindSigner({
    subtle: platform.subtle,
    loadEd25519: async () => {
      const file = await importFile<{ verifyEd25519: VerifyEd25519 }>(ed25519Url ?? 'about:blank', ++attempts)
      return file.verifyEd25519
    },
  })
  return {
    updateModel: (request) => updateModel(request, { endpoint, platform, findSigner }),
    unpackStarter,
    selfTest: checkAnswers,
    startEngine: (request) => startPageEngine(request, importFile),
    createSync: (options) => new EventSync({ ...options, endpoint, platform }),
    async eraseDevice(device) {
      await eraseDevice(endpoint, device)
      await keys?.forget(device)
    },
  }
}
