/** Where things are kept: boxes, cabinets, shelves, baskets. */
import type { Motif } from '../kit.ts'
import { ellipse, heart, rect } from '../shapes.ts'
import { bow, flat, flower, leaf, shadow, solid, stroke } from '../parts.tsx'

export const box: Motif = (k) => (
  <g>
    {shadow(100, 162, 68)}
    {solid(k, rect(36, 84, 128, 76, 3))}
    {solid(k, rect(30, 64, 140, 28, 4), k.accent, 'drop')}
    {flat('M36 92H164V97H36Z', '#2f2630', 0.14)}
    {flat(rect(78, 112, 44, 24, 3), '#fbf6ea')}
    {stroke('M86 124H114', k.dark, 2)}
  </g>
)

export const giftBox: Motif = (k) => (
  <g>
    {shadow(100, 162, 58)}
    {solid(k, rect(46, 90, 108, 70, 3))}
    {solid(k, rect(40, 70, 120, 28, 3), k.fill, 'drop')}
    {flat('M46 98H154V102H46Z', '#2f2630', 0.16)}
    {flat(rect(90, 70, 20, 90), k.accent)}
    {bow(100, 68, 1.5, k.accent, k.dark)}
  </g>
)

export const trinket: Motif = (k) => (
  <g>
    {shadow(100, 161, 52)}
    {solid(k, 'M48 112H152C152 146 140 160 124 160H76C60 160 48 146 48 112Z')}
    {solid(k, 'M46 108C50 70 76 58 100 58S150 70 154 108Z', k.fill, 'drop')}
    {flat(rect(44, 105, 112, 9, 4), '#d0ac58')}
    {solid(k, ellipse(100, 52, 9), '#d9b864', 'ball')}
    {flower(100, 84, 18, k.accent, k.light, 7)}
    {flat(rect(93, 106, 14, 16, 3), '#b9933f')}
  </g>
)

export const cabinet: Motif = (k) => (
  <g>
    {shadow(100, 170, 58)}
    {flat('M48 160H58V170H48ZM142 160H152V170H142Z', k.dark)}
    {solid(k, rect(42, 40, 116, 122, 4), k.base, 'drop')}
    {solid(k, rect(36, 34, 128, 12, 3), k.light)}
    {[56, 92, 128].map((y, row) => (
      <g>
        {solid(
          k,
          rect(52, y, 96, 28, 3),
          row === 1 ? k.accent : k.fill === k.base ? k.light : k.fill,
          'drop',
        )}
        {stroke(rect(52, y, 96, 28, 3), k.dark, 0.8)}
        {flat(ellipse(84, y + 14, 4), '#a98847')}
        {flat(ellipse(116, y + 14, 4), '#a98847')}
      </g>
    ))}
  </g>
)

export const shelf: Motif = (k) => (
  <g>
    {flat('M34 46H166V166H34Z', '#2f2630', 0.1)}
    {solid(k, 'M28 38H172V160H28ZM40 50V92H160V50ZM40 104V148H160V104Z', k.base, 'none')}
    {flat(rect(40, 50, 120, 42), k.dark, 0.35)}
    {flat(rect(40, 104, 120, 44), k.dark, 0.35)}
    {solid(k, rect(50, 62, 18, 30, 2), k.accent)}
    {solid(k, rect(70, 56, 14, 36, 2), k.light)}
    {solid(k, ellipse(128, 78, 14), '#e8c9a0', 'ball')}
    {leaf(70, 124, 24, -30, '#7fa070')}
    {leaf(70, 124, 26, 16, '#6f9468')}
    {solid(k, 'M58 122H84L80 148H62Z', k.accent)}
    {solid(k, rect(112, 118, 36, 30, 3), k.light)}
  </g>
)

export const basket: Motif = (k) => (
  <g>
    {shadow(100, 162, 62)}
    {stroke('M46 96C46 20 154 20 154 96', k.dark, 7)}
    {stroke('M46 94C46 18 154 18 154 94', k.base, 5)}
    {solid(k, 'M34 92H166L150 154Q148 160 142 160H58Q52 160 50 154Z')}
    {solid(k, rect(30, 86, 140, 15, 7), k.light)}
    {bow(100, 100, 0.9, k.accent, k.dark)}
  </g>
)

export const bucket: Motif = (k) => (
  <g>
    {shadow(100, 162, 50)}
    {stroke('M48 70C58 10 142 10 152 70', '#8d8478', 3.5)}
    {solid(k, 'M44 66H156L140 160H60Z')}
    {flat(ellipse(100, 66, 56, 11), k.light)}
    {flat(ellipse(100, 68, 50, 8), k.dark, 0.45)}
    {stroke('M50 92Q100 104 150 92M58 142Q100 152 142 142', k.dark, 1.4)}
    {k.fill === k.base && flat(heart(100, 122, 16), k.accent)}
  </g>
)
