/** Things for tea and the table: cups, pots, plates, cake stands, cutlery. */
import type { Motif } from '../kit.ts'
import { ellipse, heart, rect } from '../shapes.ts'
import { flat, flower, shadow, solid, stroke } from '../parts.tsx'

export const mug: Motif = (k) => (
  <g>
    {shadow(104, 160, 56)}
    <path d="M134 88C170 80 172 134 133 134" fill="none" stroke={k.dark} stroke-width="11" />
    <path d="M134 87C168 80 170 132 133 132" fill="none" stroke={k.base} stroke-width="9" />
    {solid(k, 'M58 68H140V146Q140 160 124 160H74Q58 160 58 146Z')}
    {flat(ellipse(99, 68, 41, 9), k.light)}
    {flat(ellipse(99, 70, 36, 6.5), '#6b4a38', 0.85)}
    {k.has('HEART', 'LOVE', 'SWEETHEART') && flat(heart(97, 116, 17), k.accent)}
  </g>
)

export const teacup: Motif = (k) => (
  <g>
    {shadow(100, 163, 72)}
    {solid(k, ellipse(100, 153, 72, 13), k.light, 'drop')}
    {flat(ellipse(100, 151, 46, 7), k.dark, 0.18)}
    <path d="M142 98C176 90 172 132 132 130" fill="none" stroke={k.accent} stroke-width="6" />
    {solid(k, 'M48 86H152C152 128 130 150 116 152H84C70 150 48 128 48 86Z')}
    {flower(90, 117, 17, k.accent, '#f1d27a')}
    {flower(117, 109, 10, k.light, k.accent)}
    {flat(ellipse(100, 86, 52, 11), k.light)}
    {flat(ellipse(100, 88, 46, 8), '#a8683b', 0.9)}
    {stroke('M48 86A52 11 0 0 0 152 86', '#d9b25f', 2)}
  </g>
)

export const teapot: Motif = (k) => (
  <g>
    {shadow(100, 161, 60)}
    <path
      d="M46 108C18 96 18 148 54 142"
      fill="none"
      stroke={k.dark}
      stroke-width="9"
      stroke-linecap="round"
    />
    {solid(k, 'M142 128C164 126 160 90 180 86L170 80C148 86 152 104 138 108Z', k.base)}
    {solid(k, 'M44 120C44 84 68 76 98 76S152 84 152 120 128 160 98 160 44 156 44 120Z', k.fill, 'ball')}
    {solid(k, 'M66 80C70 66 84 62 98 62S126 66 130 80C112 86 84 86 66 80Z', k.light, 'drop')}
    {solid(k, ellipse(98, 57, 8), k.accent, 'ball')}
    {flower(96, 122, 20, k.accent, '#f3dc94')}
  </g>
)

export const plate: Motif = (k) => (
  <g>
    {flat(ellipse(103, 107, 74), '#2f2630', 0.12)}
    {solid(k, ellipse(100, 100, 74), k.fill, 'drop')}
    {flat(ellipse(100, 100, 49), k.light)}
    {stroke(ellipse(100, 100, 49), k.dark, 1)}
    {stroke(ellipse(100, 100, 70), k.accent, 2.5)}
    {flower(100, 100, 24, k.base, k.accent, 8)}
  </g>
)

export const bowl: Motif = (k) => (
  <g>
    {shadow(100, 160, 58)}
    {flat(rect(74, 148, 52, 12, 4), k.dark)}
    {solid(k, 'M28 92H172C172 132 140 154 120 154H80C60 154 28 132 28 92Z')}
    {flat(ellipse(100, 92, 72, 15), k.light)}
    {flat(ellipse(100, 95, 65, 11), k.dark, 0.3)}
  </g>
)

export const cakestand: Motif = (k) => (
  <g>
    {shadow(100, 164, 40)}
    {flat('M97 26H103V160H97Z', '#c9a752')}
    {stroke(ellipse(100, 20, 8), '#c9a752', 4)}
    {[
      { y: 62, r: 34 },
      { y: 106, r: 52 },
      { y: 150, r: 70 },
    ].map(({ y, r }) => (
      <g>
        {solid(
          k,
          `M${100 - r} ${y}C${100 - r * 0.8} ${y + 16} ${100 + r * 0.8} ${y + 16} ${100 + r} ${y}Z`,
          k.fill,
        )}
        {solid(k, ellipse(100, y, r, r * 0.19), k.light, 'drop')}
        {stroke(ellipse(100, y, r, r * 0.19), k.accent, 1.6)}
      </g>
    ))}
    {[66, 88, 114, 136].map((x, index) => (
      <g>
        {flat(`M${x - 9} 134H${x + 9}L${x + 6} 146H${x - 6}Z`, k.dark)}
        {flat(`M${x - 11} 135C${x - 11} 122 ${x + 11} 122 ${x + 11} 135Z`, index % 2 ? '#f6e3d3' : k.accent)}
        {flat(ellipse(x, 123, 3.4), '#c2473d')}
      </g>
    ))}
    {flat('M80 90H122V100H80Z', '#f6e3d3')}
    {flat('M80 86C90 82 112 82 122 86V92H80Z', k.base)}
  </g>
)

export const cakeCases: Motif = (k) => (
  <g>
    {[
      { x: 64, y: 112, s: 0.74 },
      { x: 136, y: 112, s: 0.74 },
      { x: 100, y: 140, s: 1 },
    ].map(({ x, y, s }, index) => (
      <g transform={`translate(${x} ${y}) scale(${s})`}>
        {shadow(0, 22, 34)}
        {flat('M-38-4C-42-40-18-54 0-54S42-40 38-4Z', index === 1 ? k.light : '#f4e2d0')}
        {flat('M-38-10C-30-22-18-8-8-18S14-8 20-20 36-14 38-6L38-2H-38Z', k.accent, 0.75)}
        {solid(k, 'M-40-6L-30 24H30L40-6Z')}
        {stroke('M-28-6L-21 24M-14-6L-11 24M0-6V24M14-6L11 24M28-6L21 24', k.dark, 1)}
        {flat(ellipse(0, -54, 7), '#c2473d')}
      </g>
    ))}
  </g>
)

export const cutlery: Motif = (k) => (
  <g>
    {[
      {
        x: 60,
        head: <path d="M-10-70V-40Q-10-30 0-30T10-40V-70H6V-44H2V-70H-2V-44H-6V-70Z" fill="#c3c8cc" />,
      },
      { x: 100, head: <path d="M-7-30V-72C8-70 10-46 8-30Z" fill="#c3c8cc" /> },
      { x: 140, head: <ellipse cy={-52} rx={12} ry={19} fill="#c3c8cc" /> },
    ].map(({ x, head }) => (
      <g transform={`translate(${x} 106)`}>
        {flat(rect(-3, -32, 6, 26), '#aab1b6')}
        {head}
        {solid(k, rect(-8, -10, 16, 76, 8))}
        {flat(ellipse(0, 56, 2.4), k.light)}
      </g>
    ))}
  </g>
)

export const tray: Motif = (k) => (
  <g>
    {flat(rect(18, 56, 170, 100, 18), '#2f2630', 0.12)}
    {flat(rect(14, 50, 172, 100, 18), k.dark)}
    {flat(rect(19, 55, 162, 90, 14), k.base)}
    {solid(k, rect(30, 64, 140, 72, 8), k.fill, 'drop')}
    {flat(rect(20, 86, 7, 28, 3), k.wall)}
    {flat(rect(173, 86, 7, 28, 3), k.wall)}
    {flower(72, 100, 22, k.accent, '#f1d27a', 7)}
    {flower(122, 96, 30, k.light, k.accent, 8)}
  </g>
)

export const jug: Motif = (k) => (
  <g>
    {shadow(98, 161, 48)}
    <path d="M138 76C176 74 170 132 134 128" fill="none" stroke={k.base} stroke-width="9" />
    <path d="M138 80C166 80 162 128 134 124" fill="none" stroke={k.dark} stroke-width="2" opacity="0.5" />
    {solid(k, 'M60 52L44 42 64 44H136C132 66 146 92 146 120S130 160 100 160 54 148 54 120 66 74 60 52Z')}
    {flat('M50 43C74 36 118 36 136 44 118 52 78 54 50 43Z', k.light)}
    {flat('M59 46C78 41 112 41 128 45 112 50 80 51 59 46Z', k.dark, 0.45)}
  </g>
)

export const glassware: Motif = (k) => (
  <g>
    {shadow(100, 162, 40)}
    {flat('M97 108H103V154H97Z', k.light, 0.9)}
    {flat(ellipse(100, 156, 34, 6), k.light, 0.95)}
    {flat(ellipse(100, 155, 34, 5), k.base, 0.5)}
    <path d="M60 34H140C142 84 126 110 100 110S58 84 60 34Z" fill={k.light} opacity="0.7" />
    <path d="M62 66H138C134 94 122 108 100 108S66 94 62 66Z" fill={k.base} opacity="0.85" />
    <path d="M60 34H140C142 84 126 110 100 110S58 84 60 34Z" fill={k.light3d.round} />
    {flat(ellipse(100, 66, 38, 6), k.dark, 0.2)}
    {stroke(ellipse(100, 34, 40, 7), '#ffffff', 1.6)}
    {stroke('M70 44C69 66 74 84 82 94', '#ffffff', 4)}
  </g>
)

export const tumblers: Motif = (k) => (
  <g>
    {[56, 100, 144].map((x, index) => (
      <g>
        {shadow(x, 160, 24)}
        {solid(k, `M${x - 24} 88H${x + 24}L${x + 18} 160H${x - 18}Z`, index === 1 ? k.accent : k.fill)}
        {flat(ellipse(x, 88, 24, 5.5), k.light)}
        {flat(ellipse(x, 89, 20, 3.8), k.dark, 0.35)}
      </g>
    ))}
  </g>
)

export const straws: Motif = (k) => (
  <g>
    {shadow(100, 161, 36)}
    {[-22, -13, -5, 4, 12, 21].map((lean, index) => (
      <g transform={`rotate(${lean} 100 160)`}>
        {flat(rect(95, 26 + (index % 3) * 8, 9, 120, 4), index % 2 ? '#ffffff' : k.light)}
        {[40, 58, 76, 94].map((y) =>
          flat(`M95 ${y + 8}L104 ${y}V${y + 7}L95 ${y + 15}Z`, index % 2 ? k.base : k.accent),
        )}
      </g>
    ))}
    {solid(k, 'M64 92H136L128 160H72Z')}
    {flat(ellipse(100, 92, 36, 6), k.dark, 0.35)}
  </g>
)

export const coaster: Motif = (k) => (
  <g>
    {[
      { x: 120, y: 84, turn: 12 },
      { x: 84, y: 112, turn: -8 },
    ].map(({ x, y, turn }, index) => (
      <g transform={`translate(${x} ${y}) rotate(${turn})`}>
        {flat(rect(-47, -43, 100, 100, 14), '#2f2630', 0.14)}
        {solid(k, rect(-50, -50, 100, 100, 14), index ? k.fill : k.accent, 'drop')}
        {stroke(rect(-42, -42, 84, 84, 9), k.light, 2)}
        {index === 1 && flower(0, 0, 28, k.light, k.accent, 8)}
      </g>
    ))}
  </g>
)

export const placemat: Motif = (k) => (
  <g>
    {flat(rect(24, 52, 160, 108, 6), '#2f2630', 0.12)}
    {solid(k, rect(20, 46, 160, 108, 6), k.fill, 'drop')}
    {stroke(rect(27, 53, 146, 94, 4), k.light, 2)}
    {flat(ellipse(100, 100, 40), '#fbf9f4')}
    {stroke(ellipse(100, 100, 29), k.base, 1.5)}
    {flat(rect(153, 64, 6, 72, 3), '#b9bfc4')}
    {flat(rect(41, 64, 6, 72, 3), '#b9bfc4')}
  </g>
)
