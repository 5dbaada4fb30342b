/** Toys, games and crafts. */
import type { Motif } from '../kit.ts'
import { ellipse, heart, rect, ring, star } from '../shapes.ts'
import { bow, flat, flower, lettering, shadow, solid, stroke } from '../parts.tsx'

export const babushka: Motif = (k) => (
  <g>
    {shadow(100, 163, 42)}
    {solid(
      k,
      'M100 24C130 24 138 52 132 76C150 98 152 162 128 162H72C48 162 50 98 68 76C62 52 70 24 100 24Z',
    )}
    {flat(ellipse(100, 58, 24), '#f4d9bf')}
    {flat('M76 54C80 36 120 36 124 54 112 46 88 46 76 54Z', '#6b4a38')}
    {flat(ellipse(91, 60, 3), '#332b33')}
    {flat(ellipse(109, 60, 3), '#332b33')}
    {stroke('M95 70Q100 74 105 70', '#b9514a', 2.4)}
    {flat(ellipse(83, 67, 4.5), '#e8a09a', 0.7)}
    {flat(ellipse(117, 67, 4.5), '#e8a09a', 0.7)}
    {solid(k, 'M68 100C80 86 120 86 132 100 140 130 124 150 100 150S60 130 68 100Z', k.light, 'none')}
    {flower(100, 122, 24, k.accent, '#f1d27a', 8)}
    {bow(100, 88, 0.7, k.accent, k.dark)}
  </g>
)

export const doll: Motif = (k) => (
  <g>
    {shadow(100, 164, 40)}
    {stroke('M88 140V162M112 140V162', '#f0cdb0', 8)}
    {solid(k, 'M100 78C118 80 130 118 142 146H58C70 118 82 80 100 78Z')}
    {stroke('M80 96L54 118M120 96L146 118', '#f0cdb0', 8)}
    {flat('M66 88C56 38 144 38 134 88 126 96 74 96 66 88Z', '#8a5a42')}
    {solid(k, ellipse(100, 64, 27), '#f6d9bf', 'ball')}
    {flat('M72 60C76 34 124 34 128 60 112 50 90 50 72 60Z', '#8a5a42')}
    {flat(ellipse(90, 66, 3), '#332b33')}
    {flat(ellipse(110, 66, 3), '#332b33')}
    {stroke('M94 76Q100 81 106 76', '#b9514a', 2.4)}
    {bow(120, 42, 0.6, k.accent, k.dark)}
  </g>
)

export const teddy: Motif = (k) => (
  <g>
    {shadow(100, 164, 50)}
    {solid(k, ellipse(66, 42, 16), k.base, 'ball')}
    {solid(k, ellipse(134, 42, 16), k.base, 'ball')}
    {solid(k, ellipse(72, 148, 20, 16), k.base, 'ball')}
    {solid(k, ellipse(128, 148, 20, 16), k.base, 'ball')}
    {solid(k, ellipse(100, 126, 40, 38), k.fill, 'ball')}
    {solid(k, ellipse(100, 66, 44, 38), k.base, 'ball')}
    {flat(ellipse(100, 80, 18, 14), k.light)}
    {flat(ellipse(82, 62, 4), '#332b33')}
    {flat(ellipse(118, 62, 4), '#332b33')}
    {flat(ellipse(100, 74, 6, 4.5), '#332b33')}
    {bow(100, 106, 0.9, k.accent, k.dark)}
  </g>
)

export const rocket: Motif = (k) => (
  <g>
    {[
      [36, 44],
      [166, 60],
      [44, 130],
      [158, 136],
    ].map(([x = 0, y = 0]) => flat(star(x, y, 9), k.accent))}
    {flat('M86 142C78 162 92 168 100 188 108 168 122 162 114 142Z', '#f3a83c')}
    {solid(k, 'M76 108L48 138V156L82 142ZM124 108L152 138V156L118 142Z', k.accent)}
    {solid(k, 'M100 14C130 40 134 96 118 146H82C66 96 70 40 100 14Z')}
    {flat('M100 14C112 24 120 38 124 52H76C80 38 88 24 100 14Z', k.accent)}
    {flat(ellipse(100, 80, 17), '#dfeaed')}
    {stroke(ellipse(100, 80, 17), k.dark, 4)}
  </g>
)

export const jigsaw: Motif = (k) => (
  <g>
    {flat(rect(40, 46, 132, 122, 4), '#2f2630', 0.13)}
    {solid(k, rect(34, 38, 132, 122, 4), k.fill, 'drop')}
    {stroke(
      'M78 38V56C92 52 92 76 78 72V98C64 94 64 118 78 114V160M122 38V62C108 58 108 82 122 78V108C136 104 136 128 122 124V160M34 78H54C50 92 74 92 70 78H122C118 64 142 64 138 78H166M34 120H92C88 106 112 106 108 120H166',
      k.light,
      2.4,
    )}
    {flat(heart(100, 98, 20), k.accent)}
  </g>
)

export const blocks: Motif = (k) => (
  <g>
    {shadow(100, 162, 64)}
    {[
      { x: 42, y: 104, fill: k.base, text: k.mark || 'A' },
      { x: 102, y: 104, fill: k.accent, text: 'B' },
      { x: 72, y: 46, fill: k.light, text: 'C' },
    ].map(({ x, y, fill, text }) => (
      <g>
        {solid(k, rect(x, y, 56, 56, 6), fill, 'drop')}
        {flat(rect(x + 7, y + 7, 42, 42, 3), '#fdf9f0', 0.9)}
        {lettering(x + 28, y + 28, 30, text, k.dark)}
      </g>
    ))}
  </g>
)

export const moneyBank: Motif = (k) => (
  <g>
    {shadow(100, 163, 56)}
    {solid(k, 'M60 138H78V162H60ZM122 138H140V162H122Z', k.dark)}
    {solid(k, ellipse(98, 104, 62, 48), k.fill, 'ball')}
    {solid(k, 'M132 66C140 46 158 48 156 60L148 82Z', k.base)}
    {solid(k, ellipse(158, 108, 16, 19), k.light, 'drop')}
    {flat(ellipse(154, 108, 2.6, 4.5), k.dark)}
    {flat(ellipse(163, 108, 2.6, 4.5), k.dark)}
    {flat(ellipse(136, 92, 4), '#332b33')}
    {flat(rect(80, 56, 36, 7, 3), k.dark)}
    {solid(k, ellipse(98, 38, 18), '#dcb654', 'ball')}
    {stroke('M36 96C22 92 22 110 34 108', k.dark, 4)}
  </g>
)

export const sewing: Motif = (k) => (
  <g>
    {shadow(84, 161, 40)}
    {solid(k, rect(48, 60, 72, 14, 5), '#c39a6c')}
    {solid(k, rect(48, 146, 72, 14, 5), '#c39a6c')}
    {solid(k, rect(56, 74, 56, 72, 2), k.base)}
    {stroke('M56 84L112 90M56 96L112 102M56 108L112 114M56 120L112 126M56 132L112 138', k.dark, 1.2)}
    {stroke('M112 96C150 92 128 140 152 138S166 100 150 64', k.base, 2)}
    {stroke('M140 156L162 36', '#aab1b6', 4)}
    {flat(ellipse(161, 42, 1.6, 4), '#6d6a70')}
    {[
      [148, 150],
      [170, 128],
      [176, 154],
    ].map(([x = 0, y = 0], index) => (
      <g>
        {solid(k, ellipse(x, y, 10), [k.accent, k.light, k.base][index] ?? k.base, 'drop')}
        {flat(ellipse(x - 3, y, 1.6), k.dark)}
        {flat(ellipse(x + 3, y, 1.6), k.dark)}
      </g>
    ))}
  </g>
)

export const tapeMeasure: Motif = (k) => (
  <g>
    {shadow(94, 161, 56)}
    {solid(k, 'M112 140H190V160H112Z', '#f3dfa6', 'none')}
    {[124, 136, 148, 160, 172, 184].map((x, index) =>
      stroke(`M${x} 160V${index % 2 ? 150 : 146}`, '#4b4248', 1.6),
    )}
    {solid(k, ellipse(90, 104, 57), k.fill, 'ball')}
    {flat(ellipse(90, 104, 32), k.light)}
    {flower(90, 104, 24, k.base, k.accent, 8)}
  </g>
)

export const magnets: Motif = (k) => (
  <g>
    {flat(rect(38, 22, 128, 158, 12), '#eef0ef')}
    {flat(rect(38, 22, 128, 158, 12), '#2f2630', 0.05)}
    {[
      [72, 58],
      [130, 62],
      [70, 112],
      [132, 116],
      [100, 156],
    ].map(([x = 0, y = 0], index) => (
      <g>
        {flat(ellipse(x + 3, y + 4, 20), '#2f2630', 0.14)}
        {solid(k, ellipse(x, y, 20), [k.base, k.accent, k.light, k.dark, k.fill][index] ?? k.base, 'ball')}
        {index % 2 ? flat(heart(x, y, 8), '#fdf9f0') : flower(x, y, 13, '#fdf9f0', k.accent)}
      </g>
    ))}
  </g>
)

export const radio: Motif = (k) => (
  <g>
    {shadow(100, 163, 66)}
    {stroke('M132 56L160 16', '#8d9499', 3)}
    {stroke('M66 56C70 36 130 36 134 56', k.dark, 5)}
    {solid(k, rect(34, 56, 132, 104, 16))}
    {flat(ellipse(76, 112, 33), k.dark)}
    {ring(76, 112, 20, 20, 10).map(({ x, y }) => flat(ellipse(x, y, 2.6), k.light))}
    {flat(ellipse(76, 112, 4), k.light)}
    {flat(rect(120, 78, 36, 22, 4), '#fdf6e3')}
    {stroke('M134 82V96', '#c2473d', 2)}
    {solid(k, ellipse(128, 128, 11), k.accent, 'ball')}
    {solid(k, ellipse(151, 128, 7), k.accent, 'ball')}
  </g>
)

export const fan: Motif = (k) => (
  <g>
    {[-66, -44, -22, 0, 22, 44, 66].map((turn, index) => (
      <g transform={`rotate(${turn} 100 158)`}>
        {solid(k, 'M100 158L78 46C88 36 112 36 122 46Z', index % 2 ? k.light : k.fill, 'drop')}
        {stroke('M100 158V40', k.dark, 1)}
      </g>
    ))}
    {solid(k, ellipse(100, 158, 9), k.accent, 'ball')}
    {stroke('M100 166C96 178 106 180 100 194', k.accent, 3)}
  </g>
)

export const glasses: Motif = (k) => (
  <g>
    {stroke('M26 92C20 70 36 60 46 66M174 92C180 70 164 60 154 66', k.dark, 6)}
    <path d={ellipse(60, 106, 34, 30)} fill="#dfeaed" stroke={k.base} stroke-width="9" />
    <path d={ellipse(140, 106, 34, 30)} fill="#dfeaed" stroke={k.base} stroke-width="9" />
    {stroke('M94 98Q100 92 106 98', k.base, 8)}
    {stroke('M44 96L62 84M124 96L142 84', '#ffffff', 5)}
  </g>
)
