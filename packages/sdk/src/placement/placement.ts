/** Keeps every model's table on the device that serves it best here. */
import type { PlacementOptions, PlacementStatus, Subject } from './surroundings.ts'
import { Tenancy } from './tenancy.ts'

/** The placement of one recommender. */
export interface Placement {
  /** Takes over a model's table. The one before is left alone. */
  place(subject: Subject): void
  status(): PlacementStatus | null
  dispose(): void
}

/** Returns a placement without a table. */
export function createPlacement(options: PlacementOptions): Placement {
  let current: Tenancy | undefined
  return {
    place(subject) {
      current?.end()
      current = new Tenancy(subject, options)
    },
    status: () => current?.status() ?? null,
    dispose: () => current?.end(),
  }
}
