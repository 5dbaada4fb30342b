/** How long to wait before something is tried again. */

const BASE_MS = 1000
const CAP_MS = 5 * 60_000

/** After a refusal of the key, or of the page's origin, the endpoint is asked again so much later. */
export const REFUSED_PAUSE_MS: number = 60 * 60_000

/**
 * Returns how long to wait before try number `attempt` (from 1) in ms: full jitter under an exponential cap, so
 * that a thousand devices that lost the same endpoint do not come back together.
 */
export function backoffMs(attempt: number, random: () => number): number {
  return random() * Math.min(CAP_MS, BASE_MS * 2 ** attempt)
}
