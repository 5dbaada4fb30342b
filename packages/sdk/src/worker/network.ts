/** The network file as the worker has it: loaded when something is first asked of it, and again when that failed. */
import type { NetworkSource } from '../behavior/outbox.ts'
import { manifestUrl } from '../names.ts'
import type { Network, createNetwork } from '../network.ts'
import type { Platform } from '../platform.ts'
import { takeAhead } from './ahead.ts'
import { importFile } from './file.ts'
import type { WorkerOptions } from './protocol.ts'

/** Returns the network of one recommender. Loads nothing yet. */
export function createNetworkSource(
  options: Pick<WorkerOptions, 'endpoint' | 'model' | 'key' | 'networkUrl' | 'ed25519Url'>,
  platform: Platform,
): NetworkSource<Network> {
  const { endpoint: url, key, networkUrl, ed25519Url } = options
  const fetch = takeAhead(platform.fetch, manifestUrl(options))
  let attempts = 0
  let loading: Promise<Network> | undefined
  let tell: (network: Network) => void
  const load = async (): Promise<Network> => {
    const file = await importFile<{ createNetwork: typeof createNetwork }>(networkUrl, ++attempts)
    const network = file.createNetwork({ url, key, ed25519Url }, { ...platform, fetch })
    tell(network)
    return network
  }
  return {
    loaded: new Promise((resolve) => (tell = resolve)),
    load() {
      loading ??= load().catch((error: unknown) => {
        loading = undefined
        throw error
      })
      return loading
    },
  }
}
