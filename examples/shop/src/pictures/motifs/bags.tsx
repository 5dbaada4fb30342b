/** Bags, purses and what one carries. */
import type { Motif } from '../kit.ts'
import { ellipse, heart, rect } from '../shapes.ts'
import { flat, flower, lettering, shadow, solid, stroke } from '../parts.tsx'

export const jumboBag: Motif = (k) => (
  <g>
    {shadow(100, 162, 70)}
    {stroke('M66 66C66 20 134 20 134 66', k.dark, 7)}
    {solid(k, 'M38 62H162L170 156Q170 162 163 162H37Q30 162 30 156Z')}
    {flat('M38 62H162L163 72H37Z', k.dark, 0.28)}
    {stroke('M62 66C62 16 138 16 138 66', k.accent, 7)}
    {flat(rect(56, 62, 12, 24, 3), k.accent)}
    {flat(rect(132, 62, 12, 24, 3), k.accent)}
    {stroke('M58 162L50 72M142 162L150 72', k.dark, 0.8)}
  </g>
)

export const lunchBag: Motif = (k) => (
  <g>
    {shadow(100, 161, 52)}
    {solid(k, 'M56 78H144L150 154Q150 160 144 160H56Q50 160 50 154Z')}
    {flat('M128 78H144L150 154Q150 160 144 160H132Z', k.dark, 0.22)}
    {solid(k, 'M54 82C56 58 70 48 100 48S144 58 146 82L146 98Q100 108 54 98Z', k.fill, 'drop')}
    {stroke('M54 98Q100 108 146 98', k.dark, 1.5)}
    {stroke('M84 50C82 26 118 26 116 50', k.accent, 6)}
    {flat(rect(92, 94, 16, 16, 4), k.accent)}
    {flat(ellipse(100, 102, 3), k.dark)}
  </g>
)

export const tote: Motif = (k) => (
  <g>
    {shadow(100, 161, 54)}
    {stroke('M78 72C76 22 124 22 122 72', k.dark, 5)}
    {solid(k, 'M52 68H148L154 160H46Z')}
    {stroke('M74 74C72 16 128 16 126 74', k.accent, 5)}
    {stroke('M50 76H150', k.dark, 1)}
    {k.fill === k.base &&
      (k.has('LOVE', 'HEART')
        ? flat(heart(100, 118, 24), k.accent)
        : flower(100, 118, 32, k.light, k.accent, 8))}
  </g>
)

export const handbag: Motif = (k) => (
  <g>
    {shadow(100, 161, 60)}
    {stroke('M66 84C66 34 134 34 134 84', k.accent, 6)}
    {solid(k, 'M50 82H150C162 110 168 140 160 152Q156 160 146 160H54Q44 160 40 152C32 140 38 110 50 82Z')}
    {solid(k, 'M48 82H152C154 104 130 118 100 118S46 104 48 82Z', k.accent, 'drop')}
    {flat(ellipse(100, 116, 7), '#d9b25f')}
  </g>
)

export const purse: Motif = (k) => (
  <g>
    {shadow(100, 161, 56)}
    {solid(k, 'M46 92C30 120 34 160 62 160H138C166 160 170 120 154 92Z')}
    {stroke('M44 92C56 66 144 66 156 92', '#c9a752', 7)}
    {stroke('M44 92H156', '#b08f3f', 3)}
    {flat(ellipse(93, 64, 7), '#d9b864')}
    {flat(ellipse(107, 62, 7), '#c9a752')}
    {k.fill === k.base && flower(100, 126, 26, k.accent, k.light, 7)}
  </g>
)

export const wallet: Motif = (k) => (
  <g>
    {flat(rect(32, 60, 144, 96, 10), '#2f2630', 0.14)}
    {solid(k, rect(28, 54, 144, 96, 10), k.fill, 'drop')}
    {stroke(rect(34, 60, 132, 84, 6), k.light, 1.4)}
    {solid(k, 'M172 84H142Q130 84 130 102T142 120H172Z', k.accent, 'drop')}
    {flat(ellipse(146, 102, 6), '#d9b25f')}
  </g>
)

export const luggageTag: Motif = (k) => (
  <g transform="rotate(-14 100 100)">
    {stroke('M100 44C60 20 60-10 96 2S130 30 102 44', k.dark, 4)}
    {flat('M76 34H132L154 58V170H54V58Z', '#2f2630', 0.13)}
    {solid(k, 'M74 30H126L148 54V160Q148 166 142 166H58Q52 166 52 160V54Z')}
    {flat(ellipse(100, 48, 8), k.wall)}
    {stroke(ellipse(100, 48, 9), '#c9a752', 3)}
    {flat(rect(66, 86, 68, 56, 4), '#fbf6ea')}
    {stroke('M76 102H124M76 114H124M76 126H108', k.dark, 2)}
  </g>
)

export const washbag: Motif = (k) => (
  <g>
    {shadow(100, 161, 66)}
    {solid(k, 'M40 84H160C168 110 170 140 166 152Q164 160 154 160H46Q36 160 34 152C30 140 32 110 40 84Z')}
    {flat(rect(38, 76, 124, 12, 6), k.accent)}
    {stroke('M44 82H156', '#d9b25f', 2.4)}
    {flat(rect(150, 80, 8, 22, 4), '#d9b25f')}
    {stroke('M40 120C36 130 36 146 40 156M160 120C164 130 164 146 160 156', k.dark, 1)}
  </g>
)

export const giftBag: Motif = (k) => (
  <g>
    {shadow(100, 161, 46)}
    {flat('M64 40L76 18 88 36 100 14 112 36 124 18 136 40Z', '#fdf9f2')}
    {solid(k, 'M56 40H144V160H56Z')}
    {flat('M124 40H144V160H132Z', k.dark, 0.2)}
    {stroke('M82 54C82 22 118 22 118 54', k.accent, 3.5)}
    {flat(rect(78, 84, 44, 44, 22), '#fbf6ea')}
    {k.mark ? lettering(100, 106, 24, k.mark, k.dark) : flat(heart(100, 107, 13), k.accent)}
  </g>
)

export const umbrella: Motif = (k) => (
  <g>
    {stroke('M100 40V152C100 172 124 172 124 154', '#8a6448', 6)}
    {solid(
      k,
      'M20 104C20 56 56 30 100 30S180 56 180 104C170 92 152 92 140 104 130 92 112 92 100 104 88 92 70 92 60 104 48 92 30 92 20 104Z',
      k.fill,
      'drop',
    )}
    {stroke('M100 30C78 50 62 76 60 104M100 30C122 50 138 76 140 104M100 30V100', k.dark, 1.2)}
    {stroke('M100 30V20', k.dark, 5)}
  </g>
)
