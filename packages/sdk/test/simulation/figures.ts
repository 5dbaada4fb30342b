/** What a fault test counted, handed to whoever runs it: `npm run soak` adds the figures up, a row a promise. */
import type { TaskMeta } from 'vitest'

/** Figures of one promise; what a test does not count is missing. */
export interface Figures {
  /** Number of the promise in docs/promises.md. */
  promise: number
  /** Kills, seeds, mutants, steps: what was tried. */
  trials: number
  events?: number
  lost?: number
  doubled?: number
  /** Of what had to be refused. */
  accepted?: number
}

/** Puts the figures where Vitest's JSON report has them. */
export function report(task: { meta: TaskMeta }, figures: Figures): void {
  const meta = task.meta as { figures?: Figures[] }
  meta.figures = [...(meta.figures ?? []), figures]
}
