import { describe, expect, it } from 'vitest'
import { priceFormat } from './price.ts'

const never = (error: unknown): never => {
  throw error
}

describe('priceFormat', () => {
  it('writes a price in the language of the page', () => {
    expect(priceFormat('EUR', 'de', never)(1234.5)).toBe('1.234,50\u00a0€')
    expect(priceFormat('GBP', 'en-GB', never)(2.55)).toBe('£2.55')
    expect(priceFormat('JPY', 'en', never)(300)).toBe('¥300')
  })

  it('writes a plain number without a currency', () => {
    expect(priceFormat(undefined, 'en', never)(2.5)).toBe('2.50')
  })

  it('reports a currency that does not exist and writes a plain number', () => {
    const wrong: { code: string }[] = []
    expect(priceFormat('EURO', 'en', (error) => wrong.push(error))(2.5)).toBe('2.50')
    expect(wrong.map(({ code }) => code)).toEqual(['INVALID_OPTIONS'])
  })

  it('takes a language tag that does not parse for none', () => {
    expect(() => priceFormat('EUR', 'not a tag!', never)(1)).not.toThrow()
  })
})
