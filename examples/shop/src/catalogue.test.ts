import { describe, expect, it } from 'vitest'
import { Catalogue, SORTS } from './catalogue.ts'
import { compactCatalogue, parseCatalogue } from './catalogue-file.ts'

const MODEL = {
  ids: ['a', 'b', 'c', '<svg/onload=alert(1)>'],
  titles: ['Red Mug', 'Blue Mugwort Tea', 'No Price', '<img src=x onerror=alert(1)>'],
  prices: [2.95, 0.1, null, 12],
  categories: ['Tableware', 'Garden'],
  categoryOf: [0, 1, 0, -1],
}

describe('catalogue file', () => {
  it('keeps pence as whole numbers and leaves out what has no price', () => {
    const { rows } = compactCatalogue(MODEL)
    expect(rows.map(([id, , pence]) => [id, pence])).toEqual([
      ['a', 295],
      ['b', 10],
      ['<svg/onload=alert(1)>', 1200],
    ])
  })

  it('survives the way through JSON', () => {
    const file = compactCatalogue(MODEL)
    const { categories, products } = parseCatalogue(JSON.parse(JSON.stringify(file)))
    expect(categories).toEqual(['Tableware', 'Garden', 'Other'])
    expect(products[0]).toEqual({ id: 'a', title: 'Red Mug', pence: 295, category: 0 })
  })

  it.each([
    [null],
    [{}],
    [{ categories: ['x'], rows: [['a', 'A', 1.5, 0]] }],
    [{ categories: ['x'], rows: [['a', 'A', 1, 1]] }],
    [{ categories: ['x'], rows: [['', 'A', 1, 0]] }],
    [{ categories: ['x'], rows: [{ id: 'a' }] }],
    [{ categories: [7], rows: [] }],
  ])('refuses %j', (file) => {
    expect(() => parseCatalogue(file)).toThrow(TypeError)
  })
})

describe('catalogue', () => {
  const catalogue = new Catalogue(compactCatalogue(MODEL))

  it('finds products by all words of a query, whole words first', () => {
    expect(catalogue.search('mug').map(({ id }) => id)).toEqual(['a', 'b'])
    expect(catalogue.search('blue TEA').map(({ id }) => id)).toEqual(['b'])
    expect(catalogue.search('mug lantern')).toEqual([])
    expect(catalogue.search('  ')).toEqual([])
  })

  it('puts what fits no category last, under a name of its own', () => {
    expect(catalogue.categories.at(-1)?.name).toBe('More gifts')
    expect(catalogue.category('tableware')?.products.map(({ id }) => id)).toEqual(['a'])
  })

  it('fills a selection up with other products, each once', () => {
    expect(catalogue.pick(['b', 'gone'], 3).map(({ id }) => id)).toEqual(['b', 'a', '<svg/onload=alert(1)>'])
  })

  it('orders by price both ways', () => {
    const up = catalogue.products.toSorted(SORTS['price-up']?.compare)
    expect(up.map(({ pence }) => pence)).toEqual([10, 295, 1200])
    expect(catalogue.products.toSorted(SORTS['price-down']?.compare)).toEqual(up.toReversed())
  })
})
