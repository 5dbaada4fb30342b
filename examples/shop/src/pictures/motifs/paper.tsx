/** Paper and parties: cards, wrap, bunting, ribbons, notebooks, pencils. */
import type { Motif } from '../kit.ts'
import { ellipse, heart, rect, ring, sag, star } from '../shapes.ts'
import { bow, flat, flower, lettering, shadow, solid, stroke } from '../parts.tsx'

export const card: Motif = (k) => (
  <g>
    <g transform="rotate(9 100 100)">
      {flat(rect(56, 42, 104, 132, 2), '#2f2630', 0.14)}
      {flat(rect(54, 36, 104, 132, 2), '#e9dcc6')}
      {stroke('M54 36L106 104 158 36', '#cdbb9b', 1.6)}
    </g>
    <g transform="rotate(-6 100 100)">
      {flat(rect(46, 34, 108, 138, 2), '#2f2630', 0.12)}
      {flat(rect(42, 30, 108, 138, 2), '#fffdf8')}
      {solid(k, rect(50, 38, 92, 92, 1), k.fill, 'none')}
      {k.has('BIRTHDAY') && (
        <g>
          {[80, 96, 112].map((x) => stroke(`M${x} 106V76`, k.accent, 5))}
          {flat(rect(68, 98, 56, 24, 3), '#fffdf8')}
        </g>
      )}
      {!k.has('BIRTHDAY') && k.fill === k.base && flower(96, 84, 32, k.light, k.accent, 8)}
      {stroke('M66 144H126M78 154H114', k.dark, 2)}
    </g>
  </g>
)

export const playingCards: Motif = (k) => (
  <g>
    {[-24, -8, 8, 24].map((angle, index) => (
      <g transform={`rotate(${angle} 100 190)`}>
        {flat(rect(66, 40, 72, 104, 7), '#2f2630', 0.14)}
        {flat(rect(62, 36, 72, 104, 7), '#fffdf8')}
        {index < 3 ? solid(k, rect(68, 42, 60, 92, 4), k.fill, 'none') : flat(heart(98, 88, 20), '#c2473d')}
        {index === 3 && lettering(73, 52, 15, 'A', '#c2473d')}
      </g>
    ))}
  </g>
)

export const wrap: Motif = (k) => (
  <g>
    {[
      { x: 40, y: 66, fill: k.accent },
      { x: 58, y: 92, fill: k.light },
      { x: 48, y: 120, fill: k.fill },
    ].map(({ x, y, fill }) => (
      <g transform={`rotate(-24 100 100)`}>
        {flat(rect(x - 24, y + 5, 150, 25, 12), '#2f2630', 0.12)}
        {solid(k, rect(x - 26, y, 150, 25, 4), fill, 'drop')}
        {flat(ellipse(x + 124, y + 12.5, 6, 12.5), '#fffaf0')}
        {stroke(ellipse(x + 124, y + 12.5, 3, 7), k.dark, 1)}
      </g>
    ))}
  </g>
)

export const bunting: Motif = (k) => (
  <g>
    {[44, 108].map((y, row) => (
      <g>
        {stroke(`M-4 ${y}Q100 ${y + 44} 204 ${y}`, k.dark, 2.4)}
        {sag(10, y + 3, 190, y + 3, 20, 6).map(({ x, y: top }, index) => {
          const turn = (x - 100) * -0.14
          const fill = [k.fill, k.light, k.accent][(index + row) % 3] ?? k.fill
          return (
            <g transform={`rotate(${turn} ${x} ${top})`}>
              {flat(`M${x - 13} ${top + 3}H${x + 17}L${x + 2} ${top + 44}Z`, '#2f2630', 0.1)}
              {solid(k, `M${x - 15} ${top}H${x + 15}L${x} ${top + 42}Z`, fill, 'drop')}
            </g>
          )
        })}
      </g>
    ))}
  </g>
)

export const garland: Motif = (k) => (
  <g>
    {[30, 84, 136].map((y, row) => (
      <g>
        {stroke(`M-4 ${y}Q100 ${y + 40} 204 ${y}`, '#9b8c78', 2)}
        {sag(18, y + 2, 182, y + 2, 18, 5).map(({ x, y: top }, index) => {
          const fill = [k.base, k.accent, k.light][(index + row) % 3] ?? k.base
          if (k.has('HEART', 'HEARTS')) return solid(k, heart(x, top + 14, 15), fill, 'drop')
          if (k.has('STAR', 'STARS')) return solid(k, star(x, top + 14, 17), fill, 'drop')
          if (k.has('BELL', 'BELLS'))
            return solid(
              k,
              `M${x} ${top}C${x + 13} ${top} ${x + 8} ${top + 20} ${x + 17} ${top + 26}H${x - 17}C${x - 8} ${top + 20} ${x - 13} ${top} ${x} ${top}Z`,
              fill,
              'drop',
            )
          return flower(x, top + 14, 19, fill, k.light === fill ? k.accent : k.light, 7)
        })}
      </g>
    ))}
  </g>
)

export const paperChain: Motif = (k) => (
  <g>
    {[58, 124].map((y, row) =>
      sag(16, y, 184, y, row ? 14 : 20, 9).map(({ x, y: top }, index) =>
        stroke(ellipse(x, top, 15, 11), [k.base, k.accent, k.light, k.dark][(index + row) % 4] ?? k.base, 6),
      ),
    )}
  </g>
)

export const ribbon: Motif = (k) => (
  <g>
    {shadow(100, 161, 60)}
    {[
      { x: 64, fill: k.fill },
      { x: 104, fill: k.accent },
      { x: 144, fill: k.light },
    ].map(({ x, fill }) => (
      <g>
        {solid(k, rect(x - 17, 92, 34, 68, 3), '#c9a57a')}
        {solid(k, rect(x - 20, 98, 40, 56, 2), fill)}
        {stroke(`M${x - 20} 112H${x + 20}M${x - 20} 126H${x + 20}M${x - 20} 140H${x + 20}`, k.dark, 0.7)}
      </g>
    ))}
    {bow(100, 56, 1.9, k.base, k.dark)}
  </g>
)

export const tape: Motif = (k) => (
  <g>
    {flat(ellipse(104, 112, 62), '#2f2630', 0.13)}
    <path d={ellipse(96, 104, 62) + ellipse(96, 104, 36)} fill={k.fill} fill-rule="evenodd" />
    <path d={ellipse(96, 104, 62) + ellipse(96, 104, 36)} fill={k.light3d.drop} fill-rule="evenodd" />
    {stroke(ellipse(96, 104, 38), '#e7d6b8', 5)}
    {solid(k, 'M110 43L188 50 186 76 128 62Z', k.fill, 'none')}
    {stroke('M188 50L182 56 188 62 182 69 186 76', k.light, 1.5)}
  </g>
)

export const notebook: Motif = (k) => (
  <g transform="rotate(-5 100 100)">
    {flat(rect(54, 34, 112, 146, 6), '#2f2630', 0.15)}
    {flat(rect(52, 30, 110, 144, 4), '#f4ecdb')}
    {solid(k, rect(44, 26, 110, 146, 6), k.fill, 'drop')}
    {flat(rect(44, 26, 16, 146, 5), k.dark, 0.45)}
    {flat(rect(76, 56, 62, 38, 3), '#fdf9f0')}
    {stroke('M84 70H130M84 80H118', k.dark, 2)}
    {flat(rect(136, 26, 6, 146), k.accent)}
  </g>
)

export const calendar: Motif = (k) => (
  <g>
    {flat(rect(42, 42, 128, 132, 4), '#2f2630', 0.13)}
    {flat(rect(36, 36, 128, 132, 4), '#fdfaf3')}
    {solid(k, rect(36, 36, 128, 42, 4), k.fill, 'drop')}
    {[56, 84, 112, 140].map((x) => stroke(`M${x} 28V46`, k.dark, 4))}
    {Array.from({ length: 20 }, (_, day) => {
      const x = 56 + (day % 5) * 22
      const y = 94 + Math.floor(day / 5) * 20
      return day === 12 ? flat(heart(x, y, 7), k.accent) : flat(ellipse(x, y, 3.4), k.dark, 0.5)
    })}
  </g>
)

export const pencils: Motif = (k) => (
  <g>
    {shadow(100, 161, 42)}
    {[-17, -10, -3, 4, 11, 18].map((lean, index) => {
      const fill = [k.base, '#e6c065', k.accent, '#6f8fb3', k.light, '#78986b'][index] ?? k.base
      return (
        <g transform={`rotate(${lean} 100 170)`}>
          {flat(rect(94, 48 - (index % 2) * 8, 11, 80), fill)}
          {flat(`M94 ${48 - (index % 2) * 8}H105L99.5 ${24 - (index % 2) * 8}Z`, '#ecd3ab')}
          {flat(`M97 ${36 - (index % 2) * 8}H102L99.5 ${24 - (index % 2) * 8}Z`, fill)}
        </g>
      )
    })}
    {solid(k, rect(62, 92, 76, 68, 5))}
    {flat(ellipse(100, 92, 38, 7), k.dark, 0.35)}
  </g>
)

export const pen: Motif = (k) => (
  <g transform="rotate(38 100 100)">
    {flat(rect(92, 26, 26, 144, 12), '#2f2630', 0.12)}
    {solid(k, rect(86, 34, 26, 108, 6))}
    {solid(k, rect(86, 14, 26, 36, 10), k.accent)}
    {flat(rect(106, 22, 5, 40, 2), '#c9a752')}
    {flat('M88 142H110L102 168H96Z', '#c9a752')}
    {flat('M96 168H102L99 178Z', '#3b3338')}
    {[62, 82, 102, 122].map((y) => flat(star(99, y, 5), k.light))}
  </g>
)

export const stickers: Motif = (k) => (
  <g>
    {flat(rect(40, 34, 132, 142, 4), '#2f2630', 0.13)}
    {flat(rect(34, 28, 132, 142, 4), '#fdfaf3')}
    {Array.from({ length: 12 }, (_, index) => {
      const x = 58 + (index % 3) * 42
      const y = 52 + Math.floor(index / 3) * 32
      const fill = [k.base, k.accent, '#e6c065', k.dark][(index * 5 + 1) % 4] ?? k.base
      const kind = index % 3
      if (kind === 0) return flat(star(x, y, 14), fill)
      return kind === 1 ? flat(heart(x, y, 12), fill) : flower(x, y, 16, fill, k.light)
    })}
  </g>
)

export const napkins: Motif = (k) => (
  <g>
    {flat(rect(48, 60, 120, 108, 3), '#2f2630', 0.13)}
    {[0, 4, 8, 12].map((step) =>
      flat(rect(40 + step / 2, 56 - step, 120, 106, 3), step % 8 ? k.light : '#ffffff'),
    )}
    {solid(k, rect(46, 42, 120, 106, 3), k.fill, 'drop')}
    {flat('M166 42V96L112 42Z', k.light, 0.55)}
    {stroke('M166 96L112 42', k.dark, 1)}
  </g>
)

export const tissues: Motif = (k) => (
  <g>
    {shadow(100, 161, 60)}
    {flat('M78 94C70 66 84 52 90 30 104 46 112 40 118 30 120 52 134 66 122 94Z', '#fffdf8')}
    {stroke('M92 92C88 70 96 56 92 38M108 92C112 74 106 60 114 42', '#e3dccd', 2)}
    {solid(k, rect(42, 86, 116, 74, 5))}
    {flat(ellipse(100, 90, 34, 6), k.dark, 0.55)}
    {flat('M78 92C84 84 116 84 122 92Z', '#fffdf8')}
  </g>
)

export const doily: Motif = (k) => (
  <g>
    {ring(100, 100, 66, 66, 18).map(({ x, y }) => (
      <g>
        {flat(ellipse(x, y, 14), '#fffdf8')}
        {flat(ellipse(x, y, 5), k.base, 0.8)}
      </g>
    ))}
    {flat(ellipse(100, 100, 66), '#fffdf8')}
    {ring(100, 100, 50, 50, 18).map(({ x, y }) => flat(ellipse(x, y, 4), k.base, 0.75))}
    {ring(100, 100, 34, 34, 12).map(({ x, y }) => flat(ellipse(x, y, 5.4), k.base, 0.75))}
    {flower(100, 100, 20, k.base, '#fffdf8', 8)}
  </g>
)

export const balloonsParty: Motif = (k) => (
  <g>
    {[
      { x: 66, y: 70, fill: k.fill },
      { x: 130, y: 60, fill: k.light },
      { x: 102, y: 96, fill: k.accent },
    ].map(({ x, y, fill }) => (
      <g>
        {stroke(`M${x} ${y + 38}C${x - 8} ${y + 70} 104 140 100 186`, k.dark, 1.4)}
        {solid(
          k,
          `M${x} ${y + 38}C${x - 40} ${y + 20} ${x - 36} ${y - 36} ${x} ${y - 36}S${x + 40} ${y + 20} ${x} ${y + 38}Z`,
          fill,
          'ball',
        )}
        {flat(`M${x - 5} ${y + 44}L${x} ${y + 36} ${x + 5} ${y + 44}Z`, fill)}
      </g>
    ))}
  </g>
)

export const partyBox: Motif = (k) => (
  <g>
    {shadow(100, 161, 46)}
    {[62, 80, 98, 116, 134].map((x, index) => (
      <g>
        {flat(ellipse(x, 66 - (index % 2) * 14, 15), '#fbf0d4')}
        {flat(ellipse(x - 5, 62 - (index % 2) * 14, 6), '#f3dfae')}
        {flat(ellipse(x + 6, 58 - (index % 3) * 10, 9), '#fff9e8')}
      </g>
    ))}
    {solid(k, 'M52 70H148L136 160H64Z', '#fdfaf3')}
    {[56, 80.5, 105, 129.5].map((x, index) =>
      flat(
        `M${x} 70H${x + 13}L${100 + (x + 13 - 100) * 0.75} 160H${100 + (x - 100) * 0.75}Z`,
        index % 2 ? k.accent : k.base,
      ),
    )}
    {flat(ellipse(100, 118, 24), '#fdfaf3')}
    {flat(heart(100, 119, 12), k.base)}
  </g>
)
