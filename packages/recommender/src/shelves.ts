/**
 * The shelves that go by long history or by trend, and what compares a catalogue's items. Not every page or model needs
 * them: a file of its own for browsers.
 */
import type { Reason } from '@vitrine/contracts'
import { chooseBest } from './choose.ts'
import { type HabitSettings, scoreHabits, visitsOf } from './habits.ts'
import type { HistoryEvent } from './history.ts'
import type { Model, ShelfItem } from './model.ts'
import type { ApartRecipe } from './placements.ts'
import { edgeWeight, strongest } from './reasons.ts'
import { type ShelfSettings, readShelfSettings } from './shelf-settings.ts'
import { scoreTrend } from './trend.ts'
import type { Workspace } from './workspace.ts'

export { attributesOf } from './attributes.ts'

/** Popular items that stand beside what history leads to. */
const POPULAR = 100

/**
 * Returns the items of a shelf.
 *
 * @param mask `[N]`, 0 = may be listed.
 */
export async function fillShelf(
  model: Model,
  recipe: ApartRecipe,
  history: readonly HistoryEvent[],
  k: number,
  mask: Uint8Array | undefined,
  work: Workspace,
): Promise<ShelfItem[]> {
  const settings = readShelfSettings(model.reranker.shelves)
  if (recipe === 'trending') return trending(model, settings, k, mask)
  return fromHabits(model, recipe, settings, history, k, mask, work)
}

const SETTINGS = { 'next-basket': 'nextBasket', 'buy-again': 'buyAgain', 'for-you': 'forYou' } as const

async function fromHabits(
  model: Model,
  recipe: Exclude<ApartRecipe, 'trending'>,
  settings: ShelfSettings,
  history: readonly HistoryEvent[],
  k: number,
  mask: Uint8Array | undefined,
  work: Workspace,
): Promise<ShelfItem[]> {
  const visits = visitsOf(model.catalogue, history, (type) => (type && settings.types[type]) ?? 1)
  const habit: HabitSettings = settings[SETTINGS[recipe]]
  const vector = new Float32Array(model.embeddings.dimension)
  const popular = await model.search({ vector, k: POPULAR + k, biasWeight: 1, ...(mask && { mask }) })
  scoreHabits(model, visits, habit, popular.indices, work)
  for (let c = 0; c < work.count; c++) {
    const isOwn = work.hops[c]! > 0
    const isWanted = recipe === 'next-basket' || isOwn === (recipe === 'buy-again')
    if (!isWanted || mask?.[work.items[c]!]) work.scores[c] = -Infinity
  }
  const found = chooseBest(work.scores, work.count, work.items, k, work.order)
  const best = [...work.order.subarray(0, found)].filter((place) => work.scores[place]! > -Infinity)
  return best.map((place) => ({
    item: work.items[place]!,
    score: work.scores[place]!,
    reasons: reasonsOf(model, place, habit, work),
  }))
}

/** What an item owes to having been there before, to what led to it, and to being popular: the parts of its score. */
function reasonsOf(
  { catalogue: { ids, titles }, graph }: Model,
  place: number,
  { neighbours }: HabitSettings,
  work: Workspace,
): Reason[] {
  const item = work.items[place]!
  const score = work.scores[place]!
  if (!(score > 0)) return [{ kind: 'popular', weight: 1 }]
  let largest = 0
  for (let c = 0; c < work.count; c++) largest = Math.max(largest, work.graph[c]!)
  const reasons: Reason[] = []
  let rest = 1
  for (let c = 0; c < work.count; c++) {
    if (!work.hops[c]) continue
    const from = work.items[c]!
    const own = c === place ? work.last[c]! : 0
    const led = largest > 0 ? (neighbours * work.hops[c]! * edgeWeight(graph, from, item)) / largest : 0
    const weight = Math.min(rest, (own + led) / score)
    rest -= weight
    if (weight > 0) reasons.push({ kind: 'history', item: ids[from]!, title: titles[from]!, weight })
  }
  return strongest([...reasons, { kind: 'popular', weight: rest }])
}

async function trending(
  model: Model,
  { trending: settings }: ShelfSettings,
  k: number,
  mask: Uint8Array | undefined,
): Promise<ShelfItem[]> {
  const { statistics } = model
  const scores = new Float32Array(statistics.count)
  scoreTrend(statistics, settings, scores)
  if (mask) for (let item = 0; item < scores.length; item++) if (mask[item]) scores[item] = -Infinity
  const items = Uint32Array.from(scores.keys())
  const order = new Uint32Array(k + 1)
  const found = chooseBest(scores, scores.length, items, k, order)
  return Array.from(order.subarray(0, found), (item) => ({
    item,
    score: scores[item]!,
    reasons: [{ kind: 'popular' as const, weight: 1 }],
  })).filter(({ score }) => score > -Infinity)
}
