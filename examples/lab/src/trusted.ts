/** The page's Trusted Types policy: the only scripts that it ever starts are its own two workers. */
import benchmarkUrl from './benchmark.worker.ts?worker&url'
import shardUrl from './shard.worker.ts?worker&url'

interface PolicyFactory {
  createPolicy(
    name: string,
    rules: { createScriptURL: (url: string) => string },
  ): { createScriptURL(url: string): string }
}

type WorkerName = 'benchmark' | 'shard'

const WORKERS: Readonly<Record<WorkerName, string>> = { benchmark: benchmarkUrl, shard: shardUrl }

let createUrl: ((url: string) => string) | undefined

/** Starts one of the lab's workers, in the page or in a worker of it. */
export function startWorker(name: WorkerName): Worker {
  const { trustedTypes } = globalThis as { trustedTypes?: PolicyFactory }
  if (!createUrl) {
    const policy = trustedTypes?.createPolicy('vitrine', {
      createScriptURL: (url) => {
        if (Object.values(WORKERS).includes(url)) return url
        throw new TypeError(`The lab starts no script at ${url}.`)
      },
    })
    createUrl = policy ? (url) => policy.createScriptURL(url) : (url) => url
  }
  return new Worker(createUrl(WORKERS[name]), { type: 'module' })
}
