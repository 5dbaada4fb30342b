/** How alike the items of a list look to the item that they stand beside. */
import type { CatalogueItem } from '@vitrine/contracts'
import type { ShelfRanker } from './measure-shelf.ts'
import type { ShelfQuestion } from './question.ts'
import { wordsOf } from './shelf-family.ts'

/** Means over listed items, 0 to 1. */
export interface Agreement {
  /** Share in the anchor's category. */
  category: number
  /** Words that the titles share, of all words of both. */
  words: number
}

/** Returns the agreement of each ranker's lists. */
export async function agreementOf(
  rankers: ReadonlyMap<string, ShelfRanker>,
  questions: readonly ShelfQuestion[],
  catalogue: readonly CatalogueItem[],
  k: number,
): Promise<Record<string, Agreement>> {
  const items = new Map(catalogue.map((item) => [item.id, { ...item, words: wordsOf(item.title) }]))
  const found: Record<string, Agreement> = {}
  for (const [name, rank] of rankers) {
    let listed = 0
    let category = 0
    let words = 0
    for (const question of questions) {
      const anchor = items.get(question.anchor ?? '')
      for (const id of await rank(question, k)) {
        const item = items.get(id)
        if (!item || !anchor) continue
        listed += 1
        if (item.category !== undefined && item.category === anchor.category) category += 1
        const shared = [...item.words].filter((word) => anchor.words.has(word)).length
        words += shared / Math.max(1, item.words.size + anchor.words.size - shared)
      }
    }
    const of = Math.max(1, listed)
    found[name] = { category: category / of, words: words / of }
  }
  return found
}
