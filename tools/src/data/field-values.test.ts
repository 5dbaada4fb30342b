import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseNumber, parseTime } from './field-values.ts'

const AT = Date.UTC(2010, 11, 1, 8, 26)

describe('parseTime', () => {
  it.each([
    ['2010-12-01 08:26:00', AT],
    ['2010-12-01T08:26Z', AT],
    ['2010-12-01T09:26:00.000+01:00', AT],
    ['2010-12-01 03:26:00 -0500', AT],
    ['2010-12-01 08:26:00.250 UTC', AT + 250],
    ['2010-12-01', Date.UTC(2010, 11, 1)],
    [String(AT / 1000), AT],
    [String(AT), AT],
    [String(AT * 1000 + 999), AT],
  ])('reads %s', (text, at) => {
    expect(parseTime(text)).toBe(at)
  })

  it('reads slashed dates only once the order is known', () => {
    expect(parseTime('12/1/2010 8:26')).toBeUndefined()
    expect(parseTime('12/1/2010 8:26', 'mdy')).toBe(AT)
    expect(parseTime('1.12.2010 8:26', 'dmy')).toBe(AT)
    expect(parseTime('13/1/2010 8:26', 'mdy')).toBeUndefined()
  })

  it.each(['', 'soon', '2010-13-01', '2010-02-30', '2010-12-01 24:00', '12', '2010-12-01x', 'NaN'])(
    'refuses %j',
    (text) => {
      expect(parseTime(text)).toBeUndefined()
    },
  )

  it('reads back every ISO time that JavaScript writes', () => {
    fc.assert(
      fc.property(fc.date({ min: new Date(0), max: new Date(4e12), noInvalidDate: true }), (date) => {
        expect(parseTime(date.toISOString())).toBe(date.getTime())
      }),
    )
  })
})

describe('parseNumber', () => {
  it('takes one comma before the last one or two digits for a decimal comma', () => {
    expect(parseNumber('2,55')).toBe(2.55)
    expect(parseNumber('-1,5')).toBe(-1.5)
    expect(parseNumber('2.55')).toBe(2.55)
    expect(parseNumber('1,234')).toBeUndefined()
    expect(parseNumber('')).toBeUndefined()
    expect(parseNumber('Infinity')).toBeUndefined()
    expect(parseNumber('£2.55')).toBeUndefined()
  })
})
