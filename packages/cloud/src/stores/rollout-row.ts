/** A rollout as either database returns it. */
import type { Rollout } from './store.ts'

/** A row of the table of rollouts. */
export interface RolloutRow {
  model: string
  stable: string
  candidate: string | null
  share: number
  changed_at: number
  halted_at: number | null
}

/** A row without what it does not have. */
export function rolloutOf({ model, stable, candidate, share, changed_at, halted_at }: RolloutRow): Rollout {
  return {
    model,
    stable,
    share,
    changedAt: changed_at,
    ...(candidate !== null && { candidate }),
    ...(halted_at !== null && { haltedAt: halted_at }),
  }
}
