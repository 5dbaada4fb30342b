/** Soft furnishing: cushions, mats, curtains. */
import type { Motif } from '../kit.ts'
import { ellipse, heart, rect } from '../shapes.ts'
import { bow, flat, lettering, shadow, solid, stroke } from '../parts.tsx'

export const cushion: Motif = (k) => (
  <g>
    {flat(
      'M40 52C80 62 124 62 168 50 160 84 160 124 168 164 124 156 80 156 38 166 46 128 46 88 40 52Z',
      '#2f2630',
      0.12,
    )}
    {solid(
      k,
      'M32 40C78 52 122 52 168 40 158 78 158 122 168 160 122 150 78 150 32 160 42 122 42 78 32 40Z',
      k.fill,
      'ball',
    )}
    {stroke(
      'M32 40C78 52 122 52 168 40 158 78 158 122 168 160 122 150 78 150 32 160 42 122 42 78 32 40Z',
      k.accent,
      3,
    )}
    {k.fill === k.base && solid(k, heart(100, 102, 30), k.accent, 'drop')}
  </g>
)

export const hotWaterBottle: Motif = (k) => (
  <g>
    {flat(rect(58, 62, 92, 116, 26), '#2f2630', 0.13)}
    {solid(k, rect(88, 16, 24, 22, 5), '#6d6a70')}
    {solid(k, 'M78 34H122C124 52 148 56 148 84V146Q148 172 122 172H78Q52 172 52 146V84C52 56 76 52 78 34Z')}
    {stroke('M76 46H124', k.dark, 3)}
    {bow(100, 52, 0.8, k.accent, k.dark)}
    {k.fill === k.base && flat(heart(100, 118, 22), k.accent)}
  </g>
)

export const curtain: Motif = (k) => (
  <g>
    {stroke('M16 30H184', '#a9825a', 6)}
    {Array.from({ length: 13 }, (_, index) => {
      const x = 26 + index * 12.4
      return (
        <g>
          {stroke(`M${x} 32V172`, index % 2 ? k.light : k.base, 2)}
          {[52, 78, 104, 130, 156].map((y, row) =>
            flat(ellipse(x, y + ((index + row) % 3) * 6, 4.6), (index + row) % 3 ? k.base : k.accent),
          )}
        </g>
      )
    })}
  </g>
)

export const doormat: Motif = (k) => (
  <g>
    {flat(rect(16, 62, 176, 92, 4), '#2f2630', 0.14)}
    {stroke('M14 62V146M186 62V146', k.dark, 4)}
    {solid(k, rect(16, 56, 168, 92, 4), k.fill, 'drop')}
    {stroke(rect(26, 66, 148, 72, 2), k.light, 3)}
    {k.fill === k.base && lettering(100, 102, 26, 'HOME', k.light)}
  </g>
)

export const doorstop: Motif = (k) => (
  <g>
    {shadow(100, 162, 56)}
    {solid(
      k,
      'M62 84C58 54 66 34 74 34S88 52 90 60H110C112 52 118 34 126 34S142 54 138 84C160 104 164 160 140 160H60C36 160 40 104 62 84Z',
      k.fill,
      'ball',
    )}
    {solid(k, 'M64 98C84 108 116 108 136 98L134 110C116 120 84 120 66 110Z', k.accent)}
    {flat(ellipse(86, 80, 4), '#332b33')}
    {flat(ellipse(114, 80, 4), '#332b33')}
    {flat('M95 88H105L100 94Z', '#7a4b52')}
  </g>
)
