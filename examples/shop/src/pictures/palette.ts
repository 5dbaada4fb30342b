/** Colours of a picture: from the colour words of the title, else by chance from pairs that go together. */
import { difference, lightness, mix } from './colour.ts'
import { pick } from './chance.ts'

/** Colours one product is drawn in. */
export interface Palette {
  base: string
  light: string
  dark: string
  /** For a lid, a ribbon, a flower: goes with `base` and differs from it. */
  accent: string
  /** Backdrop. */
  wall: string
  /** What the product stands on. */
  table: string
}

const COLOUR_WORDS: Readonly<Record<string, string>> = {
  RED: '#c2473d',
  BURGUNDY: '#8b3a46',
  CHERRY: '#b83a48',
  STRAWBERRY: '#d05257',
  POPPY: '#cf4a38',
  CORAL: '#e58a72',
  PINK: '#e4a3a9',
  ROSE: '#d98f94',
  ROSES: '#d98f94',
  FUSCHIA: '#c2548c',
  FUCHSIA: '#c2548c',
  RASPBERRY: '#b8436a',
  PURPLE: '#7f659a',
  LILAC: '#b9a6cf',
  LAVENDER: '#9e93c2',
  AMETHYST: '#8d74ad',
  PLUM: '#6d4560',
  VIOLET: '#8571a8',
  BLUE: '#5f88ad',
  NAVY: '#384d70',
  MIDNIGHT: '#34486b',
  TURQUOISE: '#5caaa8',
  AQUA: '#86bfc0',
  TEAL: '#3f8286',
  GREEN: '#78986b',
  MINT: '#a7ceb8',
  OLIVE: '#8c8b52',
  JADE: '#6aa68b',
  PISTACHIO: '#b4c58c',
  LIME: '#a9c05a',
  YELLOW: '#e6c065',
  LEMON: '#ecd579',
  ORANGE: '#dc8a4c',
  AMBER: '#c98d3b',
  PEACH: '#f0b793',
  TOPAZ: '#cf9a55',
  GOLD: '#c9a752',
  COPPER: '#b8754f',
  BROWN: '#8c674b',
  CHOCOLATE: '#6e4c3d',
  COFFEE: '#7a5a46',
  BEIGE: '#d8c6a8',
  IVORY: '#f1e7d2',
  CREAM: '#f2e6cb',
  WHITE: '#f8f5ef',
  PEARL: '#efe8df',
  SILVER: '#bcc1c6',
  GREY: '#90969a',
  BLACK: '#3b3b3f',
  JET: '#38383c',
  SKULL: '#45434a',
  SKULLS: '#45434a',
  SLATE: '#57626b',
  CHALKBOARD: '#4a5350',
}

/** Materials colour a thing only where no colour is named. */
const MATERIAL_WORDS: Readonly<Record<string, string>> = {
  WICKER: '#c79d6a',
  WOOD: '#c39a6c',
  WOODEN: '#c39a6c',
  NATURAL: '#cbae86',
  RUSTIC: '#b08d66',
  BAMBOO: '#cfb27c',
  RATTAN: '#c79d6a',
  JUTE: '#c9ab7d',
  HESSIAN: '#c9ab7d',
  ZINC: '#a9b1b6',
  METAL: '#9aa4aa',
  WIRE: '#8d9499',
  ENAMEL: '#eef0ec',
  GLASS: '#bfd6d8',
  CRYSTAL: '#cadde4',
  CERAMIC: '#efe9df',
  PORCELAIN: '#f3f1ec',
  DIAMANTE: '#c4ccd6',
  REGENCY: '#a9c4b4',
  ROCOCO: '#e9dcc9',
  EASTER: '#f0d98c',
  HALLOWEEN: '#d9803f',
  APPLE: '#b9514a',
  APPLES: '#b9514a',
  TOADSTOOL: '#c94f45',
  SPACEBOY: '#5d8fb5',
  DOLLY: '#e29aa8',
  DINOSAUR: '#86a86c',
  CIRCUS: '#d1604f',
  UNION: '#3f5a86',
  LONDON: '#b8453f',
  SUKI: '#4f8a8b',
  WOODLAND: '#9a8a5c',
  PANTRY: '#e6d3a3',
  GARDENERS: '#7f9a70',
  BOTANICAL: '#8aa57e',
}

type Pair = readonly [base: string, accent: string]

const CHRISTMAS: readonly [Pair, ...Pair[]] = [
  ['#b8443f', '#f1e7d2'],
  ['#5c7f63', '#c2473d'],
  ['#f4efe4', '#b8443f'],
  ['#c9a752', '#5c7f63'],
]

const PAIRS: readonly [Pair, ...Pair[]] = [
  ['#7fa3a8', '#f0d9b5'],
  ['#d99a8b', '#7a4b52'],
  ['#8fa58a', '#e8c9a0'],
  ['#e0b354', '#3f5a78'],
  ['#5d8a8c', '#eaa78c'],
  ['#b7a1c4', '#f2e3b8'],
  ['#c9746a', '#f3e3cf'],
  ['#6f8fb3', '#e9b9ae'],
  ['#e7b9ab', '#6a8a76'],
  ['#4f6f7f', '#d8b26a'],
  ['#cfae7b', '#8a5a4a'],
  ['#9fb8a5', '#c9695c'],
  ['#d8c4a4', '#5f7f8f'],
  ['#a9747f', '#efd7c0'],
  ['#7d9c86', '#f2dcc9'],
]

const WALLS: readonly string[] = [
  '#f3ece1',
  '#eaf0ea',
  '#e9eef2',
  '#f6e9e3',
  '#efe9f1',
  '#f5efd9',
  '#e2ebea',
  '#eee4d6',
  '#dfe6dc',
  '#e4dfd6',
  '#d9e2e6',
  '#ead9d0',
]

/** Wine-dark neutral that shadows lean to; pure black would look dirty on warm colours. */
const SHADOW = '#2f2630'

/** Chooses the palette for `words` (upper case, in order). */
export function paletteFor(words: readonly string[], random: () => number): Palette {
  const named = words.flatMap((word) => (Object.hasOwn(COLOUR_WORDS, word) ? [COLOUR_WORDS[word] ?? ''] : []))
  const material = words.flatMap((word) =>
    Object.hasOwn(MATERIAL_WORDS, word) ? [MATERIAL_WORDS[word] ?? ''] : [],
  )
  const festive = words.some((word) => word === 'CHRISTMAS' || word === 'XMAS' || word === 'NOEL')
  const [chanceBase, chanceAccent] = pick(festive ? CHRISTMAS : PAIRS, random)
  const base = named[0] ?? (festive ? chanceBase : (material[0] ?? chanceBase))
  const vintage = words.some((word) => word === 'VINTAGE' || word === 'ANTIQUE' || word === 'FRENCH')
  const tone = vintage ? mix(base, '#cbb894', 0.22) : base
  const candidate = named.find((colour) => colour !== base) ?? chanceAccent
  const accent = difference(candidate, tone) > 0.12 ? candidate : mix(chanceBase, SHADOW, 0.25)
  const wall = wallFor(tone, random)
  return {
    base: tone,
    light: mix(tone, '#ffffff', 0.5),
    dark: mix(tone, SHADOW, 0.42),
    accent:
      difference(accent, tone) > 0.1 ? accent : mix(tone, lightness(tone) > 0.5 ? SHADOW : '#ffffff', 0.5),
    wall,
    table: mix(wall, '#8a7460', 0.16),
  }
}

/** A backdrop that the product stands out from: pale things get a deeper one. */
function wallFor(base: string, random: () => number): string {
  const start = Math.floor(random() * WALLS.length)
  const ordered = WALLS.map((_, index) => WALLS[(start + index) % WALLS.length] ?? '')
  const wall = ordered.find((colour) => difference(colour, base) > 0.14) ?? ordered[0] ?? '#eeeeee'
  return lightness(base) > 0.78 ? mix(wall, '#7f8f8c', 0.34) : wall
}
