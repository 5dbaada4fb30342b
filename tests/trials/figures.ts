/** What a fault test counted, handed to whoever runs it: `npm run soak` adds it up. */

/** Nothing of it is assumed: a test counts, hands over, and only then asserts, so that a loss stands in the report. */
export interface Figures {
  /** Number of the promise in docs/promises.md. */
  promise: number
  /** What one trial is, in the plural; figures of one unit are added up. */
  unit: string
  trials: number
  /** Promised to a page or a device. */
  events?: number
  lost?: number
  doubled?: number
  /** Of what had to be refused, or kept from happening. */
  accepted?: number
}

/** Puts the figures where Vitest's JSON report has them, of failed tests, too. */
export function report(task: { meta: object }, figures: Figures): void {
  const meta = task.meta as { figures?: Figures[] }
  meta.figures = [...(meta.figures ?? []), figures]
}
