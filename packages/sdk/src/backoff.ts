/** How long to wait before something is tried again. */

const BASE_MS = 1000
const CAP_MS = 5 * 60_000

/** After a refusal of the key, or of the page's origin, the endpoint is asked again so much later. */
export const REFUSED_PAUSE_MS: number = 60 * 60_000

/** Longest that {@link backoffMs} says, whatever the base: twice the slowest pace of a device. */
export const LONGEST_BACKOFF_MS: number = 20 * 60_000

/**
 * Returns how long to wait before try number `attempt` (from 1) in ms: full jitter under an exponential cap, so
 * that a thousand devices that lost the same endpoint do not come back together.
 *
 * @param baseMs - what the window doubles from. What every device does again and again is given its own pace here:
 * then even the first retries, after an outage of a second, come in no faster than requests always do.
 */
export function backoffMs(attempt: number, random: () => number, baseMs: number = BASE_MS): number {
  return random() * Math.min(Math.max(CAP_MS, 2 * baseMs), baseMs * 2 ** attempt)
}
