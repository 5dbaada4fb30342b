/**
 * Draws a product from its title: a motif, a palette and a pattern chosen by its words, the rest by a hash of
 * its id. Of the title itself only letters and digits ever enter the picture, as text of a sign or a tile.
 */
import type { VNode } from 'preact'
import { chance, hash } from './chance.ts'
import type { Kit, Light } from './kit.ts'
import { motifFor } from './motif-rules.ts'
import { paletteFor } from './palette.ts'
import { patternFor } from './pattern.tsx'

/** What a picture is drawn from. */
export interface PictureSubject {
  id: string
  title: string
}

/**
 * Draws `subject` as an SVG element. `scope` must be unique in the document: gradients and patterns are
 * referred to by id.
 *
 * @example
 * ```tsx
 * drawPicture({ id: '21212', title: 'PACK OF 72 RETROSPOT CAKE CASES' }, useId())
 * ```
 */
export function drawPicture({ id, title }: PictureSubject, scope: string): VNode {
  const upper = title.toUpperCase()
  const words = upper.split(/[^A-Z0-9']+/u).filter((word) => word !== '')
  const seed = hash(id)
  const random = chance(seed)
  const palette = paletteFor(words, random)
  const pattern = patternFor(upper, palette)
  const { motif, setting, name } = motifFor(upper, seed)
  const reference = (part: string): string => `url(#${scope}-${part})`
  const light3d: Record<Light, string> = {
    round: reference('round'),
    ball: reference('ball'),
    drop: reference('drop'),
    none: 'none',
  }
  const known = new Set(words)
  const kit: Kit = {
    ...palette,
    fill: pattern ? reference('pattern') : palette.base,
    light3d,
    random,
    has: (...candidates) => candidates.some((word) => known.has(word)),
    mark: markOf(upper),
    lettering: letteringOf(words),
  }
  return (
    <svg viewBox="0 0 200 200" class="picture" aria-hidden="true" focusable="false" data-motif={name}>
      <defs>
        <linearGradient id={`${scope}-round`}>
          <stop offset="0" stop-color="#fff" stop-opacity="0.1" />
          <stop offset="0.26" stop-color="#fff" stop-opacity="0.3" />
          <stop offset="0.5" stop-color="#fff" stop-opacity="0" />
          <stop offset="1" stop-color="#2f2630" stop-opacity="0.26" />
        </linearGradient>
        <radialGradient id={`${scope}-ball`} cx="0.36" cy="0.28" r="0.85">
          <stop offset="0" stop-color="#fff" stop-opacity="0.42" />
          <stop offset="0.45" stop-color="#fff" stop-opacity="0" />
          <stop offset="1" stop-color="#2f2630" stop-opacity="0.3" />
        </radialGradient>
        <linearGradient id={`${scope}-drop`} x2="0.25" y2="1">
          <stop offset="0" stop-color="#fff" stop-opacity="0.26" />
          <stop offset="0.5" stop-color="#fff" stop-opacity="0" />
          <stop offset="1" stop-color="#2f2630" stop-opacity="0.18" />
        </linearGradient>
        <radialGradient id={`${scope}-wall`} cx="0.42" cy="0.34" r="0.9">
          <stop offset="0" stop-color="#fff" stop-opacity="0.5" />
          <stop offset="0.6" stop-color="#fff" stop-opacity="0.05" />
          <stop offset="1" stop-color="#2f2630" stop-opacity="0.07" />
        </radialGradient>
        {pattern && (
          <pattern
            id={`${scope}-pattern`}
            width={pattern.size}
            height={pattern.size}
            patternUnits="userSpaceOnUse"
            patternTransform={pattern.turn ? `rotate(${pattern.turn})` : undefined}
          >
            <rect width={pattern.size} height={pattern.size} fill={pattern.ground} />
            {pattern.figures}
          </pattern>
        )}
      </defs>
      <rect width="200" height="200" fill={setting === 'flat' ? palette.table : palette.wall} />
      {setting === 'table' && <path d="M0 146H200V200H0Z" fill={palette.table} />}
      <rect width="200" height="200" fill={reference('wall')} />
      <rect width="200" height="200" class="picture-dusk" fill="#17151c" opacity="0" />
      <g transform={placing(known, setting === 'table')}>{motif(kit)}</g>
    </svg>
  )
}

/** Sizes that titles name show in the picture; things on a table keep their foot where it is. */
function placing(words: ReadonlySet<string>, standing: boolean): string {
  const small = ['SMALL', 'MINI', 'TINY', 'LITTLE'].some((word) => words.has(word))
  const large = ['LARGE', 'JUMBO', 'GIANT', 'BIG'].some((word) => words.has(word))
  const scale = small ? 0.8 : large ? 1.06 : 0.97
  const x = 100 - 100 * scale
  const y = standing ? 172 - 161 * scale : 100 - 100 * scale
  return `translate(${x.toFixed(1)} ${y.toFixed(1)}) scale(${scale})`
}

/** The single letter or number of "LETTER P …", "NUMBER TILE … 4", "AGE 5"; empty where there is none. */
function markOf(title: string): string {
  const found = /\b(?:LETTER|NUMBER|INITIAL|AGE)\b[^A-Z0-9]*(?:TILE[A-Z ]*)?["']?\b([A-Z]|\d{1,2})\b/u.exec(
    title,
  )
  return found?.[1] ?? ''
}

const NOT_ON_A_SIGN: ReadonlySet<string> = new Set(
  'METAL SIGN SIGNS PLAQUE TIN WALL HANGING WOODEN ENAMEL DESIGN VINTAGE SMALL LARGE OF THE A'.split(' '),
)
const LONGEST_LINE = 12

/** The first telling words in up to two lines; text in an SVG is text, whatever it says. */
function letteringOf(words: readonly string[]): string[] {
  const lines: string[] = []
  for (const word of words) {
    if (NOT_ON_A_SIGN.has(word) || word.length > LONGEST_LINE) continue
    const last = lines.at(-1)
    if (last !== undefined && last.length + word.length < LONGEST_LINE)
      lines[lines.length - 1] = `${last} ${word}`
    else if (lines.length < 2) lines.push(word)
    else break
  }
  return lines
}
