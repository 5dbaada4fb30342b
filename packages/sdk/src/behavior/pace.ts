/** How often a device sends: after an outage it spreads its return over no less, so that all together come back gently. */

/** What is known of a device's pace, as kept in the log. */
export interface Pace {
  /** Unix ms of the last time that nothing waited any more. */
  sentAt: number
  /** Mean time from one such moment to the next, in ms; later ones weigh more. */
  everyMs: number
}

/** Of a device that has not sent twice yet. */
export const UNKNOWN_PACE_MS = 60_000
/** A device that comes once a day does not have to wait for one. */
const SLOWEST_MS = 10 * 60_000
const WEIGHT_OF_LATEST = 0.25

/** The pace after everything was sent at `now`, Unix ms. A clock that was set counts as either bound. */
export function nextPace(pace: Pace | undefined, now: number): Pace {
  if (!pace) return { sentAt: now, everyMs: UNKNOWN_PACE_MS }
  const latest = Math.min(Math.max(now - pace.sentAt, 0), SLOWEST_MS)
  return { sentAt: now, everyMs: pace.everyMs + WEIGHT_OF_LATEST * (latest - pace.everyMs) }
}
