/**
 * The shelves that go by long history, by likeness or by trend, and what only some rankers read. Not every page or model
 * needs them: a file of its own for browsers.
 */
import type { Reason } from '@vitrine/contracts'
import { chooseBest } from './choose.ts'
import { type HabitNetwork, fillFromHabits, habitNetworkOf } from './habit-shelf.ts'
import type { Model, ShelfItem, ShelfRequest } from './model.ts'
import type { ApartRecipe } from './placements.ts'
import { strongest } from './reasons.ts'
import { type ShelfSettings, readShelfSettings } from './shelf-settings.ts'
import { SIMILAR_CANDIDATES, anchorVector, scoreSimilar } from './similar.ts'
import { scoreTrend } from './trend.ts'
import type { Workspace } from './workspace.ts'

export { contextOf } from './context.ts'

/** What a model says of shelves, read once. */
interface Read {
  settings: ShelfSettings
  network: HabitNetwork | undefined
}

const read = new WeakMap<Model, Read>()

/** Returns the items of a shelf. */
export async function fillShelf(
  model: Model,
  recipe: ApartRecipe,
  request: ShelfRequest,
  work: Workspace,
): Promise<ShelfItem[]> {
  const stated = statedBy(model)
  if (recipe === 'trending') return fillTrending(model, stated.settings, request)
  if (recipe === 'similar') return fillSimilar(model, stated.settings, request, work)
  return fillFromHabits(model, recipe, stated, request, work)
}

function statedBy(model: Model): Read {
  const known = read.get(model)
  if (known) return known
  const settings = readShelfSettings(model.reranker.shelves)
  const stated = { settings, network: settings.habits && habitNetworkOf(settings.habits) }
  read.set(model, stated)
  return stated
}

async function fillSimilar(
  model: Model,
  { similar }: ShelfSettings,
  { anchor, k, mask }: ShelfRequest,
  work: Workspace,
): Promise<ShelfItem[]> {
  const vector = anchorVector(model, anchor!)
  const { indices } = await model.search({
    vector,
    k: k + SIMILAR_CANDIDATES,
    biasWeight: 0,
    ...(mask && { mask }),
  })
  scoreSimilar(model, similar, { anchor: anchor!, vector, found: indices, mask }, work)
  const found = chooseBest(work.scores, work.count, work.items, k, work.order)
  const from = model.catalogue.ids[anchor!]!
  return Array.from(work.order.subarray(0, found), (place) => {
    const score = work.scores[place]!
    const weight = score > 0 ? Math.max(0, Math.min(1, work.dense[place]! / score)) : 1
    const reasons: Reason[] = [
      { kind: 'anchor', item: from, weight },
      { kind: 'popular', weight: 1 - weight },
    ]
    return { item: work.items[place]!, score, reasons: strongest(reasons) }
  })
}

async function fillTrending(
  { statistics }: Model,
  { trending }: ShelfSettings,
  { k, mask }: ShelfRequest,
): Promise<ShelfItem[]> {
  const scores = new Float32Array(statistics.count)
  scoreTrend(statistics, trending, scores)
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
