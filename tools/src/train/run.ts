/** The course of a training run: progress out, cancellation and budget in. */
import { VitrineError } from '@vitrine/contracts'
import type { Checkpoints } from './checkpoints.ts'
import type { TrainOptions, TrainProgress } from './types.ts'

/** What the stages of training are given. */
export interface Run {
  readonly report: (stage: TrainProgress['stage'], share: number, note: string) => void
  /** Lets other tasks run (a Ctrl-C among them), and throws `CANCELLED` when the signal has aborted. */
  readonly pause: () => Promise<void>
  /** True once the budget for tuning is used up. */
  readonly isOver: () => boolean
  /** Time for all of training, in milliseconds; Infinity where none was given. */
  readonly budgetMs: number
  /** Aborts when training is to stop; for what waits longer than a pause. */
  readonly signal: AbortSignal | undefined
  /** Where stages keep what they have finished. */
  readonly checkpoints: Checkpoints | undefined
}

/** Share of the budget that tuning may use; the rest is for what follows it. */
const TUNING_SHARE = 0.5

/** Returns a run under `options`. */
export function createRun({
  onProgress,
  signal,
  budgetMs = Infinity,
  checkpoints,
  now = () => performance.now(),
}: TrainOptions): Run {
  const end = now() + budgetMs * TUNING_SHARE
  let latest = 0
  return {
    report: (stage, share, note) => {
      // Estimates differ between stages; what is shown never goes back.
      latest = Math.max(latest, share)
      onProgress?.({ stage, share: latest, note })
    },
    pause: async () => {
      await new Promise((resolve) => setImmediate(resolve))
      if (signal?.aborted) throw cancelled(signal)
    },
    isOver: () => now() >= end,
    budgetMs,
    signal,
    checkpoints,
  }
}

/** The error of a training whose signal has aborted. */
export function cancelled({ reason }: AbortSignal): VitrineError {
  return new VitrineError(
    'CANCELLED',
    'Training was stopped before it was done; the same command goes on from its checkpoint.',
    { cause: reason },
  )
}
