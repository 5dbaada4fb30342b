import type { VNode } from 'preact'
import { describe, expect, it } from 'vitest'
import { MOTIF_RULES, motifFor } from './motif-rules.ts'
import { drawPicture } from './picture.tsx'

const TAGS = new Set(
  'svg defs g path circle ellipse rect text pattern stop linearGradient radialGradient'.split(' '),
)

interface Element {
  tag: string
  attributes: Record<string, unknown>
}

/** All elements and texts of a picture, in order. */
function contentOf(node: unknown): { elements: Element[]; texts: string[] } {
  const elements: Element[] = []
  const texts: string[] = []
  const visit = (part: unknown): void => {
    if (Array.isArray(part)) for (const child of part) visit(child)
    else if (typeof part === 'string' || typeof part === 'number') texts.push(String(part))
    else if (part !== null && typeof part === 'object') {
      const { type, props } = part as VNode<Record<string, unknown>>
      const { children, ...attributes } = props
      elements.push({ tag: typeof type === 'string' ? type : 'component', attributes })
      visit(children)
    }
  }
  visit(node)
  return { elements, texts }
}

function drawn(id: string, title: string): string {
  return JSON.stringify(contentOf(drawPicture({ id, title }, 's')))
}

const HOSTILE = [
  '<script>alert(1)</script> MUG',
  '"><img src=x onerror=alert(1)> METAL SIGN',
  'LETTER "/><svg onload=alert(1)>" KEY RING',
  'javascript:alert(1) SIGN </text><script>',
  'NUMBER TILE <b>7</b>',
  '__proto__ constructor toString JUMBO BAG',
  'url(https://evil.example/x) RED RETROSPOT TIN',
  '\u0000\u202e\ud800 HEART',
  '',
  'X'.repeat(100_000),
]

describe('product pictures', () => {
  it.each(HOSTILE.map((title) => [title.slice(0, 60), title]))(
    'draws %j without letting it say anything but letters',
    (_, title) => {
      const { elements, texts } = contentOf(drawPicture({ id: title, title }, 'scope'))
      for (const { tag, attributes } of elements) {
        expect(TAGS).toContain(tag)
        for (const [name, value] of Object.entries(attributes)) {
          expect(name).toMatch(/^[a-zA-Z][a-zA-Z0-9-]*$/u)
          expect(name).not.toMatch(/^on|href|style|src|dangerously/iu)
          expect(String(value)).not.toMatch(/alert|evil|javascript|undefined|NaN|script/iu)
          if (String(value).includes('url(')) expect(value).toMatch(/^url\(#scope-[a-z]+\)$/u)
        }
      }
      for (const text of texts) expect(text).toMatch(/^[A-Za-z0-9' ]*$/u)
    },
  )

  it('is the same for the same product, and differs between products', () => {
    expect(drawn('1', 'Ceramic Vase')).toBe(drawn('1', 'Ceramic Vase'))
    expect(
      new Set(Array.from({ length: 20 }, (_, id) => drawn(String(id), 'Ceramic Vase'))).size,
    ).toBeGreaterThan(10)
  })

  it('takes colour and pattern from the title', () => {
    expect(drawn('1', 'Red Mug')).toContain('#c2473d')
    expect(drawn('1', 'Red Mug')).not.toContain('"pattern"')
    expect(drawn('1', 'Red Retrospot Mug')).toContain('"pattern"')
  })

  it.each([
    ['White Hanging Heart T-Light Holder', 'hanging-tlight'],
    ['Jumbo Bag Red Retrospot', 'jumbo-bag'],
    ['Regency Cakestand 3 Tier', 'cakestand'],
    ['Party Bunting', 'bunting'],
    ['Alarm Clock Bakelike Red', 'alarm-clock'],
    ['Hot Water Bottle Keep Calm', 'hot-water'],
    ['Roses Regency Teacup and Saucer', 'teacup'],
    ['Doormat Union Flag', 'doormat'],
    ['Lunch Bag Vintage Doily', 'lunch-bag'],
  ])('draws %s as %s', (title, name) => {
    expect(motifFor(title.toUpperCase(), 0).name).toBe(name)
  })

  it('draws every motif without a number that is none', () => {
    const motifs = new Set(MOTIF_RULES.map(({ motif }) => motif))
    expect(motifs.size).toBeGreaterThan(100)
    for (const { name } of MOTIF_RULES) {
      const title = name.replaceAll('-', ' ')
      expect(JSON.stringify(contentOf(drawPicture({ id: name, title }, 's')))).not.toMatch(
        /NaN|undefined|null,/u,
      )
    }
  })
})
