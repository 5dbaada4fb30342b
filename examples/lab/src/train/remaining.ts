/** How long something takes to its end, told from how far it came in what time. */

const SECOND = 1000
const MINUTE = 60 * SECOND

/** Too early to tell: undefined. Times in milliseconds. */
export function remaining(share: number, elapsed: number): string | undefined {
  if (share < 0.01 || elapsed < 2 * SECOND) return undefined
  const left = (elapsed * (1 - share)) / share
  if (left < 1.5 * MINUTE) return `about ${Math.max(1, Math.round(left / SECOND))} seconds left`
  return `about ${Math.round(left / MINUTE)} minutes left`
}
