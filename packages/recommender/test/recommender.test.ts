import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RecommendRequest, Source } from '@vitrine/contracts'
import { type HistoryEvent, type Model, rankNext, recommend } from '../src/index.ts'
import { CATALOGUE, ITEMS, loadTiny, tinyArtifacts } from './tiny-shop.ts'

let model: Model
beforeAll(async () => {
  model = await loadTiny(tinyArtifacts())
})
afterAll(() => model.dispose())

const viewed = (...items: number[]): HistoryEvent[] => items.map((i) => ({ item: `i${i}`, type: 'view' }))

async function listOf(request: Partial<RecommendRequest>, history: HistoryEvent[] = []): Promise<string[]> {
  const { items } = await recommend(model, { placement: 'home', k: 8, ...request }, history)
  return items.map(({ item }) => item)
}

async function sourceOf(request: Partial<RecommendRequest>, history: HistoryEvent[]): Promise<Source> {
  return (await recommend(model, { placement: 'product-page', k: 4, ...request }, history)).source
}

async function rankOf(item: string, history: HistoryEvent[]): Promise<number> {
  return (await listOf({ k: ITEMS }, history)).indexOf(item)
}

describe('recommend', () => {
  it('ranks first what most often follows the last item', async () => {
    const { items, source, revision } = await recommend(model, { placement: 'home', k: 5 }, viewed(20))
    expect(items[0]).toMatchObject({ item: 'i21', details: { id: 'i21', title: 'Item 21', price: 21 } })
    expect({ source, revision }).toEqual({ source: 'personal', revision: 'r1' })
  })

  it('gives other lists after other histories', async () => {
    expect(await listOf({}, viewed(20))).not.toEqual(await listOf({}, viewed(30)))
  })

  it('walks down the chain: personal, neighbours of the anchor, popularity', async () => {
    expect(await sourceOf({ anchor: 'i5' }, viewed(9))).toBe('personal')
    expect(await sourceOf({ anchor: 'i5' }, [])).toBe('neighbours')
    expect(await sourceOf({ anchor: 'unknown' }, [])).toBe('popularity')
    expect(await sourceOf({}, [{ item: 'unknown', type: 'view' }])).toBe('popularity')
    expect(await sourceOf({}, [{ item: 'i3', type: 'impression' }])).toBe('popularity')
  })

  it.each(['home', 'product-page', 'similar', 'bought-together', 'cart', 'popular', 'my-own-shelf'])(
    'fills %s with all items that are allowed, once each, and never lists the anchor',
    async (placement) => {
      const excluded = ['i6', 'i7', 'i8']
      const where = { inStock: true, minPrice: 2 }
      const items = await listOf({ placement, anchor: 'i5', k: 200, exclude: excluded, where })
      const allowed = CATALOGUE.filter(
        ({ id, price, inStock }) => inStock && price! >= 2 && id !== 'i5' && !excluded.includes(id),
      ).map(({ id }) => id)
      expect(items.toSorted()).toEqual(allowed.toSorted())
    },
  )

  it('gives exactly k where at least k are allowed, whatever the rules', async () => {
    for (let k = 1; k <= 10; k++) {
      for (const category of ['c0', 'c1', 'c2', 'c3']) {
        expect(await listOf({ k: Math.min(k, 9), where: { category } }, viewed(1))).toHaveLength(
          Math.min(k, 9),
        )
      }
    }
  })

  it('lists nothing for a category that does not exist, also where items have none', async () => {
    expect(await listOf({ where: { category: 'c9' } }, viewed(1))).toEqual([])
  })

  it('does not list on a personal shelf what the shopper has just seen', async () => {
    const items = await listOf({ k: ITEMS }, viewed(3, 4, 5))
    expect(items).toHaveLength(ITEMS - 3)
    expect(items).not.toContain('i4')
  })

  it('shows the history itself as recently viewed, newest first, without repeats', async () => {
    const history: HistoryEvent[] = [
      ...viewed(3, 4, 3, 5),
      { item: 'i6', type: 'impression' },
      { item: 'i5', type: 'add_to_cart' },
    ]
    expect(await listOf({ placement: 'recently-viewed' }, history)).toEqual(['i5', 'i3', 'i4'])
    expect(await listOf({ placement: 'recently-viewed', anchor: 'i5' }, history)).toEqual(['i3', 'i4'])
    expect(await listOf({ placement: 'recently-viewed' })).toEqual([])
  })

  it('fills the cart shelf from what goes with all that is in the cart and not yet bought', async () => {
    const history: HistoryEvent[] = [
      { item: 'i10', type: 'add_to_cart' },
      { item: 'i12', type: 'add_to_cart' },
      { item: 'i30', type: 'add_to_cart' },
      { item: 'i30', type: 'purchase' },
    ]
    const items = await listOf({ placement: 'cart', k: 3 }, history)
    // 10 leads to 11, 12, 14; 12 to 13, 14, 16: 14 has a weight from each, 12 is in the cart.
    expect(items).toEqual(['i11', 'i13', 'i14'])
  })

  it('lists the same category as similar, and neighbours of the graph as bought together', async () => {
    const similar = await listOf({ placement: 'similar', anchor: 'i10', k: 9 })
    expect(similar.every((id) => Number(id.slice(1)) % 4 === 2)).toBe(true)
    const together = await listOf({ placement: 'bought-together', anchor: 'i10', k: 3 })
    expect(together).toEqual(['i11', 'i12', 'i14'])
  })

  it('ranks popular items by the popularity prior', async () => {
    expect(await listOf({ placement: 'popular', k: 3 })).toEqual(['i0', 'i1', 'i2'])
  })

  it('names the item that led to each, with shares of at most 1 in all', async () => {
    const { items } = await recommend(model, { placement: 'product-page', anchor: 'i20', k: 10 }, viewed(8))
    expect(items[0]!.reasons[0]).toMatchObject({ kind: 'anchor', item: 'i20', title: 'Item 20' })
    const fromHistory = items.flatMap(({ reasons }) => reasons).filter(({ kind }) => kind === 'history')
    expect(fromHistory).toContainEqual(expect.objectContaining({ item: 'i8' }))
    for (const { reasons } of items) {
      const weights = reasons.map(({ weight }) => weight)
      expect(weights).toEqual(weights.toSorted((a, b) => b - a))
      expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeLessThanOrEqual(1 + 1e-6)
    }
  })

  it('lowers an item when the cause that was named is taken away', async () => {
    const history = viewed(8, 25)
    const { items } = await recommend(model, { placement: 'home', k: 6 }, history)
    const named = items.flatMap(({ item, reasons }) => {
      const [first] = reasons
      return first?.kind === 'history' ? [{ item, cause: first.item }] : []
    })
    expect(named.length).toBeGreaterThan(0)
    for (const { item, cause } of named) {
      const without = history.filter((event) => event.item !== cause)
      expect(await rankOf(item, without)).toBeGreaterThan(await rankOf(item, history))
    }
  })

  it('answers calls that overlap as it answers them one by one', async () => {
    const histories = Array.from({ length: 30 }, (_, i) => viewed(i, (7 * i) % ITEMS))
    const oneByOne = []
    for (const history of histories) oneByOne.push(await listOf({ k: 12 }, history))
    expect(await Promise.all(histories.map((history) => listOf({ k: 12 }, history)))).toEqual(oneByOne)
  })

  it.each([0, -1, 1.5, Number.NaN])('refuses k = %s', async (k) => {
    await expect(listOf({ k })).rejects.toMatchObject({ code: 'INVALID_REQUEST' })
  })
})

describe('rankNext', () => {
  it('ranks all items, those of the prefix too', async () => {
    const items = await rankNext(model, ['i3', 'i4'], ITEMS)
    expect(items.toSorted()).toEqual(CATALOGUE.map(({ id }) => id).toSorted())
  })

  it('passes over items that it does not know, and falls back to popularity', async () => {
    expect(await rankNext(model, ['nobody', 'i7'], 5)).toEqual(await rankNext(model, ['i7'], 5))
    expect(await rankNext(model, [], 2)).toEqual(['i0', 'i1'])
  })

  it('finds candidates by the scan where the graph has none', async () => {
    const items = await rankNext(model, ['i39'], 9)
    expect(items).toHaveLength(9)
    expect(items.filter((id) => Number(id.slice(1)) % 4 === 3).length).toBeGreaterThan(6)
  })
})
