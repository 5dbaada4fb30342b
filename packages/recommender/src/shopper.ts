/** What earlier visits, and the cart, say of candidates: features of a shopper who is known. */
import type { Catalogue } from './catalogue.ts'
import { COLUMNS } from './context-names.ts'
import { FEATURE_COUNT } from './feature-names.ts'
import { visitsOf } from './habits.ts'
import { SILENT, type Shopper, VISIT_GAP, cartItems } from './history.ts'
import type { Workspace } from './workspace.ts'

/** By how much a visit counts less than the one after it. */
const DECAY = 0.9
/** Keeps the log of no visit at all finite. */
const LEAST_VISIT = 0.01

/** What a shopper did, as item indices. */
export interface Past {
  /** Distinct items of each visit before this one, latest last. */
  readonly visits: readonly ArrayLike<number>[]
  /** The same of this visit. */
  readonly here: ArrayLike<number>
  readonly cart: readonly number[]
  readonly bought: readonly number[]
  /** What was done last, as `lastAct` counts it. */
  readonly lastAct: number
}

/** Reads a shopper's events. */
export function pastOf(catalogue: Catalogue, { history, now }: Shopper): Past {
  const telling = history.filter(({ type }) => !SILENT.has(type))
  const visits = visitsOf(catalogue, telling).map(({ items }) => items)
  const latest = telling.at(-1)
  const isHere = latest?.at === undefined || now - latest.at <= VISIT_GAP
  return {
    here: (isHere && visits.pop()) || [],
    visits,
    cart: cartItems(catalogue, telling),
    bought: telling.flatMap(({ item, type }) => (type === 'purchase' ? (catalogue.indexOf(item) ?? []) : [])),
    lastAct: ['add_to_cart', 'purchase'].indexOf(latest?.type ?? '') + 1,
  }
}

/**
 * Adds the `most` items of earlier visits that came most and latest to the candidates of `work`, those in `mask` left
 * out, and marks them in `work.stays`.
 */
export function addPast({ visits }: Past, most: number, mask: Uint8Array | undefined, work: Workspace): void {
  const weights = new Map<number, number>()
  eachPast(visits, (item, back) => {
    if (!mask?.[item]) weights.set(item, (weights.get(item) ?? 0) + DECAY ** back)
  })
  const chosen = [...weights].toSorted((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, most)
  for (const [item] of chosen) {
    const place = work.add(item)
    work.stays[place] = 1
  }
}

/** Fills the columns of `work` that tell of the shopper: as of one of whom nothing is known where `past` is missing. */
export function describeShopper(past: Past | undefined, work: Workspace): void {
  const { count, features } = work
  const { pastOwn, pastShare, pastVisits, pastRecency, isPast, inCart, wasBought } = COLUMNS
  for (let c = 0, at = 0; c < count; c++, at += FEATURE_COUNT) {
    features.fill(0, at + pastOwn, at + wasBought + 1) // They stand side by side.
  }
  const had = new Set<number>()
  let size = 0
  eachPast(past?.visits ?? [], (item, back) => {
    had.add(item)
    size += 1
    const candidate = work.find(item)
    if (candidate < 0) return
    const at = candidate * FEATURE_COUNT
    features[at + pastOwn]! += DECAY ** back
    features[at + pastVisits]! += 1
    if (features[at + isPast]) return
    features[at + isPast] = 1
    features[at + pastRecency] = 1 / (1 + back)
  })
  const visitCount = past?.visits.length ?? 0
  for (let c = 0, at = 0; c < count; c++, at += FEATURE_COUNT) {
    const times = features[at + pastVisits]!
    features[at + pastOwn] = Math.log(LEAST_VISIT + features[at + pastOwn]!)
    features[at + pastShare] = times && times / visitCount
    features[at + pastVisits] = Math.log1p(times)
  }
  const mark = (items: readonly number[], column: number): void => {
    for (const item of items) {
      const candidate = work.find(item)
      if (candidate >= 0) features[candidate * FEATURE_COUNT + column] = 1
    }
  }
  mark(past?.cart ?? [], inCart)
  mark(past?.bought ?? [], wasBought)
  describeVisit(past, visitCount, { had, size }, work)
}

function describeVisit(
  past: Past | undefined,
  visitCount: number,
  { had, size }: { had: ReadonlySet<number>; size: number },
  { visit }: Workspace,
): void {
  const here = Array.from(past?.here ?? [])
  visit[COLUMNS.pastCount] = Math.log1p(visitCount)
  visit[COLUMNS.pastNew] = size > 0 ? had.size / size : 1
  visit[COLUMNS.pastHere] = here.length > 0 ? here.filter((item) => had.has(item)).length / here.length : 0
  visit[COLUMNS.lastAct] = past?.lastAct ?? 0
  visit[COLUMNS.cartSize] = Math.log1p(past?.cart.length ?? 0)
}

/** Visits every item of every visit, the latest first; `back` is how many visits came after. */
function eachPast(visits: readonly ArrayLike<number>[], onItem: (item: number, back: number) => void): void {
  for (let back = 0; back < visits.length; back++) {
    const items = visits[visits.length - 1 - back]!
    for (let i = 0; i < items.length; i++) onItem(items[i]!, back)
  }
}
