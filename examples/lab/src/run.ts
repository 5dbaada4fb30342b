/** Measures one catalogue in a worker of its own, which ends with the measurement. */
import type { Comparison } from '@vitrine/perf/kernels/compare'
// oxlint-disable-next-line import/default -- Vite's, see environment.d.ts.
import benchmarkUrl from './benchmark.worker.ts?worker&url'
import type { RunAnswer, RunRequest } from './protocol.ts'
import { startWorker } from './trusted.ts'

/** Options of {@link run}. */
export interface RunOptions {
  signal: AbortSignal
  onProgress: (doing: string, share: number) => void
}

/** @throws the reason of `signal` once aborted, `Error` when the benchmark fails. */
export function run(request: RunRequest, { signal, onProgress }: RunOptions): Promise<Comparison> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted()
    const worker = startWorker(benchmarkUrl)
    const end = (): void => {
      worker.terminate()
      signal.removeEventListener('abort', stop)
    }
    const stop = (): void => {
      end()
      reject(signal.reason as Error)
    }
    signal.addEventListener('abort', stop)
    worker.addEventListener('error', ({ message }) => {
      end()
      reject(new Error(`The benchmark's worker failed: ${message || 'its script did not load'}.`))
    })
    worker.addEventListener('message', ({ data }: MessageEvent<RunAnswer>) => {
      if (data.kind === 'progress') {
        onProgress(data.doing, data.share)
        return
      }
      end()
      if (data.kind === 'done') resolve(data.comparison)
      else reject(new Error(data.message))
    })
    worker.postMessage(request)
  })
}
