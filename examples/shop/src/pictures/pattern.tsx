/** Surface patterns that titles name: spots, stripes, gingham, paisley, flowers and more. */
import type { VNode } from 'preact'
import type { Palette } from './palette.ts'
import { ellipse, heart, star } from './shapes.ts'
import { flat, flower, leaf, stroke } from './parts.tsx'

/** One tile that repeats. `ground` is the colour between its figures. */
export interface Pattern {
  name: string
  size: number
  ground: string
  turn?: number
  figures: VNode
}

type Draw = (p: Palette) => Omit<Pattern, 'name'>

/** Figures that must be seen on the base colour, whatever it is. */
function figureColour({ base, light, dark }: Palette): string {
  return base === light || light === '#ffffff' ? dark : light
}

function paleOn(p: Palette): string {
  return isPale(p.base) ? p.accent : '#fdf8ee'
}

function isPale(colour: string): boolean {
  return Number.parseInt(colour.slice(1, 3), 16) > 222 && Number.parseInt(colour.slice(3, 5), 16) > 214
}

const DRAWINGS: Readonly<Record<string, Draw>> = {
  spots: (p) => ({
    size: 18,
    ground: p.base,
    turn: 45,
    figures: flat(ellipse(9, 9, 4.4), paleOn(p)),
  }),
  polka: (p) => ({ size: 12, ground: p.base, turn: 45, figures: flat(ellipse(6, 6, 2.5), paleOn(p)) }),
  stripes: (p) => ({
    size: 16,
    ground: p.base,
    figures: <rect width={7} height={16} fill={paleOn(p)} />,
  }),
  circus: (p) => ({
    size: 26,
    ground: '#fdf6e6',
    figures: (
      <g>
        <rect width={13} height={26} fill={p.base} />
        {flat(star(19.5, 13, 4.5), p.accent)}
      </g>
    ),
  }),
  gingham: (p) => ({
    size: 16,
    ground: '#fdf9f0',
    figures: (
      <g fill={isPale(p.base) ? p.accent : p.base}>
        <rect width={8} height={16} opacity={0.55} />
        <rect width={16} height={8} opacity={0.55} />
      </g>
    ),
  }),
  paisley: (p) => ({
    size: 30,
    ground: p.base,
    turn: 18,
    figures: (
      <g>
        {flat('M8 4C16 2 20 10 16 17 12 24 4 22 4 15 4 11 8 10 10 13 8 8 6 6 8 4Z', paleOn(p))}
        {flat(ellipse(10.5, 16, 2.6), p.accent)}
        {flat(ellipse(23, 24, 2.2), p.accent)}
        {flat(ellipse(24, 8, 1.6), paleOn(p))}
      </g>
    ),
  }),
  floral: (p) => ({
    size: 36,
    ground: isPale(p.base) ? p.base : p.light,
    turn: 12,
    figures: (
      <g>
        {leaf(12, 16, 9, 130, '#86a079')}
        {leaf(9, 9, 8, -60, '#86a079')}
        {flower(11, 12, 10, isPale(p.base) ? p.accent : p.base, '#f1d27a')}
        {flower(28, 28, 7, isPale(p.base) ? '#d98f94' : p.accent, '#fdf6e3')}
        {flat(ellipse(28, 8, 1.8), p.accent)}
        {flat(ellipse(8, 29, 1.6), p.accent)}
      </g>
    ),
  }),
  hearts: (p) => ({
    size: 24,
    ground: p.base,
    figures: (
      <g>
        {flat(heart(7, 7, 5), paleOn(p))}
        {flat(heart(19, 19, 5), isPale(p.base) ? '#d98f94' : paleOn(p))}
      </g>
    ),
  }),
  stars: (p) => ({
    size: 30,
    ground: p.base,
    turn: 10,
    figures: (
      <g>
        {flat(star(9, 9, 6), isPale(p.base) ? p.accent : '#fdf3d2')}
        {flat(star(23, 22, 4), isPale(p.base) ? p.dark : '#fdf3d2')}
        {flat(ellipse(22, 7, 1.2), paleOn(p))}
      </g>
    ),
  }),
  weave: (p) => ({
    size: 12,
    ground: p.base,
    figures: (
      <g>
        {stroke('M0 3H6M6 9H12', p.dark, 1.6)}
        {stroke('M3 6V12M9 0V6', p.light, 1.6)}
        {stroke('M0 6H12M6 0V12', p.dark, 0.5)}
      </g>
    ),
  }),
  leaves: (p) => ({
    size: 32,
    ground: p.base,
    figures: (
      <g>
        {leaf(6, 18, 14, 30, figureColour(p))}
        {leaf(22, 30, 14, -34, p.accent)}
        {leaf(24, 12, 9, 80, p.dark)}
      </g>
    ),
  }),
  apples: (p) => ({
    size: 32,
    ground: '#f8f0dc',
    figures: (
      <g>
        {flat(ellipse(10, 12, 7, 6.5), p.base)}
        {leaf(10, 6, 6, 50, '#7fa070')}
        {flat(ellipse(25, 26, 6, 5.5), '#93ad6d')}
        {leaf(25, 21, 5, 50, '#5f8560')}
      </g>
    ),
  }),
  strawberries: (p) => ({
    size: 30,
    ground: '#fdf3e6',
    figures: (
      <g>
        {flat('M4 8H16C16 14 12 19 10 20 8 19 4 14 4 8Z', p.base)}
        {flat('M4 8L7 4 10 7 13 4 16 8Z', '#7fa070')}
        {flat('M19 21H29C29 26 26 29 24 30 22 29 19 26 19 21Z', p.base)}
        {flat('M19 21L22 18 24 20 27 18 29 21Z', '#7fa070')}
      </g>
    ),
  }),
  skulls: (p) => ({
    size: 34,
    ground: p.base,
    figures: (
      <g>
        {[
          { x: 9, y: 10 },
          { x: 26, y: 27 },
        ].map(({ x, y }) => (
          <g>
            {flat(ellipse(x, y, 6.5, 6), paleOn(p))}
            {flat(`M${x - 3.5} ${y + 3}H${x + 3.5}V${y + 9}H${x - 3.5}Z`, paleOn(p))}
            {flat(ellipse(x - 2.4, y, 1.7), p.base)}
            {flat(ellipse(x + 2.4, y, 1.7), p.base)}
          </g>
        ))}
      </g>
    ),
  }),
  lacework: (p) => ({
    size: 34,
    ground: p.base,
    figures: (
      <g>
        <circle
          cx={17}
          cy={17}
          r={12}
          fill="none"
          stroke={paleOn(p)}
          stroke-width={2.4}
          stroke-dasharray="2.4 2"
        />
        {flower(17, 17, 10, paleOn(p), p.base, 8)}
        {flat(ellipse(0, 0, 3), paleOn(p))}
        {flat(ellipse(34, 34, 3), paleOn(p))}
        {flat(ellipse(34, 0, 3), paleOn(p))}
        {flat(ellipse(0, 34, 3), paleOn(p))}
      </g>
    ),
  }),
  scrolls: (p) => ({
    size: 40,
    ground: p.base,
    figures: (
      <g>
        {stroke('M6 20C6 8 20 8 20 18S10 26 12 18', paleOn(p), 2.2)}
        {stroke('M34 20C34 32 20 32 20 22M34 20C36 10 28 6 26 12', paleOn(p), 2.2)}
        {leaf(34, 34, 9, 30, paleOn(p))}
      </g>
    ),
  }),
  union: (p) => ({
    size: 64,
    ground: '#3c5684',
    figures: (
      <g>
        {stroke('M0 0L64 64M64 0L0 64', '#f7f3ea', 10)}
        {stroke('M0 0L64 64M64 0L0 64', isPale(p.base) ? '#bf4640' : '#bf4640', 4)}
        {stroke('M32 0V64M0 32H64', '#f7f3ea', 17)}
        {stroke('M32 0V64M0 32H64', '#bf4640', 10)}
      </g>
    ),
  }),
  cars: (p) => ({
    size: 40,
    ground: p.base,
    figures: (
      <g>
        {flat('M5 18V12L10 7H20L24 12H29V18Z', paleOn(p))}
        {flat(ellipse(11, 19, 3), p.dark)}
        {flat(ellipse(23, 19, 3), p.dark)}
        {flat('M20 34V30L24 27H32L35 30H38V34Z', p.accent)}
        {flat(ellipse(25, 35, 2.4), p.dark)}
        {flat(ellipse(34, 35, 2.4), p.dark)}
      </g>
    ),
  }),
  blossom: (p) => ({
    size: 38,
    ground: p.base,
    figures: (
      <g>
        {stroke('M2 36C12 24 20 26 36 4', p.dark, 1.4)}
        {flower(14, 24, 8, paleOn(p), '#d98f94', 5)}
        {flower(29, 12, 7, paleOn(p), '#d98f94', 5)}
      </g>
    ),
  }),
}

const RULES: readonly (readonly [words: RegExp, name: keyof typeof DRAWINGS])[] = [
  [/RETRO ?SPOTS?|SPOTTY|SPOTS?\b|DOTCOM|TOADSTOOL/u, 'spots'],
  [/POLKA ?DOTS?|DOTTY/u, 'polka'],
  [/UNION|FLAG|LONDON/u, 'union'],
  [/CIRCUS/u, 'circus'],
  [/STRIP(?:E|ES|EY|Y|ED)|BEACH HUT|DECKCHAIR|TICKING|DINER|EMPIRE/u, 'stripes'],
  [/GINGHAM|CHECK|TARTAN|PICNIC|PATCHWORK/u, 'gingham'],
  [/PAISLEY|SUKI|KASHMIRI|MOROCCAN/u, 'paisley'],
  [/SKULLS?/u, 'skulls'],
  [/DOILE?Y|LACE\b|CROCHET|FILIGREE|LATTICE/u, 'lacework'],
  [/BAROQUE|DAMASK|SCROLL|ROCOCO|FLOCK|VICTORIAN|MORRIS|BOTANI/u, 'scrolls'],
  [/STRAWBERR/u, 'strawberries'],
  [/APPLES?\b|PEARS?\b|FRUIT/u, 'apples'],
  [/\bCARS?\b|TRAFFIC|VEHICLE/u, 'cars'],
  [/BLOSSOM|ORIENTAL|CHERRY/u, 'blossom'],
  [/SPACE ?BOY|STARS?\b|ORBIT|DOLLY GIRL/u, 'stars'],
  [/WICKER|RATTAN|WOVEN|STRAW\b|BASKET|HESSIAN|JUTE/u, 'weave'],
  [/WOODLAND|LEAF|LEAVES|TROPICAL|JUNGLE|HERB|DINOSAUR|SAFARI/u, 'leaves'],
  [
    /ROSES?\b|FLORAL|FLOWERS?\b|DAIS|REGENCY|GARDEN|TEATIME|COTTAGE|PETAL|LAURA|TUTTI|COUNTRY|FOLKART|KEEPSAKE/u,
    'floral',
  ],
  [/HEARTS\b|SWEETHEART|VALENTINE|LOVE\b|LOLA/u, 'hearts'],
]

/** Returns the pattern an upper-case title calls for, or `undefined` for a plain surface. */
export function patternFor(title: string, palette: Palette): Pattern | undefined {
  const name = RULES.find(([words]) => words.test(title))?.[1]
  const draw = name === undefined ? undefined : DRAWINGS[name]
  return name !== undefined && draw ? { name, ...draw(palette) } : undefined
}
