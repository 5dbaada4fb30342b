/** Light: candles, tea lights, lanterns, lamps, strings of lights. */
import type { Motif } from '../kit.ts'
import { ellipse, heart, rect, sag, star } from '../shapes.ts'
import { flame, flat, shadow, solid, stroke } from '../parts.tsx'

export const candle: Motif = (k) => (
  <g>
    {shadow(100, 161, 42)}
    {flame(100, 66, 1)}
    {stroke('M100 78V64', '#4b423c', 2)}
    {solid(k, rect(66, 78, 68, 82, 4))}
    {flat(ellipse(100, 78, 34, 8), k.light)}
    {flat(ellipse(100, 79, 24, 5), '#fff2cf', 0.8)}
    {solid(k, 'M66 112H134V136H66Z', k.accent)}
  </g>
)

export const candles: Motif = (k) => (
  <g>
    {[
      { x: 58, top: 96, w: 20, fill: k.light },
      { x: 142, top: 108, w: 22, fill: k.accent },
      { x: 100, top: 66, w: 21, fill: k.fill },
    ].map(({ x, top, w, fill }) => (
      <g>
        {shadow(x, 161, w + 6)}
        {flame(x, top - 9, 0.8)}
        {stroke(`M${x} ${top}V${top - 9}`, '#4b423c', 2)}
        {solid(k, rect(x - w, top, w * 2, 160 - top, 3), fill)}
        {flat(ellipse(x, top, w, 5), '#ffffff', 0.5)}
      </g>
    ))}
  </g>
)

export const dinnerCandles: Motif = (k) => (
  <g>
    {[46, 82, 118, 154].map((x, index) => (
      <g>
        {shadow(x, 161, 12)}
        {flame(x, 44 + (index % 2) * 8, 0.62)}
        {solid(
          k,
          `M${x - 5} ${48 + (index % 2) * 8}H${x + 5}L${x + 8} 160H${x - 8}Z`,
          index % 2 ? k.accent : k.fill,
        )}
      </g>
    ))}
  </g>
)

export const teaLight: Motif = (k) => (
  <g>
    {shadow(100, 161, 54)}
    <circle cx={100} cy={104} r={74} fill="#ffe6ae" opacity={0.3} />
    {flame(100, 108, 1)}
    {flat(rect(76, 110, 48, 22, 3), '#fff6e2')}
    <path d="M44 72H156L144 150Q142 160 132 160H68Q58 160 56 150Z" fill={k.fill} opacity={0.82} />
    <path d="M44 72H156L144 150Q142 160 132 160H68Q58 160 56 150Z" fill={k.light3d.round} />
    <path d="M78 92C66 116 84 138 100 138S134 116 122 92Z" fill="#ffd98a" opacity={0.42} />
    {flat(ellipse(100, 72, 56, 11), k.light)}
    {flat(ellipse(100, 73, 49, 8), k.dark, 0.35)}
    {k.has('HEART', 'LOVE') && flat(heart(100, 120, 20), '#fff3d2', 0.9)}
    {k.has('STAR') && flat(star(100, 118, 22), '#fff3d2', 0.9)}
  </g>
)

export const hangingTeaLight: Motif = (k) => (
  <g>
    {stroke('M100 4V34', '#8d8478', 2)}
    {stroke('M100 34C66 44 42 66 42 92M100 34C134 44 158 66 158 92', k.dark, 2.4)}
    <circle cx={100} cy={112} r={66} fill="#ffe6ae" opacity={0.32} />
    {solid(k, heart(100, 108, 58), k.fill, 'drop')}
    {flat(heart(100, 106, 36), k.wall)}
    {flame(100, 104, 0.9)}
    {solid(k, rect(80, 104, 40, 20, 3), '#f3f1ec')}
    {stroke(heart(100, 108, 58), k.dark, 1.2)}
  </g>
)

export const lantern: Motif = (k) => (
  <g>
    {shadow(100, 165, 46)}
    {stroke('M82 40C82 12 118 12 118 40', k.dark, 4)}
    {solid(k, 'M60 66L82 38H118L140 66Z', k.base)}
    {flat(rect(64, 66, 72, 88), '#fff0c9', 0.9)}
    {solid(k, rect(86, 112, 28, 42, 2), '#fbf4e4')}
    {flame(100, 110, 0.95)}
    {solid(k, 'M56 64H144V74H56ZM56 150H144V164H56ZM58 74H68V150H58ZM132 74H142V150H132Z', k.base, 'none')}
    {stroke('M68 112H132M100 74V84', k.base, 3)}
    {flat('M56 64H144V68H56Z', k.light, 0.6)}
  </g>
)

export const candlestick: Motif = (k) => (
  <g>
    {shadow(100, 162, 44)}
    {flame(100, 34, 0.85)}
    {solid(k, rect(92, 38, 16, 56, 3), '#f8f1e2')}
    {solid(k, 'M82 92H118L112 104H88Z', k.base)}
    {solid(
      k,
      'M95 104H105C105 116 114 118 114 126S106 134 106 146H94C94 134 86 134 86 126S95 116 95 104Z',
      k.fill,
    )}
    {solid(k, 'M60 160C62 148 84 144 94 144H106C116 144 138 148 140 160Z', k.base)}
  </g>
)

export const lamp: Motif = (k) => (
  <g>
    {shadow(100, 162, 38)}
    <path d="M64 92H136L170 160H30Z" fill="#ffe9b5" opacity={0.35} />
    {solid(k, 'M96 90H104V132C122 136 124 160 118 160H82C76 160 78 136 96 132Z', k.accent)}
    {solid(k, 'M74 30H126L152 98H48Z', k.fill)}
    {flat('M76 36H124L126 41H74ZM50 90H150L152 98H48Z', k.dark, 0.3)}
  </g>
)

export const nightLight: Motif = (k) => (
  <g>
    {shadow(100, 161, 46)}
    <circle cx={100} cy={104} r={80} fill="#ffeab9" opacity={0.42} />
    {solid(
      k,
      'M76 84C60 56 66 22 78 22S94 54 92 74H108C106 54 110 22 122 22S140 56 124 84C148 96 150 160 126 160H74C50 160 52 96 76 84Z',
      k.has('RABBIT', 'BUNNY') ? k.light : k.base,
      'ball',
    )}
    {flat(ellipse(86, 106, 4.5, 5), k.dark)}
    {flat(ellipse(114, 106, 4.5, 5), k.dark)}
    {flat(heart(100, 119, 5), k.accent)}
    {flat(ellipse(78, 120, 7, 4.5), '#f0a8a0', 0.6)}
    {flat(ellipse(122, 120, 7, 4.5), '#f0a8a0', 0.6)}
  </g>
)

export const fairyLights: Motif = (k) => (
  <g>
    {[36, 84, 132].map((y, row) => {
      const bulbs = sag(8, y, 192, y + (row % 2 ? 8 : -8), 22, 6)
      return (
        <g>
          {stroke(`M8 ${y}Q100 ${y + 44} 192 ${y + (row % 2 ? 8 : -8)}`, '#6d7a66', 2)}
          {bulbs.map(({ x, y: top }, index) => {
            const fill = [k.base, k.accent, '#f3d27a', k.light][(index + row) % 4] ?? k.base
            return (
              <g>
                <circle cx={x} cy={top + 14} r={19} fill={fill} opacity={0.2} />
                {flat(rect(x - 3, top, 6, 7, 2), '#6d7a66')}
                {k.has('STAR', 'STARS')
                  ? flat(star(x, top + 15, 12), fill)
                  : flat(ellipse(x, top + 15, 8, 10), fill)}
                {flat(ellipse(x - 2.5, top + 12, 2, 3.4), '#ffffff', 0.7)}
              </g>
            )
          })}
        </g>
      )
    })}
  </g>
)

export const incense: Motif = (k) => (
  <g>
    {shadow(100, 161, 70)}
    {stroke('M132 40C120 26 146 20 134 4M112 52C104 40 122 34 112 18', '#ffffff', 3)}
    {stroke('M60 144L134 44M76 144L112 56', '#7a5a46', 3)}
    {flat(ellipse(134, 44, 3), '#e8743b')}
    {flat(ellipse(112, 56, 3), '#e8743b')}
    {solid(k, 'M24 146C60 138 140 138 176 146 168 158 150 160 140 160H60C50 160 32 158 24 146Z', k.accent)}
    {solid(k, rect(38, 112, 62, 28, 3), k.fill)}
    {flat(rect(48, 119, 42, 14, 2), '#fbf6ea')}
  </g>
)
