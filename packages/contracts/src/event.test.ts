import { describe, expect, it } from 'vitest'
import { parseEvent, parseEventInput } from './event.ts'

describe('parseEventInput', () => {
  it('accepts GA4 names and returns Vitrine names', () => {
    expect(parseEventInput({ type: 'view_item', item: '85123A' })).toEqual({ type: 'view', item: '85123A' })
  })

  it.each([
    ['no object', null],
    ['an unknown type', { type: 'stare', item: 'a' }],
    ['a name of Object.prototype as type', { type: 'constructor', item: 'a' }],
    ['no item', { type: 'view' }],
    ['an empty item', { type: 'view', item: '' }],
    ['an item of 129 characters', { type: 'view', item: 'x'.repeat(129) }],
    ['NUL in an item', { type: 'view', item: 'a\0b' }],
    ['half a surrogate pair', { type: 'view', item: 'a\ud83d' }],
    ['a search without a query', { type: 'search', item: 'a' }],
    ['NaN', { type: 'rate', item: 'a', value: Number.NaN }],
    ['a field it does not know', { type: 'view', item: 'a', email: 'a@b.c' }],
    ['a negative time', { type: 'view', item: 'a', at: -1 }],
  ])('refuses %s', (_, input) => {
    expect(() => parseEventInput(input)).toThrow(expect.objectContaining({ code: 'INVALID_EVENT' }))
  })

  it('names the field and does not echo the value', () => {
    const secret = 'x'.repeat(200)
    expect(() => parseEventInput({ type: 'view', item: secret })).toThrow(/item/u)
    expect(() => parseEventInput({ type: 'view', item: secret })).not.toThrow(/xxx/u)
  })
})

describe('parseEvent', () => {
  it('needs seq and at', () => {
    expect(parseEvent({ seq: 1, type: 'view', item: 'a', at: 0 })).toEqual({
      seq: 1,
      type: 'view',
      item: 'a',
      at: 0,
    })
    expect(() => parseEvent({ type: 'view', item: 'a', at: 0 })).toThrow(/seq/u)
    expect(() => parseEvent({ seq: 0, type: 'view', item: 'a', at: 0 })).toThrow(/seq/u)
  })
})
