/** What a motif draws with. */
import type { VNode } from 'preact'
import type { Palette } from './palette.ts'

/** Soft light on a shape: a cylinder's, a ball's, from above, or none. */
export type Light = 'round' | 'ball' | 'drop' | 'none'

/** Colours, pattern, chance and words for one product. */
export interface Kit extends Palette {
  /** Fill of the product's main surface: `base`, or the url() of its pattern. */
  fill: string
  /** Reference to a light's gradient. */
  light3d: Readonly<Record<Light, string>>
  /** Numbers in [0, 1), the same for the same product. */
  random: () => number
  /** Whether one of the words stands in the title. */
  has: (...words: string[]) => boolean
  /** One letter or number that the title names ("LETTER P", "TILE 4"), else empty. */
  mark: string
  /** What the title says beside naming a sign, in up to two lines of capital letters. */
  lettering: readonly string[]
}

/** Draws one thing in 200 × 200, standing on y = 160 where it stands. */
export type Motif = (kit: Kit) => VNode

/** Where a motif is shown: on a table, hung on a wall, or laid flat and seen from above. */
export type Setting = 'table' | 'wall' | 'flat'
