/** Starts the workers of a pool from `shard.js`, wherever that is served. */
import { type ShardPool, openShardPool } from '@vitrine/kernels/sharded'

/** More threads would only wait for the same memory. */
const MOST_THREADS = 4

/** Threads that share a search on a machine of so many cores, this one included: of more than two, one is left to the page. */
export function threadsFor(cores: number): number {
  return cores <= 2 ? cores : Math.min(MOST_THREADS, cores - 1)
}

/** What {@link openPool} needs to know. */
export interface PoolOptions {
  shardUrl: string
  release: string
  threads: number
  onFailure: (reason: Error) => void
}

/** @throws `Error` when a worker does not start here, for instance under a policy without `worker-src`. */
export async function openPool({ shardUrl, release, threads, onFailure }: PoolOptions): Promise<ShardPool> {
  const isOwn = new URL(shardUrl).origin === globalThis.location.origin
  // A worker starts from its own origin only; one from a blob may import the file from another.
  const source = new Blob([`import ${JSON.stringify(shardUrl)}`], { type: 'text/javascript' })
  const url = isOwn ? shardUrl : URL.createObjectURL(source)
  try {
    return await openShardPool({
      open: () => new Worker(trusted(url), { type: 'module' }),
      workers: threads - 1,
      release,
      onFailure,
    })
  } finally {
    if (!isOwn) URL.revokeObjectURL(url)
  }
}

interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL: (url: string) => string },
  ): { createScriptURL(url: string): string | URL }
}

let policy: ReturnType<TrustedTypes['createPolicy']> | undefined

/** As for the worker itself: a policy by the name of `vitrine` where plain strings are forbidden. */
function trusted(url: string): string | URL {
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes }
  policy ??= trustedTypes?.createPolicy('vitrine', { createScriptURL: (each) => each })
  return policy?.createScriptURL(url) ?? url
}
