/** What page and benchmark worker say to each other. */
import type { Comparison, Task } from '@vitrine/perf/kernels/compare'

/** One catalogue to measure. */
export interface RunRequest {
  task: Task
  /** With what a shop might use instead: megabytes that load only then. */
  peers: boolean
}

export type RunAnswer =
  | { kind: 'progress'; doing: string; share: number }
  | { kind: 'done'; comparison: Comparison }
  | { kind: 'failed'; message: string }
