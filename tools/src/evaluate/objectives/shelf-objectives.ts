/** The objectives beside the next item: what is asked, which shelves answer, and what they are compared with. */
import type { Objective } from '@vitrine/recommender'
import type { SessionLog } from '../../data/session-log.ts'
import { companionsOf } from '../../train/companions.ts'
import { createRandom } from '../../train/random.ts'
import type { Settings } from '../baselines/family.ts'
import { itemKnn, itemKnnPearson } from '../baselines/item-knn.ts'
import { popularity } from '../baselines/popularity.ts'
import type { ShelfMeasure } from './measure-shelf.ts'
import { type ShelfQuestion, visitsOfShoppers } from './question.ts'
import {
  type Scope,
  type ShelfFamily,
  ofSessions,
  personalFrequency,
  personalRecency,
  titleWords,
} from './shelf-family.ts'

/** One objective. */
export interface ShelfObjective {
  /** Shelves that answer; the first is the one made for it. */
  readonly placements: readonly string[]
  /** By what settings are chosen, the objective's own measure. */
  readonly by: ShelfMeasure
  /** Whether it needs to know who a session's shopper is. */
  readonly needsShoppers?: boolean
  /** Questions about `asked`, which comes after `known`. */
  readonly ask: (known: SessionLog, asked: SessionLog, k: number) => ShelfQuestion[]
  readonly baselines: Readonly<Record<string, ShelfFamily>>
}

/** By name; trends are asked in another way, and the next item in the literature's. */
export const SHELF_OBJECTIVES: Readonly<
  Record<Exclude<Objective, 'next-item' | 'trending'>, ShelfObjective>
> = {
  'next-basket': {
    placements: ['next-basket', 'home'],
    by: 'recall',
    needsShoppers: true,
    ask: (known, asked) => askNextVisit(known, asked, 'all'),
    baselines: {
      popularity: family(ofSessions(popularity, 'all')),
      'personal-frequency': family(personalFrequency(false)),
      'personal-then-popularity': family(personalFrequency(true)),
      'item-knn': family(ofSessions(withLongHistory(itemKnn), 'all')),
    },
  },
  'repeat-purchase': {
    placements: ['buy-again'],
    by: 'recall',
    needsShoppers: true,
    ask: (known, asked) => askNextVisit(known, asked, 'known'),
    baselines: {
      popularity: family(ofSessions(popularity, 'known')),
      'personal-frequency': family(personalFrequency(false)),
      'personal-recency': family(personalRecency),
      'item-knn': family(ofSessions(withLongHistory(itemKnn), 'known')),
    },
  },
  'for-you': {
    placements: ['for-you', 'home'],
    by: 'recall',
    needsShoppers: true,
    ask: (known, asked) => askNextVisit(known, asked, 'new'),
    baselines: {
      popularity: family(ofSessions(popularity, 'new')),
      'item-knn': family(ofSessions(withLongHistory(itemKnn), 'new')),
    },
  },
  'bought-together': {
    placements: ['cart', 'bought-together'],
    by: 'hit_rate',
    ask: askLeftOut,
    baselines: {
      popularity: family(ofSessions(popularity, 'new')),
      'item-knn': family(ofSessions(withLongHistory(itemKnn), 'new')),
      'item-knn-pearson': family(ofSessions(withLongHistory(itemKnnPearson), 'new')),
    },
  },
  similar: {
    placements: ['similar'],
    by: 'recall',
    ask: askCompanions,
    baselines: {
      popularity: family(ofSessions(popularity, 'new')),
      'item-knn': family(ofSessions(itemKnn, 'new')),
      'title-words': family(titleWords),
    },
  },
}

/** Families differ in their settings, which only each itself knows. */
function family<S extends Settings>(of: ShelfFamily<S>): ShelfFamily {
  return of as unknown as ShelfFamily
}

/** A baseline that may let many more items of a history vote than a session has. */
function withLongHistory<F extends { grid: { history: readonly number[]; repeats: readonly boolean[] } }>(
  of: F,
): F {
  return { ...of, grid: { ...of.grid, history: [5, 20, 50, 100, 200], repeats: [true] } }
}

/** The items of each visit of a shopper who has been there before: all, those had before, or those new. */
function askNextVisit(known: SessionLog, asked: SessionLog, scope: Scope): ShelfQuestion[] {
  return visitsOfShoppers(known, asked).flatMap(({ shopper, events, before }) => {
    if (before.length === 0) return []
    const had = new Set(before.map(({ item }) => item))
    const items = new Set(events.map(({ item }) => item))
    const relevant = new Set(
      [...items].filter((id) => scope === 'all' || had.has(id) === (scope === 'known')),
    )
    return relevant.size > 0 ? [{ shopper, history: before, relevant }] : []
  })
}

const LEFT_OUT_A_BASKET = 2

/** Two items of each basket in turn, left out: the rest is the cart, in no order; one of the rest is the anchor. */
function askLeftOut(known: SessionLog, asked: SessionLog): ShelfQuestion[] {
  const random = createRandom(1)
  return visitsOfShoppers(known, asked).flatMap(({ shopper, events }) => {
    const basket = [...new Set(events.map(({ item }) => item))]
    const questions: ShelfQuestion[] = []
    for (let n = 0; n < LEFT_OUT_A_BASKET && basket.length > 1; n++) {
      const place = Math.floor(random() * basket.length)
      const rest = basket.toSpliced(place, 1)
      const history = rest.map((item) => ({ item, type: 'add_to_cart' as const }))
      const anchor = rest[Math.floor(random() * rest.length)]!
      questions.push({ shopper, history, anchor, relevant: new Set([basket[place]!]) })
    }
    return questions
  })
}

const MOST_ANCHORS = 1000

/** For each item, the `k` that most belong to it by the sessions to come. */
function askCompanions(known: SessionLog, { ids, sessions }: SessionLog, k: number): ShelfQuestion[] {
  const seen = new Set(known.sessions.items)
  const questions = [...companionsOf(sessions, k)]
    .filter(([anchor]) => seen.has(anchor))
    .map(([anchor, companions]): ShelfQuestion => ({
      shopper: anchor,
      history: [],
      anchor: ids[anchor]!,
      relevant: new Set(companions.map((item) => ids[item]!)),
    }))
  const step = Math.max(1, Math.ceil(questions.length / MOST_ANCHORS))
  return questions.filter((_, place) => place % step === 0)
}
