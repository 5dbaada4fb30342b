/** A recommender whose lists are given: the shelf's argument in its own tests. */
import type { BehaviorEventInput, CatalogueItem, RecommendCall, RecommendResult, Source } from '@vitrine/sdk'
import type { ShelfRecommender } from '../src/requests.ts'

/** Answers every request with `answer`, and keeps what it was asked and told. */
export class FixedRecommender implements ShelfRecommender {
  answer: RecommendResult
  readonly requests: RecommendCall[] = []
  readonly tracked: BehaviorEventInput[] = []
  ready: Promise<void> = Promise.resolve()
  readonly #listeners = new Set<(change: 'model' | 'history') => void>()

  constructor(answer: RecommendResult) {
    this.answer = answer
  }

  recommend(call: RecommendCall): Promise<RecommendResult> {
    this.requests.push(call)
    const { items, ...rest } = this.answer
    return Promise.resolve({ items: items.slice(0, call.k), ...rest })
  }

  track(event: BehaviorEventInput): Promise<void> {
    this.tracked.push(event)
    return Promise.resolve()
  }

  on(_event: 'change', listener: (change: 'model' | 'history') => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** How many shelves listen. */
  get listeners(): number {
    return this.#listeners.size
  }

  /** Answers with `answer` from now on and says so. */
  change(answer: RecommendResult, change: 'model' | 'history' = 'history'): void {
    this.answer = answer
    for (const listener of this.#listeners) listener(change)
  }
}

/** A list of catalogue items, all for the same reason. */
export function listOf(details: readonly CatalogueItem[], source: Source = 'personal'): RecommendResult {
  return {
    source,
    revision: source === 'page' ? null : 'r1',
    items: details.map((item, index) => ({
      item: item.id,
      score: details.length - index,
      reasons: [{ kind: 'history', item: '71053', title: 'White metal lantern', weight: 1 }],
      ...(source !== 'page' && { details: item }),
    })),
  }
}

/** `count` ordinary items, `item-0` and on. */
export function items(count: number, from = 0): CatalogueItem[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `item-${from + index}`,
    title: `Thing number ${from + index}`,
    price: 2.5 + index,
    url: `/product/${from + index}`,
  }))
}
