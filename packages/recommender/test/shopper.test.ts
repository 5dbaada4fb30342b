import { describe, expect, it } from 'vitest'
import { readCatalogue, writeCatalogue } from '../src/catalogue.ts'
import { COLUMNS, type FeatureName } from '../src/context-names.ts'
import { contextOf } from '../src/context.ts'
import { FEATURE_COUNT, FEATURE_GROUPS } from '../src/feature-names.ts'
import type { HistoryEvent } from '../src/history.ts'
import { describeCandidates, recommend, writeReranker } from '../src/index.ts'
import { Workspace } from '../src/workspace.ts'
import { CATALOGUE, ITEMS, TINY_RERANKER, loadTiny, tinyArtifacts } from './tiny-shop.ts'

const DAY = 86_400_000
const NOW = 100 * DAY
const context = contextOf(readCatalogue(writeCatalogue(CATALOGUE)))

/** Looks at items, `ago` days before now, a minute apart. */
function visit(ago: number, ids: readonly string[], type?: HistoryEvent['type']): HistoryEvent[] {
  const start = NOW - ago * DAY
  return ids.map((item, i) => ({ item, at: start - (ids.length - i) * 60_000, ...(type && { type }) }))
}

/** What is said of each item of a shopper with `history`. */
function describeAfter(history: HistoryEvent[] | undefined): (item: number, name: FeatureName) => number {
  const work = new Workspace(ITEMS, 16)
  for (let item = 0; item < ITEMS; item++) work.add(item)
  // Memory is used again and again: what an earlier shopper left must go.
  work.features.fill(7)
  work.visit.fill(7)
  context.describe([0], work, history && { history, now: NOW })
  return (item, name) => work.features[item * FEATURE_COUNT + COLUMNS[name]]!
}

/** What is alike for all items. */
function visitAfter(history: HistoryEvent[] | undefined): (name: FeatureName) => number {
  const work = new Workspace(ITEMS, 16)
  context.describe([0], work, history && { history, now: NOW })
  return (name) => work.visit[COLUMNS[name]]!
}

describe('what is known of a shopper', () => {
  const history = [...visit(20, ['i1', 'i2', 'i1']), ...visit(3, ['i2', 'i5']), ...visit(0, ['i7', 'i5'])]

  it('says of each item how often, in what share and how lately earlier visits had it', () => {
    const of = describeAfter(history)
    expect(of(2, 'pastVisits')).toBeCloseTo(Math.log1p(2), 6)
    expect(of(2, 'pastShare')).toBe(1)
    expect(of(2, 'pastRecency')).toBe(1)
    expect(of(2, 'pastOwn')).toBeCloseTo(Math.log(0.01 + 1 + 0.9), 5)
    // Twice in one visit is one visit.
    expect(of(1, 'pastVisits')).toBeCloseTo(Math.log1p(1), 6)
    expect(of(1, 'pastShare')).toBe(0.5)
    expect(of(1, 'pastRecency')).toBe(0.5)
  })

  it('keeps this visit apart from the earlier ones', () => {
    const of = describeAfter(history)
    expect(of(7, 'isPast')).toBe(0)
    expect(of(7, 'pastOwn')).toBeCloseTo(Math.log(0.01), 5)
    const alike = visitAfter(history)
    expect(alike('pastCount')).toBeCloseTo(Math.log1p(2), 6)
    // Three different ones of four.
    expect(alike('pastNew')).toBe(0.75)
    expect(alike('pastHere')).toBe(0.5)
  })

  it('takes all visits for earlier ones once the last one is over', () => {
    const over = [...visit(20, ['i1']), ...visit(1, ['i7'])]
    expect(describeAfter(over)(7, 'isPast')).toBe(1)
    expect(visitAfter(over)('pastCount')).toBeCloseTo(Math.log1p(2), 6)
    expect(visitAfter(over)('pastHere')).toBe(0)
  })

  it('takes events without a time for this visit', () => {
    expect(visitAfter([{ item: 'i1' }, { item: 'i2' }])('pastCount')).toBe(0)
  })

  it('says what lies in the cart, what was bought and what was done last', () => {
    const buying = [
      ...visit(2, ['i3'], 'purchase'),
      ...visit(0, ['i4', 'i6'], 'add_to_cart'),
      ...visit(0, ['i8'], 'impression'),
    ]
    const of = describeAfter(buying)
    expect([of(4, 'inCart'), of(6, 'inCart'), of(3, 'inCart')]).toEqual([1, 1, 0])
    expect([of(3, 'wasBought'), of(4, 'wasBought')]).toEqual([1, 0])
    // An impression is the shop's doing.
    expect(visitAfter(buying)('lastAct')).toBe(1)
    expect(visitAfter(buying)('cartSize')).toBeCloseTo(Math.log1p(2), 6)
    expect(visitAfter([...buying, ...visit(0, ['i9'], 'view')])('lastAct')).toBe(0)
  })

  it('says of the first item of the catalogue what it says of others', () => {
    expect(describeAfter(visit(1, ['i0'], 'purchase'))(0, 'wasBought')).toBe(1)
  })

  it('is nothing where nobody is known', () => {
    const of = describeAfter(undefined)
    for (const name of ['pastShare', 'pastVisits', 'pastRecency', 'isPast', 'inCart', 'wasBought'] as const) {
      expect(of(1, name)).toBe(0)
    }
    expect(of(1, 'pastOwn')).toBeCloseTo(Math.log(0.01), 5)
    expect(visitAfter(undefined)('pastCount')).toBe(0)
    expect(visitAfter(undefined)('pastNew')).toBe(1)
  })
})

describe('columns of some rankers', () => {
  it('lie where nothing else does, and each has a cause or none', () => {
    const columns = Object.values(COLUMNS)
    expect(new Set(columns).size).toBe(columns.length)
    expect(Math.max(...columns)).toBe(FEATURE_COUNT - 1)
    expect(columns).toHaveLength(FEATURE_COUNT)
    const groups = context.group(FEATURE_GROUPS)
    const caused = groups.flatMap(([, all]) => all)
    expect(new Set(caused).size).toBe(caused.length)
    expect(groups.find(([group]) => group === 'own')![1]).toContain(COLUMNS.isPast)
    expect(groups.find(([group]) => group === 'taste')![1]).toContain(COLUMNS.priceStep)
  })
})

describe('a ranker that reads of earlier visits', () => {
  /** Ranks by nothing but whether an earlier visit had the item. */
  const reranker = {
    ...TINY_RERANKER,
    candidates: { ...TINY_RERANKER.candidates, ranked: 5, past: 2 },
    features: ['isPast' as const],
    means: [0],
    deviations: [1],
    layers: [{ inputs: 1, outputs: 1, weights: [1], biases: [0] }],
  }
  const now = Date.now()
  const past = (days: number, item: string): HistoryEvent => ({ item, at: now - days * DAY, type: 'view' })
  // So many looks since that the shelf, which leaves out what was just seen, may show what came before them.
  const seen = Array.from({ length: 50 }, (): HistoryEvent => ({ item: 'i5', at: now, type: 'view' }))
  const history = [past(9, 'i20'), past(8, 'i30'), past(7, 'i20'), past(6, 'i33'), ...seen]

  it('lists what graph and embeddings do not lead to, and says that it had been there', async () => {
    const model = await loadTiny(tinyArtifacts().set('reranker', writeReranker(reranker)))
    const { items } = await recommend(model, { placement: 'home', k: 5 }, history)
    const known = items.filter(({ item }) => ['i20', 'i30', 'i33'].includes(item))
    // The two that came most and latest.
    expect(known.map(({ item }) => item).toSorted()).toEqual(['i20', 'i33'])
    for (const { item, reasons } of known) expect(reasons[0]).toMatchObject({ kind: 'history', item })
    model.dispose()
  })

  it('places an item lower once the visits that it names as the cause are taken away', async () => {
    const model = await loadTiny(tinyArtifacts().set('reranker', writeReranker(reranker)))
    const ask = (events: HistoryEvent[]): ReturnType<typeof recommend> =>
      recommend(model, { placement: 'home', k: ITEMS }, events)
    const before = (await ask(history)).items
    const named = before.filter(({ item, reasons }) =>
      reasons.some((reason) => reason.kind === 'history' && reason.item === item),
    )
    expect(named.length).toBeGreaterThan(0)
    for (const { item, score } of named) {
      const after = (await ask(history.filter((event) => event.item !== item))).items
      expect(after.find((other) => other.item === item)?.score ?? -Infinity).toBeLessThan(score)
    }
    model.dispose()
  })

  it('keeps them however unlikely they are, but not what may not be listed', async () => {
    const model = await loadTiny(tinyArtifacts().set('reranker', writeReranker(reranker)))
    const mask = new Uint8Array(ITEMS)
    mask[20] = 1
    const found = await model.withWorkspace(async (work) => {
      await describeCandidates(model, model.reranker.candidates, [5], 3, mask, work, { history, now })
      return Array.from(work.items.subarray(0, work.count))
    })
    expect(found).toHaveLength(5)
    expect(found).toEqual(expect.arrayContaining([30, 33]))
    expect(found).not.toContain(20)
    model.dispose()
  })
})
