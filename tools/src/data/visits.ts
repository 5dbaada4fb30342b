/** Cuts a user's events into visits by a gap in time, where the input names no session. */
import type { ShopEvent } from './clean-row.ts'

/** Gap that ends a visit, as web analytics has it by custom: 30 minutes. */
export const VISIT_GAP_MS: number = 30 * 60_000

const SWEEP_EVERY = 100_000

/**
 * Returns a function that, called with events in order of time, fills in each missing `session`: `user@start`,
 * the start in Unix ms. Users whose visit is over are forgotten, so memory is that of the users of one gap.
 */
export function visitNumberer(gapMs: number): (event: ShopEvent) => void {
  const visits = new Map<string, { session: string; last: number }>()
  let calls = 0
  return (event) => {
    if (event.session !== '' || event.user === undefined) return
    let visit = visits.get(event.user)
    if (!visit || event.at - visit.last > gapMs) {
      visits.set(event.user, (visit = { session: `${event.user}@${event.at}`, last: event.at }))
    }
    visit.last = event.at
    event.session = visit.session
    if (++calls % SWEEP_EVERY > 0) return
    for (const [user, { last }] of visits) if (event.at - last > gapMs) visits.delete(user)
  }
}
