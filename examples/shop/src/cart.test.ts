import { describe, expect, it } from 'vitest'
import { MAX_QUANTITY, addToCart, countOf, parseCart, setQuantity, totalOf } from './cart.ts'

describe('basket', () => {
  it('adds to the line that is there, and keeps the order', () => {
    const cart = addToCart(addToCart(addToCart([], 'a', 1), 'b', 2), 'a', 3)
    expect(cart).toEqual([
      { id: 'a', quantity: 4 },
      { id: 'b', quantity: 2 },
    ])
    expect(countOf(cart)).toBe(6)
  })

  it('holds at most 99 of a product', () => {
    expect(addToCart([{ id: 'a', quantity: 98 }], 'a', 5)).toEqual([{ id: 'a', quantity: MAX_QUANTITY }])
  })

  it('drops a line at quantity 0', () => {
    expect(setQuantity([{ id: 'a', quantity: 2 }], 'a', 0)).toEqual([])
  })

  it('sums pence exactly, and counts a product that is no longer sold as nothing', () => {
    const cart = [
      { id: 'a', quantity: 3 },
      { id: 'gone', quantity: 9 },
    ]
    expect(totalOf(cart, (id) => (id === 'a' ? 10 : undefined))).toBe(30)
  })

  it.each([
    ['not json', []],
    ['null', []],
    ['{"a":1}', []],
    ['[{"id":"a","quantity":-1},{"id":5,"quantity":1},7,null]', []],
    ['[{"id":"a","quantity":1e9},{"id":"a","quantity":2}]', [{ id: 'a', quantity: MAX_QUANTITY }]],
  ])('reads stored text %s', (text, cart) => {
    expect(parseCart(text)).toEqual(cart)
  })
})
