/** Opens a panel: threads of the built command, or this thread alone. */
import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { SessionLog } from '../data/session-log.ts'
import { panelOfOne } from '../evaluate/panel/one-thread.ts'
import type { Panel } from '../evaluate/panel/panel.ts'
import { panelOfThreads } from '../evaluate/panel/threads.ts'
import { openSource } from './open-source.ts'

/** Each has its own copy of the training data and of what baselines count. */
const MOST_THREADS = 8

/** @param threads How many; as many as there are cores where missing. */
export function openPanel(
  train: SessionLog | undefined,
  threads: number = Math.min(MOST_THREADS, availableParallelism()),
  signal?: AbortSignal,
): Panel {
  const script = new URL('./evaluation-thread.js', import.meta.url)
  // Run from its source, as tests do, the command has no script that a thread could load.
  if (threads === 1 || !existsSync(script)) return panelOfOne({ openModel: openSource, train })
  const workers = Array.from(
    { length: threads },
    () =>
      // Whose sessions they are, and what was done in them, is nothing to baselines.
      new Worker(script, {
        workerData: { train: train && { ids: train.ids, sessions: train.sessions, times: train.times } },
      }),
  )
  return panelOfThreads(workers, signal)
}
