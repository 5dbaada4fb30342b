/** Christmas and feasts. */
import type { Motif } from '../kit.ts'
import { ellipse, heart, rect, ring, star } from '../shapes.ts'
import { bow, flat, flower, leaf, shadow, solid, stroke } from '../parts.tsx'

export const bauble: Motif = (k) => (
  <g>
    {stroke('M100 0V34', '#8d8478', 2)}
    {stroke(ellipse(100, 36, 7), '#c9a752', 3)}
    {solid(k, rect(88, 42, 24, 14, 3), '#c9a752')}
    {solid(k, ellipse(100, 112, 58), k.base, 'ball')}
    {solid(
      k,
      'M43 102C70 116 130 116 157 102 159 112 158 122 156 128 130 142 70 142 44 128 42 120 42 110 43 102Z',
      k.accent,
      'none',
    )}
    {[62, 81, 100, 119, 138].map((x, index) => flat(star(x, 122 - Math.abs(index - 2) * 2, 8), k.light))}
    {flat(ellipse(78, 82, 10, 15), '#ffffff', 0.4)}
  </g>
)

export const christmasTree: Motif = (k) => {
  const green = k.has('PINK', 'RED', 'SILVER', 'GOLD', 'WHITE', 'BLUE', 'IVORY') ? k.base : '#5f8564'
  return (
    <g>
      {shadow(100, 163, 46)}
      {solid(k, rect(90, 142, 20, 20, 2), '#8a6448')}
      {solid(k, 'M100 84L156 146H44Z', green, 'drop')}
      {solid(k, 'M100 54L144 110H56Z', green, 'drop')}
      {solid(k, 'M100 28L132 76H68Z', green, 'drop')}
      {[
        [82, 70],
        [112, 66],
        [76, 102],
        [102, 96],
        [126, 102],
        [66, 136],
        [94, 132],
        [118, 138],
        [138, 134],
      ].map(([x = 0, y = 0], index) =>
        flat(ellipse(x, y, 5), ['#c2473d', '#e6c065', k.light][index % 3] ?? k.accent),
      )}
      {flat(star(100, 24, 14), '#e6c065')}
    </g>
  )
}

export const stocking: Motif = (k) => (
  <g>
    {stroke('M130 34C138 18 152 24 146 40', k.dark, 3)}
    {flat('M82 60H146V122C146 140 132 150 118 158L84 174C58 182 42 150 66 138L82 128Z', '#2f2630', 0.12)}
    {solid(k, 'M76 54H140V116C140 134 126 144 112 152L80 168C54 176 38 144 60 132L76 122Z')}
    {solid(k, 'M140 106V116C140 134 126 144 118 148 112 130 122 108 140 106Z', k.accent)}
    {solid(k, 'M62 131C44 142 50 172 76 169 84 156 76 138 62 131Z', k.accent)}
    {solid(k, rect(68, 34, 80, 30, 10), '#fbf6ec', 'drop')}
  </g>
)

export const wreath: Motif = (k) => (
  <g>
    {ring(100, 96, 56, 56, 26).map(({ x, y }, index) => (
      <g>
        {leaf(
          x,
          y,
          30,
          index * 14 + (index % 2 ? 60 : -20),
          ['#5f8560', '#7fa070', '#4f7656'][index % 3] ?? '#5f8560',
        )}
      </g>
    ))}
    {ring(100, 96, 54, 54, 9).map(({ x, y }, index) =>
      index % 3 ? flat(ellipse(x, y, 6), k.base) : flower(x, y, 15, k.accent, '#f1d27a'),
    )}
    {bow(100, 150, 1.5, k.base, k.dark)}
  </g>
)

export const bell: Motif = (k) => (
  <g>
    {bow(100, 34, 1.2, k.accent, k.dark)}
    {solid(k, ellipse(100, 158, 12), k.dark, 'ball')}
    {solid(k, 'M100 44C140 44 134 108 150 134Q160 148 148 152H52Q40 148 50 134C66 108 60 44 100 44Z')}
    {solid(k, rect(42, 140, 116, 14, 7), k.accent)}
    {k.fill === k.base && flat(star(100, 100, 18), k.light)}
  </g>
)

export const angel: Motif = (k) => (
  <g>
    {shadow(100, 163, 44)}
    {solid(
      k,
      'M94 92C66 52 26 60 24 84S60 122 94 108ZM106 92C134 52 174 60 176 84S140 122 106 108Z',
      '#fbf6ec',
      'drop',
    )}
    {solid(k, 'M100 78C122 92 136 140 144 162H56C64 140 78 92 100 78Z')}
    {solid(k, ellipse(100, 62, 22), '#f0cdb0', 'ball')}
    {flat('M77 62C74 34 126 34 123 62 116 50 84 50 77 62Z', '#8a6448')}
    {stroke(ellipse(100, 28, 20, 6), '#e0b954', 4)}
    {flat(heart(100, 118, 12), k.accent)}
  </g>
)

export const snowman: Motif = (k) => (
  <g>
    {shadow(100, 164, 46)}
    {solid(k, ellipse(100, 126, 42, 38), '#fdfcf8', 'ball')}
    {solid(k, ellipse(100, 72, 29, 28), '#fdfcf8', 'ball')}
    {solid(k, 'M74 90C92 100 108 100 126 90L128 104C112 112 88 112 72 104Z', k.base)}
    {solid(k, 'M112 100L128 140 114 142 104 104Z', k.base)}
    {solid(k, 'M80 24H120V50H80Z', '#45444a')}
    {flat(rect(68, 47, 64, 8, 4), '#45444a')}
    {flat(rect(80, 40, 40, 8), k.accent)}
    {flat(ellipse(90, 68, 3), '#332b33')}
    {flat(ellipse(110, 68, 3), '#332b33')}
    {flat('M100 74L124 79 100 81Z', '#dc8a4c')}
    {flat(ellipse(96, 124, 3), '#332b33')}
    {flat(ellipse(96, 140, 3), '#332b33')}
  </g>
)

export const cracker: Motif = (k) => (
  <g>
    {[-18, 16].map((turn, index) => (
      <g transform={`translate(0 ${index * 52 - 26}) rotate(${turn} 100 100)`}>
        {solid(k, 'M14 78L44 92V112L14 126ZM186 78L156 92V112L186 126Z', index ? k.base : k.accent)}
        {solid(k, rect(44, 80, 112, 44, 8), index ? k.fill : k.accent, 'drop')}
        {flat('M42 88H50V116H42ZM150 88H158V116H150Z', '#d9b864')}
        {flat(star(100, 102, 15), index ? k.light : k.base)}
      </g>
    ))}
  </g>
)
