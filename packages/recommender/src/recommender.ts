/** A recommendation, from history to explained list. Reads top to bottom. */
import {
  type Reason,
  type RecommendRequest,
  type RecommendResult,
  type RecommendedItem,
  type Source,
  VitrineError,
} from '@vitrine/contracts'
import { itemAt } from './catalogue.ts'
import {
  HISTORY_LENGTH,
  type HistoryEvent,
  type Shopper,
  VISIT_GAP,
  cartItems,
  recentItems,
} from './history.ts'
import type { Model } from './model.ts'
import { type ApartRecipe, type Recipe, recipeOf } from './placements.ts'
import { rankAfter, rankNeighbours } from './ranking.ts'
import { explainByGraph, explainer, strongest } from './reasons.ts'
import { maskOf } from './rules.ts'
import type { Workspace } from './workspace.ts'

/**
 * Returns the items for a shelf. Falls back from the personal list to neighbours of the anchor to what is
 * popular, and says which in `source`. A list is shorter than k only when rules leave fewer items.
 *
 * @param history Events of this shopper, oldest first.
 * @throws `VitrineError('INVALID_REQUEST')` when k is not a positive integer, `DISPOSED` after `dispose()`.
 * @example
 * ```ts
 * const { items, source } = await recommend(
 *   model,
 *   { placement: 'product-page', anchor: '85123A', k: 12, where: { inStock: true } },
 *   [{ item: '22423', type: 'view' }],
 * )
 * ```
 */
export async function recommend(
  model: Model,
  request: RecommendRequest,
  history: readonly HistoryEvent[],
): Promise<RecommendResult> {
  assertCount(request.k)
  return model.withWorkspace(async (work) => {
    const shelf = planShelf(model, request, history, work)
    const fill = FILL[shelf.recipe as keyof typeof FILL] ?? fillApart
    const items = await fill(model, shelf, work)
    return { items, source: shelf.source, revision: model.manifest.revision }
  })
}

/**
 * Returns the `k` item ids that most likely come after `prefix` (item ids, oldest first): all items are
 * ranked, repeats allowed, as the literature's protocol has it.
 *
 * @param shopper What else is known of who asks, events of the prefix included.
 * @throws `VitrineError('INVALID_REQUEST')` when k is not a positive integer.
 */
export async function rankNext(
  model: Model,
  prefix: readonly string[],
  k: number,
  shopper?: Shopper,
): Promise<string[]> {
  assertCount(k)
  const known = prefix.slice(-HISTORY_LENGTH).flatMap((id) => model.catalogue.indexOf(id) ?? [])
  const { ids } = model.catalogue
  if (!known.length) {
    const { indices } = await searchPopular(model, k)
    return Array.from(indices, (index) => ids[index]!)
  }
  return model.withWorkspace(async (work) => {
    const found = await rankAfter(model, known, k, undefined, work, shopper)
    return Array.from(work.order.subarray(0, found), (place) => ids[work.items[place]!]!)
  })
}

/** All that a list depends on, as indices. */
interface Shelf {
  recipe: Recipe
  source: Source
  /** What the list follows from, oldest first. */
  sequence: number[]
  history: readonly HistoryEvent[]
  anchor: number | undefined
  k: number
  mask: Uint8Array | undefined
}

/** Chooses the recipe, walking down the chain where its evidence is missing, and the items that may be listed. */
function planShelf(
  model: Model,
  request: RecommendRequest,
  history: readonly HistoryEvent[],
  work: Workspace,
): Shelf {
  const { catalogue, embeddings } = model
  const anchor = request.anchor === undefined ? undefined : catalogue.indexOf(request.anchor)
  const recent = recentItems(catalogue, history)
  const personal = anchor === undefined || recent.at(-1) === anchor ? recent : [...recent, anchor]
  const hidden = (request.exclude ?? []).flatMap((id) => catalogue.indexOf(id) ?? [])
  if (anchor !== undefined) hidden.push(anchor)
  const plan = (recipe: Recipe, source: Source, sequence: number[], known: readonly number[] = []): Shelf => {
    const needsMask = hidden.length > 0 || known.length > 0 || request.where !== undefined
    const mask = needsMask ? maskOf(catalogue, [...hidden, ...known], request.where, work.mask) : undefined
    return { recipe, source, sequence, history, anchor, k: request.k, mask }
  }

  const recipe = begins(model, request, history) ? 'for-you' : recipeOf(request.placement)
  if (recipe === 'recent') return plan(recipe, 'personal', [...new Set(recent.toReversed())])
  if (recipe === 'popular' || recipe === 'trending') return plan(recipe, 'popularity', [])
  if (recipe === 'buy-again' || (recent.length && (recipe === 'for-you' || recipe === 'next-basket'))) {
    return plan(recipe, 'personal', [])
  }
  if (recipe === 'together' && anchor !== undefined) return plan(recipe, 'neighbours', [anchor])
  if (recipe === 'similar' && anchor !== undefined && embeddings.scales[anchor]! > 0) {
    return plan(recipe, 'neighbours', [anchor])
  }
  const cart = recipe === 'cart' ? cartItems(catalogue, history) : []
  if (cart.length) return plan('cart', 'neighbours', cart, cart)
  // A shelf is for finding things: what the shopper has just seen stands under "recently viewed".
  if (personal.length) return plan('personal', recent.length ? 'personal' : 'neighbours', personal, recent)
  return plan('popular', 'popularity', [])
}

/**
 * Whether a visit begins on a page that leads on to things: what it brings follows from all visits before it rather than
 * from how the last one ended. Where training could not tell, as nobody knew the shoppers, that end is what there is.
 */
function begins(
  { reranker: { shelves } }: Model,
  { placement }: RecommendRequest,
  history: readonly HistoryEvent[],
): boolean {
  const habits = (shelves as { habits?: unknown } | undefined)?.habits
  return placement === 'home' && !!habits && Date.now() - (history.at(-1)?.at ?? Infinity) > VISIT_GAP
}

const FILL: Record<
  Exclude<Recipe, ApartRecipe>,
  (model: Model, shelf: Shelf, work: Workspace) => Promise<RecommendedItem[]>
> = {
  personal: fillPersonal,
  together: fillFromGraph,
  cart: fillFromGraph,
  recent: fillRecent,
  popular: fillPopular,
}

async function fillApart(model: Model, shelf: Shelf, work: Workspace): Promise<RecommendedItem[]> {
  const { fillShelf } = await (model.loadShelves?.() ?? import('./shelves.ts'))
  const filled = await fillShelf(model, shelf.recipe as ApartRecipe, shelf, work)
  return filled.map(({ item, score, reasons }) => listed(model, item, score, reasons))
}

async function fillPersonal(
  model: Model,
  { sequence, history, anchor, k, mask }: Shelf,
  work: Workspace,
): Promise<RecommendedItem[]> {
  const window = sequence.slice(-HISTORY_LENGTH)
  const found = await rankAfter(model, window, k, mask, work, { history, now: Date.now() })
  return list(model, work, found, explainer(model, window, anchor, found, work))
}

async function fillFromGraph(
  model: Model,
  { sequence, anchor, k, mask }: Shelf,
  work: Workspace,
): Promise<RecommendedItem[]> {
  const found = await rankNeighbours(model, sequence, k, mask, work)
  const settings = { window: sequence.length, decay: 1 }
  return list(model, work, found, (place) =>
    work.graph[place]! > 0
      ? strongest(explainByGraph(model, sequence, anchor, work.items[place]!, 1, settings))
      : [{ kind: 'taste', weight: 1 }],
  )
}

async function fillRecent(model: Model, { sequence, k, mask }: Shelf): Promise<RecommendedItem[]> {
  return sequence
    .filter((index) => !mask?.[index])
    .slice(0, k)
    .map((index, rank) => {
      const reason: Reason = { kind: 'history', item: model.catalogue.ids[index]!, weight: 1 }
      return listed(model, index, 1 / (1 + rank), [reason])
    })
}

async function fillPopular(model: Model, { k, mask }: Shelf): Promise<RecommendedItem[]> {
  const { indices, scores } = await searchPopular(model, k, mask)
  return Array.from(indices, (index, rank) =>
    listed(model, index, scores[rank]!, [{ kind: 'popular', weight: 1 }]),
  )
}

/** A query of zeros leaves the table's bias alone to rank: the popularity prior. */
function searchPopular(model: Model, k: number, mask?: Uint8Array): ReturnType<Model['search']> {
  const vector = new Float32Array(model.embeddings.dimension)
  return model.search({ vector, k, biasWeight: 1, ...(mask && { mask }) })
}

function list(
  model: Model,
  work: Workspace,
  found: number,
  reasonsOf: (place: number, rank: number) => Reason[],
): RecommendedItem[] {
  return Array.from(work.order.subarray(0, found), (place, rank) =>
    listed(model, work.items[place]!, work.scores[place]!, reasonsOf(place, rank)),
  )
}

function listed({ catalogue }: Model, index: number, score: number, reasons: Reason[]): RecommendedItem {
  return { item: catalogue.ids[index]!, score, reasons, details: itemAt(catalogue, index) }
}

function assertCount(k: number): void {
  if (!Number.isInteger(k) || k < 1) {
    throw new VitrineError('INVALID_REQUEST', `k is ${k}: ask for a positive whole number of items.`)
  }
}
