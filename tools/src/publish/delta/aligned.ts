/** The delta of two tables whose rows stand in the same places. */
import { StepWriter } from './steps.ts'

/** Returns the delta that adds a difference to every old byte; what is longer is inserted. */
export function alignedDelta(from: Uint8Array, to: Uint8Array): Uint8Array<ArrayBuffer> {
  const steps = new StepWriter(from, to)
  const shared = Math.min(from.length, to.length)
  if (shared > 0) steps.keep(0, shared)
  steps.insert(to.length - shared)
  return steps.finish()
}
