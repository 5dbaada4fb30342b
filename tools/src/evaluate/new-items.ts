/** New items, which training saw no event of: how well their places, found by content, tell them apart. */
import { HISTORY_LENGTH, type Model } from '@vitrine/recommender'
import type { EvaluationCase } from './cases.ts'
import { type Rates, ratesOf } from './metrics.ts'

/** How the cases of new items are ranked: all new items, and no others, so that each ranker has the same chance. */
export interface NewItemsReport {
  /** New items in the catalogue. */
  items: number
  cases: number
  /** Closest to the query embedding first. */
  model: Rates
  /** Those of the categories that the shopper saw, latest categories first. */
  category: Rates
  /** In any order. */
  chance: Rates
}

/** Enough to tell rankers apart. */
const MOST_CASES = 2000
const CATEGORY_DECAY = 0.7

/**
 * Ranks the new items for each of `cases` that went on to one.
 *
 * @param counts Training events by item id.
 * @returns `undefined` where no case did.
 */
export async function rankNewItems(
  model: Model,
  cases: readonly EvaluationCase[],
  counts: ReadonlyMap<string, number>,
  { k, signal }: { k: number; signal?: AbortSignal },
): Promise<NewItemsReport | undefined> {
  const { ids } = model.catalogue
  const indexOf = (id: string): number | undefined => model.catalogue.indexOf(id)
  const fresh = [...ids.keys()].filter((item) => !counts.has(ids[item]!))
  const isFresh = new Set(fresh)
  const asked = cases.filter(({ target, prefix }) => {
    const item = indexOf(target)
    return (
      item !== undefined &&
      isFresh.has(item) &&
      prefix.some((id) => counts.has(id) && indexOf(id) !== undefined)
    )
  })
  if (asked.length === 0) return undefined
  const step = Math.ceil(asked.length / MOST_CASES)
  const sample = asked.filter((_, place) => place % step === 0)
  const mask = Uint8Array.from(ids, (_, item) => (isFresh.has(item) ? 0 : 1))
  const ranks = { model: new Uint16Array(sample.length), category: new Uint16Array(sample.length) }
  for (const [c, { prefix, target }] of sample.entries()) {
    signal?.throwIfAborted()
    const item = indexOf(target)!
    const known = prefix.flatMap((id) => indexOf(id) ?? []).slice(-HISTORY_LENGTH)
    ranks.model[c] = (await closest(model, known, k, mask)).indexOf(item) + 1
    ranks.category[c] = byCategory(model, known, fresh).slice(0, k).indexOf(item) + 1
  }
  const all = fresh.length
  const mean = (gain: (rank: number) => number): number => {
    let sum = 0
    for (let rank = 1; rank <= Math.min(k, all); rank++) sum += gain(rank)
    return sum / all
  }
  return {
    items: all,
    cases: sample.length,
    model: only(ranks.model),
    category: only(ranks.category),
    chance: {
      hit_rate: mean(() => 1),
      mrr: mean((rank) => 1 / rank),
      ndcg: mean((rank) => 1 / Math.log2(rank + 1)),
    },
  }
}

function only(ranks: Uint16Array): Rates {
  const { hit_rate, mrr, ndcg } = ratesOf(ranks)
  return { hit_rate, mrr, ndcg }
}

async function closest(
  model: Model,
  known: readonly number[],
  k: number,
  mask: Uint8Array,
): Promise<number[]> {
  const vector = new Float32Array(model.embeddings.dimension)
  await model.encode(known, vector)
  const { indices } = await model.search({ vector, k, biasWeight: 0, mask })
  return Array.from(indices)
}

/** Equal ones in order of the catalogue. */
function byCategory(
  { catalogue: { categoryOf } }: Model,
  known: readonly number[],
  fresh: readonly number[],
): number[] {
  const weights = new Map<number, number>()
  for (const [place, item] of known.entries()) {
    const weight = CATEGORY_DECAY ** (known.length - 1 - place)
    weights.set(categoryOf[item]!, (weights.get(categoryOf[item]!) ?? 0) + weight)
  }
  const weightOf = (item: number): number => weights.get(categoryOf[item]!) ?? 0
  return fresh.toSorted((a, b) => weightOf(b) - weightOf(a) || a - b)
}
