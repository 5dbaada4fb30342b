/** The network file as the worker has it: loaded when something is first asked of it, and again when that failed. */
import type { NetworkSource } from '../behavior/outbox.ts'
import type { Network, createNetwork } from '../network.ts'
import type { Platform } from '../platform.ts'
import { importFile, once } from './file.ts'
import type { WorkerOptions } from './protocol.ts'

/** Returns the network of one recommender. Loads nothing yet. */
export function createNetworkSource(
  options: Pick<WorkerOptions, 'endpoint' | 'model' | 'key' | 'networkUrl' | 'ed25519Url'>,
  platform: Platform,
): NetworkSource<Network> {
  const { networkUrl } = options
  let tell: (network: Network) => void
  const load = once(async (attempt): Promise<Network> => {
    const file = await importFile<{ createNetwork: typeof createNetwork }>(networkUrl, attempt)
    const network = file.createNetwork(
      { url: options.endpoint, key: options.key, model: options.model, ed25519Url: options.ed25519Url },
      platform,
    )
    tell(network)
    return network
  })
  return { loaded: new Promise((resolve) => (tell = resolve)), load }
}
