/** The shelves that go by long history: candidates by a formula, ranked anew by a network where training made one. */
import { plainLayers } from '@vitrine/kernels/scalar'
import type { Reason } from '@vitrine/contracts'
import { chooseBest } from './choose.ts'
import type { Evidence } from './features.ts'
import {
  HABIT_CAUSES,
  HABIT_FEATURES,
  HABIT_FEATURE_COUNT,
  type HabitFeature,
  NOTHING_KNOWN,
  describeHabits,
} from './habit-features.ts'
import { type Visit, scoreHabits, visitsOf } from './habits.ts'
import type { HistoryEvent } from './history.ts'
import type { Model, ShelfItem, ShelfRequest } from './model.ts'
import { edgeWeight, strongest } from './reasons.ts'
import { type StoredNetwork, foldLayers } from './layers.ts'
import type { ShelfSettings } from './shelf-settings.ts'
import type { Workspace } from './workspace.ts'

/** A shelf that goes by long history. */
export type HabitRecipe = 'next-basket' | 'buy-again' | 'for-you'

/** Popular items that stand beside what history leads to. */
export const HABIT_POPULAR = 100

/** How many the network ranks; what the formula places behind them is hardly ever right. */
export const HABIT_CANDIDATES = 200

const SETTINGS = { 'next-basket': 'nextBasket', 'buy-again': 'buyAgain', 'for-you': 'forYou' } as const

/** Ranks rows `[count, HABIT_FEATURE_COUNT]`: fills `scores` `[count]`. */
export type HabitNetwork = (rows: Float32Array, count: number, scores: Float32Array) => void

/** Returns the network as it runs. */
export function habitNetworkOf(stored: StoredNetwork<HabitFeature>): HabitNetwork {
  const columns = stored.features.map((name) => HABIT_FEATURES.indexOf(name))
  const layers = foldLayers(stored, columns, HABIT_FEATURE_COUNT)
  const biases = Float64Array.from(layers[0]!.biases)
  const plain = plainLayers(layers)
  return (rows, count, scores) => plain.score(rows, count, HABIT_FEATURE_COUNT, biases, scores)
}

/**
 * Returns the places of the best `most` candidates of `work`, by the scores that `scoreHabits` gave, of those that
 * belong on the shelf: what the shopper had, in buy-again; what the shopper never had, in for-you.
 *
 * @param mask `[N]`, 0 = may be listed.
 */
export function chooseHabits(
  work: Workspace,
  recipe: HabitRecipe,
  most: number,
  mask?: Uint8Array,
): Uint32Array {
  for (let c = 0; c < work.count; c++) {
    const isWanted = recipe === 'next-basket' || work.hops[c]! > 0 === (recipe === 'buy-again')
    if (!isWanted || mask?.[work.items[c]!]) work.scores[c] = -Infinity
  }
  const found = chooseBest(work.scores, work.count, work.items, most, work.order)
  return work.order.slice(0, found).filter((place) => work.scores[place]! > -Infinity)
}

/** Fills one of these shelves. */
export async function fillFromHabits(
  model: Model,
  recipe: HabitRecipe,
  { settings, network }: { settings: ShelfSettings; network: HabitNetwork | undefined },
  { history, k, mask }: ShelfRequest,
  work: Workspace,
): Promise<ShelfItem[]> {
  const visits = visitsOf(model.catalogue, history, weighedBy(settings))
  const habit = settings[SETTINGS[recipe]]
  const vector = new Float32Array(model.embeddings.dimension)
  const popular = await model.search({ vector, k: HABIT_POPULAR + k, biasWeight: 1, ...(mask && { mask }) })
  scoreHabits(model, visits, habit, popular.indices, work)
  const places = chooseHabits(work, recipe, network ? Math.max(k, HABIT_CANDIDATES) : k, mask)
  if (network) return rankAnew(model, network, visits, places, k, work)
  let largest = 0
  for (let c = 0; c < work.count; c++) largest = Math.max(largest, work.graph[c]!)
  return Array.from(places, (place) => {
    const score = work.scores[place]!
    const led = largest > 0 ? (habit.neighbours * work.graph[place]!) / largest : 0
    const causes = { own: work.last[place]!, led, popular: score - work.last[place]! - led }
    return { item: work.items[place]!, score, reasons: reasonsOf(model, place, causes, work) }
  })
}

function weighedBy({ types }: ShelfSettings): (type: HistoryEvent['type']) => number {
  return (type) => (type && types[type]) ?? 1
}

/** What an item's score rests on; nothing where a part is 0 or below. */
type Causes = Readonly<Record<keyof typeof HABIT_CAUSES, number>>

function rankAnew(
  model: Pick<Evidence, 'statistics'> & Pick<Model, 'catalogue' | 'graph'>,
  network: HabitNetwork,
  visits: readonly Visit[],
  places: Uint32Array,
  k: number,
  work: Workspace,
): ShelfItem[] {
  const count = places.length
  const rows = new Float32Array(count * HABIT_FEATURE_COUNT)
  describeHabits(model, visits, places, work, rows)
  const scores = new Float32Array(count)
  network(rows, count, scores)
  const items = Uint32Array.from(places, (place) => work.items[place]!)
  const order = new Uint32Array(count + 1)
  const found = chooseBest(scores, count, items, k, order)
  return Array.from(order.subarray(0, found), (row) => {
    const score = scores[row]!
    const own = rows.subarray(row * HABIT_FEATURE_COUNT, (row + 1) * HABIT_FEATURE_COUNT)
    return {
      item: items[row]!,
      score,
      reasons: reasonsOf(model, places[row]!, causesOf(network, own, score), work),
    }
  })
}

/** What an item's score loses without each of its causes. */
function causesOf(network: HabitNetwork, row: Float32Array, score: number): Causes {
  const without = new Float32Array(1)
  const loss = ([from, to]: readonly [number, number]): number => {
    const changed = row.slice()
    for (let i = from; i < to; i++) changed[i] = NOTHING_KNOWN[i]!
    network(changed, 1, without)
    return score - without[0]!
  }
  return { own: loss(HABIT_CAUSES.own), led: loss(HABIT_CAUSES.led), popular: loss(HABIT_CAUSES.popular) }
}

/** What an item owes to having been there before, to what led to it, and to being popular. */
function reasonsOf(
  { catalogue: { ids, titles }, graph }: Pick<Model, 'catalogue' | 'graph'>,
  place: number,
  { own, led, popular }: Causes,
  work: Workspace,
): Reason[] {
  const item = work.items[place]!
  // Nothing led to an item that is no neighbour of what was had, and none of those was had that never was.
  const parts = {
    own: work.hops[place]! > 0 ? Math.max(0, own) : 0,
    led: work.graph[place]! > 0 ? Math.max(0, led) : 0,
    popular: Math.max(0, popular),
  }
  const all = parts.own + parts.led + parts.popular
  if (all === 0) return [{ kind: 'popular', weight: 1 }]
  const reasons: Reason[] = []
  for (let c = 0; c < work.count && parts.own + parts.led > 0; c++) {
    if (!work.hops[c]) continue
    const from = work.items[c]!
    const share = parts.led && (work.hops[c]! * edgeWeight(graph, from, item)) / work.graph[place]!
    const weight = ((c === place ? parts.own : 0) + parts.led * share) / all
    if (weight > 0) reasons.push({ kind: 'history', item: ids[from]!, title: titles[from]!, weight })
  }
  return strongest([...reasons, { kind: 'popular', weight: parts.popular / all }])
}
