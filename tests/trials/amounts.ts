/** How much a test tries, and from which seed: `npm run soak` says both by the environment. */

/** Empty in a browser. */
const environment: Readonly<Record<string, string | undefined>> =
  (globalThis as { process?: { env?: Record<string, string | undefined> } }).process?.env ?? {}

/**
 * Little in `npm test`; in a soak `VITRINE_SOAK` of the large amount, which is a share such as 0.2 or 1; and less, where
 * the test says so, when a guard is taken out and all that is wanted is to see it missing.
 */
export function trials(amounts: { test: number; soak: number; mutation?: number }): number {
  if (amounts.mutation !== undefined && environment['VITRINE_MUTATION'] !== undefined) return amounts.mutation
  const share = Number(environment['VITRINE_SOAK'] ?? 0)
  return Math.max(amounts.test, Math.round(share * amounts.soak))
}

/** The seed of a run: a soak draws a new one for each, and prints it; `VITRINE_SEED` repeats it. */
export function seed(): number {
  return Number(environment['VITRINE_SEED'] ?? 20_261_121)
}
