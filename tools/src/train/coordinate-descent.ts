/** Coordinate descent over a grid: each setting in turn takes its best value, until a round changes nothing. */
import { createRandom } from './random.ts'
import { TUNING_ROUNDS } from './tuning-effort.ts'

/** The best settings found. */
export interface Descended<S> {
  readonly settings: S
  readonly quality: number
  /** Settings that were tried. */
  readonly trials: number
}

/** How long to search. */
export interface DescentOptions {
  /** Begins again at random places until so many settings were tried, or all there are. */
  readonly fewestTrials?: number
  /** Where it begins again. */
  readonly random?: () => number
}

/** Returns the settings for which `qualityOf` is largest, searching from `start`; equal ones by which came first. */
export async function descend<S extends object>(
  start: S,
  grid: { readonly [setting in keyof S]?: readonly S[setting][] },
  qualityOf: (settings: S) => Promise<number> | number,
  { fewestTrials = 0, random = createRandom(1) }: DescentOptions = {},
): Promise<Descended<S>> {
  const axes = Object.entries<readonly unknown[] | undefined>(grid)
  const tried = new Map<string, number>()
  const measure = async (settings: S): Promise<number> => {
    const key = JSON.stringify(settings)
    const known = tried.get(key) ?? (await qualityOf(settings))
    tried.set(key, known)
    return known
  }
  let best = await climb(start)
  const all = axes.reduce((product, [, values]) => product * Math.max(1, values?.length ?? 1), 1)
  if (all <= fewestTrials) {
    for (const settings of everySetting(start, axes)) {
      const quality = await measure(settings)
      if (quality > best.quality) best = { settings, quality }
    }
  } else {
    while (tried.size < fewestTrials) {
      const found = await climb(anySetting(start, axes, random))
      if (found.quality > best.quality) best = found
    }
  }
  return { ...best, trials: tried.size }

  async function climb(from: S): Promise<Pick<Descended<S>, 'settings' | 'quality'>> {
    let settings = from
    let quality = await measure(settings)
    let hasChanged = true
    for (let round = 0; round < TUNING_ROUNDS && hasChanged; round++) {
      hasChanged = false
      for (const [name, values] of axes) {
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
    return { settings, quality }
  }
}

type Axes = readonly (readonly [name: string, values: readonly unknown[] | undefined])[]

/** All of the grid; the last setting changes fastest, so that a ranker can keep what the others decide. */
function everySetting<S extends object>(start: S, axes: Axes): S[] {
  return axes.reduce<S[]>(
    (found, [name, values = []]) =>
      values.length === 0
        ? found
        : found.flatMap((settings) => values.map((value) => ({ ...settings, [name]: value }))),
    [start],
  )
}

function anySetting<S extends object>(start: S, axes: Axes, random: () => number): S {
  const picked = axes.flatMap(([name, values = []]) =>
    values.length === 0 ? [] : [[name, values[Math.floor(random() * values.length)]] as const],
  )
  return { ...start, ...Object.fromEntries(picked) }
}
