/** Runs the benchmark beside the page, which stays free to draw and to be clicked. */
import { compare } from '@vitrine/perf/kernels/compare'
import { javascript } from '@vitrine/perf/kernels/javascript'
import { oneThread, severalThreads, webgpu } from '@vitrine/perf/kernels/vitrine'
import type { RunAnswer, RunRequest } from './protocol.ts'
// oxlint-disable-next-line import/default -- Vite's, see environment.d.ts.
import shardUrl from './shard.worker.ts?worker&url'
import { startWorker } from './trusted.ts'

function answer(message: RunAnswer): void {
  postMessage(message)
}

async function run({ task, peers }: RunRequest): Promise<void> {
  const entrants = [...oneThread, severalThreads(() => startWorker(shardUrl)), webgpu, javascript]
  if (peers) entrants.push(...(await import('@vitrine/perf/kernels/wasm-peers')).wasmPeers)
  const comparison = await compare(task, {
    entrants,
    onProgress: (doing, share) => answer({ kind: 'progress', doing, share }),
  })
  answer({ kind: 'done', comparison })
}

addEventListener('message', ({ data }: MessageEvent<RunRequest>) => {
  run(data).catch((error: unknown) =>
    answer({ kind: 'failed', message: error instanceof Error ? error.message : String(error) }),
  )
})
