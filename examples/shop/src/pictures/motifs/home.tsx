/** The home: hearts, clocks, frames, mirrors, signs, hooks. */
import type { Motif } from '../kit.ts'
import { ellipse, heart, rect, ring, star } from '../shapes.ts'
import { bow, flat, flower, leaf, lettering, shadow, solid, stroke } from '../parts.tsx'

export const hangingHeart: Motif = (k) => (
  <g>
    {stroke('M100 6V52', k.dark, 2)}
    {flat(heart(104, 114, 62), '#2f2630', 0.12)}
    {solid(k, heart(100, 108, 62), k.fill, 'ball')}
    {stroke(heart(100, 108, 52), k.light, 1.6)}
    {bow(100, 62, 0.9, k.accent, k.dark)}
  </g>
)

export const alarmClock: Motif = (k) => (
  <g>
    {shadow(100, 164, 50)}
    {stroke('M66 148L54 164M134 148L146 164', k.dark, 8)}
    {stroke('M80 36C80 14 120 14 120 36', k.dark, 5)}
    {solid(k, ellipse(66, 46, 22, 18), k.base, 'ball')}
    {solid(k, ellipse(134, 46, 22, 18), k.base, 'ball')}
    {flat(rect(97, 28, 6, 20), k.dark)}
    {solid(k, ellipse(100, 102, 58), k.base, 'ball')}
    {flat(ellipse(100, 102, 46), '#fdfaf2')}
    {ring(100, 102, 39, 39, 12).map(({ x, y }, hour) => flat(ellipse(x, y, hour % 3 ? 1.6 : 3), '#4b4248'))}
    {stroke('M100 102L82 84M100 102L100 70', '#3b3338', 4)}
    {stroke('M100 102L122 116', k.accent, 2)}
    {flat(ellipse(100, 102, 4), '#3b3338')}
  </g>
)

export const wallClock: Motif = (k) => (
  <g>
    {flat(ellipse(104, 106, 74), '#2f2630', 0.14)}
    {solid(k, ellipse(100, 100, 74), k.fill, 'drop')}
    {stroke(ellipse(100, 100, 72), k.dark, 1)}
    {flat(ellipse(100, 100, 56), '#fdfaf2')}
    {ring(100, 100, 47, 47, 12).map(({ x, y }, hour) =>
      hour % 3 ? flat(ellipse(x, y, 2), '#4b4248') : lettering(x, y, 15, String(hour || 12), '#4b4248'),
    )}
    {stroke('M100 100L100 66M100 100L126 112', '#3b3338', 4)}
    {flat(ellipse(100, 100, 5), k.accent)}
  </g>
)

export const frame: Motif = (k) => (
  <g>
    {flat(rect(48, 34, 118, 142, 3), '#2f2630', 0.14)}
    {solid(k, rect(42, 26, 116, 142, 3), k.fill, 'drop')}
    {stroke(rect(47, 31, 106, 132, 2), k.light, 1.5)}
    {flat(rect(58, 42, 84, 110), '#fdfaf3')}
    {flat(rect(68, 54, 64, 86), '#dfe8e6')}
    {flat('M68 118L90 94 104 108 120 88 132 104V140H68Z', '#8fa894')}
    {flat(ellipse(116, 72, 8), '#f3d9a0')}
  </g>
)

export const wallArt: Motif = (k) => (
  <g>
    {flat(rect(36, 30, 136, 150, 2), '#2f2630', 0.14)}
    {flat(rect(30, 22, 140, 150, 2), '#fdfaf3')}
    {solid(k, rect(40, 32, 120, 130), k.fill === k.base ? k.light : k.fill, 'none')}
    {stroke(
      'M100 160C98 128 104 104 98 78M99 132C84 126 78 112 74 100M100 118C116 112 122 98 126 86',
      '#5f7d5e',
      3,
    )}
    {leaf(80, 118, 26, -52, '#7fa070')}
    {leaf(120, 104, 26, 54, '#6f9468')}
    {flower(97, 68, 30, k.base, k.accent, 9)}
    {flower(72, 94, 18, k.accent, k.dark, 7)}
    {flower(128, 78, 20, k.dark, k.light, 7)}
  </g>
)

export const mirror: Motif = (k) => (
  <g>
    {flat(ellipse(104, 92, 58, 72), '#2f2630', 0.12)}
    {solid(k, ellipse(100, 86, 58, 72), k.fill, 'drop')}
    {ring(100, 86, 54, 68, 18).map(({ x, y }) => flat(ellipse(x, y, 5), k.dark, 0.25))}
    {flat(ellipse(100, 86, 44, 58), '#dfeaed')}
    {flat('M72 46C84 34 104 30 118 36L66 112C56 92 58 62 72 46Z', '#ffffff', 0.6)}
    {k.has('HAND', 'COMPACT') && solid(k, rect(91, 154, 18, 36, 8), k.base)}
    {!k.has('HAND', 'COMPACT') && bow(100, 16, 0.9, k.accent, k.dark)}
  </g>
)

export const sign: Motif = (k) => {
  const lines = k.lettering.length > 0 ? k.lettering : ['HELLO']
  const size = Math.min(27, 152 / Math.max(...lines.map((line) => line.length)) / 0.62)
  const height = size * 1.15
  return (
    <g>
      {stroke('M56 74L100 18 144 74', '#8d8478', 2)}
      {flat(ellipse(100, 18, 3.5), '#8d8478')}
      {flat(rect(24, 78, 164, 84, 8), '#2f2630', 0.13)}
      {solid(k, rect(18, 70, 164, 84, 8), k.fill, 'drop')}
      {flat(rect(26, 78, 148, 68, 5), '#fdf9f0')}
      {stroke(rect(30, 82, 140, 60, 4), k.base, 1.6)}
      {lines.map((line, index) =>
        lettering(100, 112 + (index - (lines.length - 1) / 2) * height, size, line, k.dark),
      )}
    </g>
  )
}

export const chalkboard: Motif = (k) => (
  <g>
    {stroke('M72 52C80 22 120 22 128 52', '#b08d66', 3)}
    {flat(rect(38, 54, 132, 112, 6), '#2f2630', 0.14)}
    {solid(k, rect(32, 48, 136, 112, 6), '#c39a6c', 'drop')}
    {flat(rect(43, 59, 114, 90, 2), '#454d4c')}
    {k.has('HEART') ? stroke(heart(100, 104, 30), '#f2efe8', 2.4) : lettering(100, 96, 26, 'Menu', '#f2efe8')}
    {!k.has('HEART') && stroke('M64 122H136M74 134H126', '#cfd3cf', 2)}
  </g>
)

export const hooks: Motif = (k) => (
  <g>
    {flat(rect(22, 66, 164, 40, 8), '#2f2630', 0.13)}
    {solid(k, rect(18, 58, 164, 40, 8), k.fill, 'drop')}
    {stroke(rect(24, 64, 152, 28, 5), k.light, 1.4)}
    {[50, 100, 150].map((x) => (
      <g>
        {stroke(`M${x} 88V122C${x} 142 ${x + 24} 142 ${x + 24} 122`, k.dark, 6)}
        {solid(k, ellipse(x, 80, 9), k.accent, 'ball')}
        {flat(ellipse(x + 24, 120, 5.5), k.accent)}
      </g>
    ))}
  </g>
)

export const knob: Motif = (k) => (
  <g>
    {flat(ellipse(108, 110, 60), '#2f2630', 0.13)}
    {solid(k, ellipse(100, 100, 60), k.base, 'ball')}
    {ring(100, 100, 44, 44, 10).map(({ x, y }) => flat(ellipse(x, y, 13), k.light, 0.35))}
    {solid(k, ellipse(100, 100, 34), k.fill === k.base ? k.accent : k.fill, 'ball')}
    {flower(100, 100, 20, k.light, k.dark, 8)}
    {flat(ellipse(80, 72, 14, 8), '#ffffff', 0.5)}
  </g>
)

export const letterTile: Motif = (k) => (
  <g>
    {flat(rect(52, 42, 108, 128, 8), '#2f2630', 0.14)}
    {solid(k, rect(46, 34, 108, 128, 8), k.fill === k.base ? '#fbf7ec' : k.fill, 'drop')}
    {stroke(rect(54, 42, 92, 112, 5), k.base, 3)}
    {flower(66, 140, 13, k.accent, '#f1d27a')}
    {flower(134, 56, 13, k.accent, '#f1d27a')}
    {leaf(78, 146, 15, 70, '#7fa070')}
    {leaf(122, 50, 15, -110, '#7fa070')}
    {lettering(100, 98, 70, k.mark || 'A', k.dark)}
  </g>
)

export const star3d: Motif = (k) => (
  <g>
    {stroke('M100 4V26', k.dark, 2)}
    {flat(star(105, 110, 80), '#2f2630', 0.12)}
    {solid(k, star(100, 104, 80), k.fill, 'drop')}
    {stroke('M100 104V24M100 104L176 79M100 104L147 169M100 104L53 169M100 104L24 79', k.light, 1.6)}
  </g>
)

export const vase: Motif = (k) => (
  <g>
    {shadow(100, 161, 38)}
    {stroke('M98 90C94 66 84 50 76 38M101 90C102 62 104 44 106 26M104 90C112 70 122 58 130 48', '#6f8f68', 3)}
    {leaf(90, 70, 24, -64, '#7fa070')}
    {leaf(112, 72, 24, 62, '#7fa070')}
    {flower(74, 38, 22, k.accent, '#f1d27a', 7)}
    {flower(107, 26, 22, k.light, k.accent, 7)}
    {flower(132, 48, 19, k.accent, k.light, 7)}
    {solid(k, 'M84 84H116C114 100 138 108 138 132S122 160 112 160H88C78 160 62 152 62 132S86 100 84 84Z')}
    {flat(ellipse(100, 84, 16, 4), k.dark, 0.5)}
  </g>
)

export const ornament: Motif = (k) => (
  <g>
    {shadow(100, 161, 44)}
    {solid(k, rect(64, 142, 72, 18, 5), '#a9825a')}
    {solid(
      k,
      'M52 96C52 66 74 48 98 50S136 66 146 74L168 70 150 92C152 122 130 142 104 142S52 126 52 96Z',
      k.fill,
      'ball',
    )}
    {solid(k, 'M66 100C84 92 108 96 118 112 102 128 76 124 66 100Z', k.accent, 'drop')}
    {flat(ellipse(76, 76, 4.5), '#332b33')}
    {flat('M52 86L36 92 53 98Z', '#e2a04a')}
    {stroke('M92 142V150M108 142V150', '#e2a04a', 4)}
  </g>
)

export const thermometer: Motif = (k) => (
  <g>
    {flat(rect(72, 28, 64, 148, 10), '#2f2630', 0.13)}
    {solid(k, rect(66, 22, 64, 148, 10), k.fill, 'drop')}
    {flat(rect(92, 38, 12, 104, 6), '#fdfaf3')}
    {flat(rect(95, 78, 6, 66, 3), '#c2473d')}
    {flat(ellipse(98, 148, 11), '#c2473d')}
    {stroke('M110 48H120M110 62H116M110 76H120M110 90H116M110 104H120M110 118H116', k.dark, 2)}
  </g>
)
