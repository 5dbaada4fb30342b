/** Settings of the shelves that go by long history, by likeness or by trend: chosen in training, stored with the ranker. */
import type { EventType } from '@vitrine/contracts'
import { corrupt, unsupported } from './bytes.ts'
import { HABIT_FEATURES, type HabitFeature } from './habit-features.ts'
import type { HabitSettings } from './habits.ts'
import { type StoredNetwork, readNetwork } from './layers.ts'

/** How far an item sells above its usual rate: `(recent − expected) / (expected + smoothing) ^ power`. */
export interface TrendSettings {
  /** Which of the shares of popularity is recent: 1 to 3. */
  readonly recent: number
  /** Occurrences that an item needs before its growth is believed. */
  readonly smoothing: number
  /** 0 goes by how many more, 1 by how many times more. */
  readonly power: number
}

/** How similar items are ranked: `cosine + graph · edge / (the anchor's largest edge) + popularity · log(1 + occurrences)`. */
export interface SimilarSettings {
  readonly graph: number
  readonly popularity: number
}

/** Settings by shelf, and what each type of event counts in a long history. */
export interface ShelfSettings {
  /** Whatever the next visit brings. */
  readonly nextBasket: HabitSettings
  /** What of earlier visits comes again. */
  readonly buyAgain: HabitSettings
  /** What the next visit brings that is new to the shopper. */
  readonly forYou: HabitSettings
  readonly trending: TrendSettings
  /** What ranks the best by these settings anew; missing where too few visits taught it. */
  readonly habits?: StoredNetwork<HabitFeature>
  /** What counts beside the cosine with the anchor. */
  readonly similar: SimilarSettings
  /** 1 for a type that is missing. */
  readonly types: Readonly<Partial<Record<EventType, number>>>
}

/** What serves where training chose nothing: values that lie in the middle of what shops choose. */
export const DEFAULT_SHELVES: ShelfSettings = {
  nextBasket: { decay: 0.9, neighbours: 0.5, popularity: 1, season: 0 },
  buyAgain: { decay: 0.9, neighbours: 0.5, popularity: 0.3, season: 0 },
  forYou: { decay: 0.8, neighbours: 1, popularity: 0.5, season: 0 },
  trending: { recent: 2, smoothing: 5, power: 0.5 },
  similar: { graph: 0.5, popularity: 0.02 },
  types: {},
}

/** Reads what a ranker's artifact says of shelves; what it leaves out is as in {@link DEFAULT_SHELVES}. */
export function readShelfSettings(json: unknown): ShelfSettings {
  const stated = recordOf(json)
  const habit = (name: 'nextBasket' | 'buyAgain' | 'forYou'): HabitSettings =>
    numbersOf(name, stated[name], DEFAULT_SHELVES[name])
  const trending = numbersOf('trending', stated['trending'], DEFAULT_SHELVES.trending)
  if (![1, 2, 3].includes(trending.recent)) throw corrupt('reranker', 'trending goes by no recent share')
  return {
    nextBasket: habit('nextBasket'),
    buyAgain: habit('buyAgain'),
    forYou: habit('forYou'),
    trending,
    similar: numbersOf('similar', stated['similar'], DEFAULT_SHELVES.similar),
    ...(stated['habits'] !== undefined && { habits: readHabits(recordOf(stated['habits'])) }),
    types: numbersOf('types', stated['types'], {}, Object.keys(recordOf(stated['types']))),
  }
}

function readHabits(json: Readonly<Record<string, unknown>>): StoredNetwork<HabitFeature> {
  const { features: names, ...network } = readNetwork(json)
  const features = names.filter((name): name is HabitFeature =>
    (HABIT_FEATURES as readonly string[]).includes(name),
  )
  if (features.length < names.length) {
    throw unsupported('reranker', `needs features of habits beside ${features.join(', ')}`)
  }
  return { ...network, features }
}

function numbersOf<T extends object>(
  shelf: string,
  json: unknown,
  fallback: T,
  names: readonly string[] = Object.keys(fallback),
): T {
  const stated = recordOf(json)
  const read: Record<string, number> = { ...(fallback as Readonly<Record<string, number>>) }
  for (const name of names) {
    const value = stated[name] ?? read[name]
    // Written so that NaN fails too.
    if (!(typeof value === 'number' && value >= 0 && value <= 1e6)) {
      throw corrupt('reranker', `${name} of the shelf settings ${shelf} is no number from 0 to a million`)
    }
    read[name] = value
  }
  return read as T
}

function recordOf(json: unknown): Readonly<Record<string, unknown>> {
  return typeof json === 'object' && json !== null ? (json as Readonly<Record<string, unknown>>) : {}
}
