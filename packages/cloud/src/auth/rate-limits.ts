/** Rate limits by token bucket, in this process: N replicas together let N times as much pass. */

/** How much may pass. */
export interface RateLimit {
  /** In the long run. */
  perSecond: number
  /** At once, after a pause. */
  burst: number
}

/** Limits of the endpoint; a missing one does not limit. */
export interface RateLimits {
  perKey?: RateLimit
  perDevice?: RateLimit
}

/** Far above what one shop's page needs, and below what fills a disk in a night. */
export const RATE_LIMITS: Required<RateLimits> = {
  perKey: { perSecond: 2000, burst: 10_000 },
  perDevice: { perSecond: 20, burst: 200 },
}

/** Returns 0 where a request of `name` may pass, and counts it; else seconds after which the next one may. */
export type Admit = (name: string) => number

/** Buckets kept at most; the one that was touched longest ago goes, full again when it comes back. */
const MAX_BUCKETS = 100_000

interface Bucket {
  /** Requests that may pass now. */
  tokens: number
  /** Unix ms of the last change. */
  at: number
}

/** Creates buckets that start full. */
export function createRateLimit(
  { perSecond, burst }: RateLimit,
  { clock, maxBuckets = MAX_BUCKETS }: { clock: () => number; maxBuckets?: number },
): Admit {
  // Touched longest ago first: a Map keeps the order of insertion.
  const buckets = new Map<string, Bucket>()
  return (name) => {
    const now = clock()
    const { tokens, at } = buckets.get(name) ?? { tokens: burst, at: now }
    const filled = Math.min(burst, tokens + (Math.max(0, now - at) / 1000) * perSecond)
    const passes = filled >= 1
    buckets.delete(name)
    buckets.set(name, { tokens: passes ? filled - 1 : filled, at: now })
    if (buckets.size > maxBuckets) buckets.delete(buckets.keys().next().value!)
    return passes ? 0 : (1 - filled) / perSecond
  }
}
