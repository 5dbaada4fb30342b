/** Lists from a starter: a model of a part of the catalogue, by the same code as the whole. */
import { describe, expect, it } from 'vitest'
import type { RecommendRequest } from '@vitrine/contracts'
import { type HistoryEvent, type Model, loadStarter, recommend } from '../src/index.ts'
import { STARTER_ITEMS, manifestOf, tinyStarter } from './tiny-shop.ts'

const starter: Model = await loadStarter(manifestOf(new Map()), tinyStarter())
const saw = (...items: string[]): HistoryEvent[] => items.map((item) => ({ item, type: 'view' }))

async function list(
  request: Partial<RecommendRequest>,
  history: HistoryEvent[] = [],
): Promise<{ source: string; items: string[] }> {
  const { source, items } = await recommend(starter, { placement: 'home', k: 4, ...request }, history)
  return { source, items: items.map(({ item }) => item) }
}

describe('a starter', () => {
  it('lists what is popular to somebody unknown, with all that a card shows', async () => {
    expect(await list({})).toEqual({ source: 'popularity', items: ['i0', 'i1', 'i2', 'i3'] })
    const { items } = await recommend(starter, { placement: 'popular', k: 1 }, [])
    expect(items[0]!.details).toEqual({ id: 'i0', title: 'Item 0', price: 0, category: 'c0', inStock: true })
  })

  it('follows the history along its graph, one hop before two, and says why', async () => {
    const { source, items } = await list({}, saw('i7'))
    expect({ source, first: items.slice(0, 2) }).toEqual({ source: 'personal', first: ['i8', 'i9'] })
    const { items: explained } = await recommend(starter, { placement: 'home', k: 1 }, saw('i7'))
    expect(explained[0]!.reasons[0]).toMatchObject({ kind: 'history', item: 'i7' })
    expect(explained[0]!.reasons.some(({ kind }) => kind === 'taste')).toBe(false)
  })

  it('follows the anchor', async () => {
    expect(await list({ placement: 'product-page', anchor: 'i4', k: 1 })).toEqual({
      source: 'neighbours',
      items: ['i5'],
    })
    expect((await list({ placement: 'bought-together', anchor: 'i4', k: 1 })).items).toEqual(['i5'])
  })

  it('passes over items that it does not hold', async () => {
    expect(await list({ k: 1 }, saw('i7', 'i30'))).toEqual({ source: 'personal', items: ['i8'] })
    expect(await list({ k: 1, placement: 'product-page', anchor: 'i30' })).toEqual({
      source: 'popularity',
      items: ['i0'],
    })
  })

  it('has no similar items, and falls back to what follows', async () => {
    expect(await list({ placement: 'similar', anchor: 'i4', k: 1 })).toEqual({
      source: 'neighbours',
      items: ['i5'],
    })
  })

  it('keeps the rules: excluded, category, price, stock', async () => {
    const { items } = await list({
      k: STARTER_ITEMS,
      exclude: ['i1', 'i5'],
      where: { inStock: true, category: 'c1', maxPrice: 16 },
    })
    expect(items).toEqual(['i13'])
    // Item 9 is the only neighbour of item 8, and out of stock.
    const inStock = await list({ k: STARTER_ITEMS, where: { inStock: true } }, saw('i8'))
    expect(inStock.items).not.toContain('i9')
    expect(inStock.items).toHaveLength(STARTER_ITEMS - 3)
  })
})

it('a starter whose parts are of different sizes is refused', async () => {
  const bytes = tinyStarter()
  const title = new TextDecoder().decode(bytes).indexOf('"Item 19"')
  // One item less in every column of the catalogue would be much to edit: here a column alone is.
  bytes.set(new TextEncoder().encode('123456789'), title)
  await expect(loadStarter(manifestOf(new Map()), bytes)).rejects.toThrow(/catalogue/u)
})
