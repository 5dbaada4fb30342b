/** What a family of baselines for shelves gives, and the session baselines as such. */
import type { CatalogueItem } from '@vitrine/contracts'
import type { SessionLog } from '../../data/session-log.ts'
import { type Family, type Settings, placesOf } from '../baselines/family.ts'
import type { ShelfRanker } from './measure-shelf.ts'
import type { ShelfQuestion } from './question.ts'

/** What shelves are fitted on. */
export interface ShelfData {
  readonly log: SessionLog
  readonly catalogue: readonly CatalogueItem[]
}

/** A kind of ranker that is fitted once and then asked under many settings. */
export interface ShelfFamily<S extends Settings = Settings> {
  readonly start: S
  readonly grid: { readonly [setting in keyof S]: readonly S[setting][] }
  readonly fit: (data: ShelfData) => (settings: S) => ShelfRanker
}

/** Which items a shelf may list: all, those the shopper had, those the shopper did not have, or those not in the cart. */
export type Scope = 'all' | 'known' | 'new'

/** Returns a family for sessions as one for shelves: it is asked what comes after the whole history, or the anchor. */
export function ofSessions<S extends Settings>(
  { start, grid, fit }: Family<S>,
  scope: Scope,
): ShelfFamily<S> {
  return {
    start,
    grid,
    fit: ({ log }) => {
      const rankers = fit(log)
      return (settings) => {
        const rank = rankers(settings)
        return async (question, k) => {
          const given = givenOf(question)
          // What is left out afterwards must have come on top.
          const most = scope === 'all' ? k : scope === 'new' ? k + new Set(given).size : log.ids.length
          return within(await rank(given, most), new Set(given), scope).slice(0, k)
        }
      }
    },
  }
}

/** Items that a question starts from, oldest first. */
function givenOf({ history, anchor }: ShelfQuestion): string[] {
  const items = history.map(({ item }) => item)
  return anchor === undefined ? items : [...items, anchor]
}

function within(list: readonly string[], known: ReadonlySet<string>, scope: Scope): readonly string[] {
  return scope === 'all' ? list : list.filter((id) => known.has(id) === (scope === 'known'))
}

/** Settings of {@link personalFrequency}. */
export type PersonalSettings = {
  /** Latest events of the history that count. */
  events: number
  /** Whether the global favourites decide among equals, and fill the list. */
  window: number
}

const WINDOWS = [1, 0.3, 0.1, 0.05, 0.02]

/**
 * What the shopper had most often, the strong baseline of next-basket recommendation (Li et al. 2023, "A Next Basket
 * Recommendation Reality Check"): P-TopFreq, and GP-TopFreq where `fills`.
 */
export function personalFrequency(fills: boolean): ShelfFamily<PersonalSettings> {
  return {
    start: { events: 500, window: 0.1 },
    grid: { events: [25, 50, 100, 200, 500], window: WINDOWS },
    fit:
      ({ log }) =>
      ({ events, window }) => {
        const order = favourites(log, window)
        const rankOf = new Map(order.map((id, rank) => [id, rank]))
        return ({ history }, k) => {
          const counts = new Map<string, number>()
          for (const { item } of history.slice(-events)) counts.set(item, (counts.get(item) ?? 0) + 1)
          const last = order.length
          const own = [...counts.keys()].toSorted(
            (a, b) => counts.get(b)! - counts.get(a)! || (rankOf.get(a) ?? last) - (rankOf.get(b) ?? last),
          )
          const others = fills ? order.filter((id) => !counts.has(id)) : []
          return [...own, ...others].slice(0, k)
        }
      },
  }
}

/** What the shopper had last. */
export const personalRecency: ShelfFamily<{ window: number }> = {
  start: { window: 0.1 },
  grid: { window: WINDOWS },
  fit:
    ({ log }) =>
    ({ window }) => {
      const order = favourites(log, window)
      const rankOf = new Map(order.map((id, rank) => [id, rank]))
      return ({ history }, k) => {
        const last = new Map<string, number>()
        for (const { item, at } of history) last.set(item, at ?? 0)
        return [...last.keys()]
          .toSorted(
            (a, b) =>
              last.get(b)! - last.get(a)! ||
              (rankOf.get(a) ?? order.length) - (rankOf.get(b) ?? order.length),
          )
          .slice(0, k)
      }
    },
}

/** Ids by how often they occur in the newest share of the sessions. */
function favourites({ ids, sessions: { offsets, items } }: SessionLog, window: number): string[] {
  const first = Math.floor((offsets.length - 1) * (1 - window))
  const counts = new Uint32Array(ids.length)
  for (const item of items.subarray(offsets[first])) counts[item]! += 1
  return [...ids.keys()].toSorted((a, b) => counts[b]! - counts[a]! || a - b).map((item) => ids[item]!)
}

const WORD = /[\p{L}\p{N}]{2,}/gu

/** Distinct words of a title, in lower case. */
export function wordsOf(title: string): Set<string> {
  return new Set(Array.from(title.toLowerCase().matchAll(WORD), ([word]) => word))
}

/** Items whose titles share the rarest words with the anchor's, those of its category first among equals. */
export const titleWords: ShelfFamily<{ category: number }> = {
  start: { category: 0.5 },
  grid: { category: [0, 0.25, 0.5, 1] },
  fit: ({ catalogue }) => {
    const words = catalogue.map(({ title }) => wordsOf(title))
    const frequency = new Map<string, number>()
    for (const own of words) for (const word of own) frequency.set(word, (frequency.get(word) ?? 0) + 1)
    const rarity = (word: string): number => Math.log(catalogue.length / frequency.get(word)!)
    const lengths = words.map((own) => Math.hypot(...Array.from(own, rarity)) || 1)
    const known = placesOf(catalogue.map(({ id }) => id))
    return ({ category }) =>
      (question, k) => {
        const [anchor] = known(givenOf(question).slice(-1))
        if (anchor === undefined) return []
        const scores = words.map((own, item) => {
          let sum = 0
          for (const word of own) if (words[anchor]!.has(word)) sum += rarity(word) ** 2
          const isSame = catalogue[item]!.category === catalogue[anchor]!.category
          return sum / lengths[item]! / lengths[anchor]! + (isSame ? category : 0)
        })
        return [...scores.keys()]
          .filter((item) => item !== anchor)
          .toSorted((a, b) => scores[b]! - scores[a]! || a - b)
          .slice(0, k)
          .map((item) => catalogue[item]!.id)
      }
  },
}
