/** Coordinate descent over a grid: each setting in turn takes its best value, until a round changes nothing. */
import { TUNING_ROUNDS } from './tuning-effort.ts'

/** The best settings found. */
export interface Descended<S> {
  readonly settings: S
  readonly quality: number
  /** Settings that were tried. */
  readonly trials: number
}

/** Returns the settings for which `qualityOf` is largest, searching from `start`; equal ones by which came first. */
export async function descend<S extends object>(
  start: S,
  grid: { readonly [setting in keyof S]?: readonly S[setting][] },
  qualityOf: (settings: S) => Promise<number> | number,
): Promise<Descended<S>> {
  const tried = new Map<string, number>()
  const measure = async (settings: S): Promise<number> => {
    const key = JSON.stringify(settings)
    const known = tried.get(key) ?? (await qualityOf(settings))
    tried.set(key, known)
    return known
  }
  let settings = start
  let quality = await measure(settings)
  let hasChanged = true
  for (let round = 0; round < TUNING_ROUNDS && hasChanged; round++) {
    hasChanged = false
    for (const [name, values] of Object.entries<readonly unknown[] | undefined>(grid)) {
      for (const value of values ?? []) {
        const trial = { ...settings, [name]: value }
        const found = await measure(trial)
        if (found <= quality) continue
        settings = trial
        quality = found
        hasChanged = true
      }
    }
  }
  return { settings, quality, trials: tried.size }
}
