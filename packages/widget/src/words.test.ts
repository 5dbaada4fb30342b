import { describe, expect, it } from 'vitest'
import { say, wordsFor } from './words.ts'

describe('wordsFor', () => {
  it('knows the regional forms of a language', () => {
    expect(wordsFor('de-AT').next).toBe('Weiter')
    expect(wordsFor('EN-us').next).toBe('Next')
  })

  it('speaks English where it does not know the language', () => {
    expect(wordsFor('tlh').next).toBe('Next')
    expect(wordsFor('constructor').next).toBe('Next')
    expect(wordsFor(undefined).next).toBe('Next')
  })

  it.each(['en', 'de', 'fr', 'es', 'it', 'nl', 'pt', 'pl', 'he', 'ar'])(
    'has every phrase in %s',
    (language) => {
      const words = wordsFor(language)
      expect(Object.values(words).every(Boolean)).toBe(true)
      for (const value of ['{from}', '{to}', '{of}']) expect(words.range).toContain(value)
      expect(words.updated).toContain('{of}')
      expect(words.history).toContain('{title}')
      expect(words.popular).not.toBe(language === 'en' ? '' : wordsFor('en').popular)
    },
  )
})

describe('say', () => {
  it('fills in values and leaves what it does not know', () => {
    expect(say('{a} of {b} {c}', { a: 1, b: '{a}' })).toBe('1 of {a} {c}')
  })
})
