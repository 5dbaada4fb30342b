import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fillTemplate, safeLink } from './links.ts'

const BASE = 'https://shop.example/category/'

describe('safeLink', () => {
  it.each([
    ['https://cdn.example/a.jpg', 'https://cdn.example/a.jpg'],
    ['http://cdn.example/a.jpg', 'http://cdn.example/a.jpg'],
    ['//cdn.example/a.jpg', 'https://cdn.example/a.jpg'],
    ['/p/1', 'https://shop.example/p/1'],
    ['p/1?x=2#y', 'https://shop.example/category/p/1?x=2#y'],
    ['?item=a%3Ab', 'https://shop.example/category/?item=a%3Ab'],
  ])('lets %s through', (url, href) => {
    expect(safeLink(url, BASE)).toBe(href)
  })

  it.each([
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    ' \u0001javascript:alert(1)',
    'java\nscript:alert(1)',
    'java\tscript:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    'data:image/svg+xml,<svg onload="alert(1)"/>',
    'vbscript:x',
    'blob:https://shop.example/1',
    'file:///etc/passwd',
    'view-source:https://shop.example',
    'intent://x#Intent;scheme=https;end',
    'mailto:a@b.c',
    'http://[',
  ])('drops %j', (url) => {
    expect(safeLink(url, BASE)).toBeUndefined()
  })

  it('never returns another scheme than http and https, whatever the text', () => {
    const scheme = fc.constantFrom('javascript', 'data', 'vbscript', 'https', 'JAVASCRIPT', 'j\navascript')
    const noise = fc.string({ unit: fc.constantFrom(' ', '\t', '\n', '\u0000', '\u001f', '\u00a0', '/') })
    const url = fc.tuple(noise, scheme, noise, fc.constantFrom(':', ':/', '://'), fc.string())
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          url.map((parts) => parts.join('')),
        ),
        (text) => {
          expect(safeLink(text, BASE) ?? 'https:').toMatch(/^https?:/u)
        },
      ),
      { numRuns: 2000 },
    )
  })
})

describe('fillTemplate', () => {
  it('encodes the id as one part', () => {
    expect(fillTemplate('/p/{id}', 'a/b?c#d e')).toBe('/p/a%2Fb%3Fc%23d%20e')
    expect(fillTemplate('{id}', 'javascript:alert(1)')).toBe('javascript%3Aalert(1)')
  })

  it('takes $ in an id literally, and an id that is not well-formed', () => {
    expect(fillTemplate('/p/{id}', "$&$'")).toBe("/p/%24%26%24'")
    expect(fillTemplate('/p/{id}', 'a\ud800b')).toBe('/p/a%EF%BF%BDb')
  })
})
