/** Trains in a worker of its own, which ends with the training. */
import { startWorker } from '../trusted.ts'
import type { TrainAnswer, TrainRequest } from './protocol.ts'
// oxlint-disable-next-line import/default -- Vite's, see environment.d.ts.
import trainUrl from './train.worker.ts?worker&url'

/** Options of {@link run}. */
export interface RunOptions {
  signal: AbortSignal
  onAnswer: (answer: Exclude<TrainAnswer, { kind: 'done' | 'failed' }>) => void
}

/** @throws the reason of `signal` once aborted, `Error` when training fails. */
export function run(
  request: TrainRequest,
  { signal, onAnswer }: RunOptions,
): Promise<Extract<TrainAnswer, { kind: 'done' }>> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted()
    const worker = startWorker(trainUrl)
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
      reject(new Error(`The training's worker failed: ${message || 'its script did not load'}.`))
    })
    worker.addEventListener('message', ({ data }: MessageEvent<TrainAnswer>) => {
      if (data.kind !== 'done' && data.kind !== 'failed') {
        onAnswer(data)
        return
      }
      end()
      if (data.kind === 'done') resolve(data)
      else reject(new Error(data.message))
    })
    worker.postMessage(request)
  })
}
