/** Garden, birds and beasts. */
import type { Motif } from '../kit.ts'
import { ellipse, heart, rect, ring } from '../shapes.ts'
import { flat, flower, leaf, shadow, solid, stroke } from '../parts.tsx'

export const wateringCan: Motif = (k) => (
  <g>
    {shadow(96, 161, 56)}
    {stroke('M66 80C66 30 122 30 128 78', k.dark, 6)}
    {stroke('M56 96C20 92 26 150 58 146', k.dark, 6)}
    {solid(k, 'M128 128L176 66 186 74 134 150Z', k.base)}
    {solid(k, 'M168 56L196 76 188 84 164 66Z', k.accent)}
    {solid(k, 'M56 78H136L142 160H50Z')}
    {flat(ellipse(96, 78, 40, 8), k.dark, 0.4)}
    {k.fill === k.base && flower(96, 122, 24, k.accent, k.light, 8)}
  </g>
)

export const artFlower: Motif = (k) => (
  <g>
    {stroke('M100 186C96 150 106 126 100 92', '#5f8560', 5)}
    {leaf(100, 160, 46, -58, '#7fa070')}
    {leaf(101, 146, 46, 56, '#6a9167')}
    {flower(100, 74, 62, k.dark, k.base, 9)}
    {flower(100, 74, 54, k.base, k.base, 8)}
    {flower(100, 74, 38, k.light, k.accent, 8)}
  </g>
)

export const plantPot: Motif = (k) => (
  <g>
    {shadow(100, 161, 44)}
    {stroke(
      'M100 100C96 80 86 64 78 52M100 100C102 74 104 56 104 36M100 100C108 82 118 70 128 60',
      '#6f8f68',
      3,
    )}
    {leaf(88, 78, 28, -70, '#7fa070')}
    {leaf(114, 80, 28, 66, '#7fa070')}
    {flower(76, 50, 22, k.accent, '#f1d27a', 7)}
    {flower(104, 34, 24, k.accent, '#f1d27a', 7)}
    {flower(131, 58, 20, k.light, k.accent, 7)}
    {solid(k, 'M58 102H142L132 160H68Z')}
    {solid(k, rect(53, 94, 94, 18, 4), k.fill)}
  </g>
)

export const birdHouse: Motif = (k) => (
  <g>
    {stroke('M100 8V36', '#8d8478', 2)}
    {flat(rect(56, 86, 98, 84, 4), '#2f2630', 0.12)}
    {solid(k, 'M52 84L100 44 148 84V164H52Z')}
    {solid(k, 'M36 92L100 34 164 92 154 100 100 52 46 100Z', k.accent, 'drop')}
    {flat(ellipse(100, 106, 17), '#473b3a')}
    {stroke('M100 136V148', k.dark, 5)}
    {flat(heart(100, 76, 7), k.accent)}
    {stroke('M52 124H76M124 124H148M52 146H148', k.dark, 0.8)}
  </g>
)

export const bird: Motif = (k) => (
  <g>
    {stroke('M10 152C60 140 140 160 192 144', '#8a6b52', 6)}
    {leaf(40, 148, 24, -30, '#7fa070')}
    {leaf(168, 148, 24, 34, '#7fa070')}
    {solid(k, 'M142 108L190 92 178 120Z', k.dark)}
    {solid(k, 'M40 90C40 60 64 46 86 52S124 78 152 96C150 132 120 148 94 146S40 124 40 90Z', k.fill, 'ball')}
    {solid(k, 'M84 92C104 82 132 92 146 108 124 130 90 124 84 92Z', k.accent, 'drop')}
    {flat('M40 80L20 88 41 93Z', '#e2a04a')}
    {flat(ellipse(62, 76, 4.6), '#332b33')}
    {flat(ellipse(60.5, 74.5, 1.5), '#ffffff')}
    {stroke('M86 146V156M102 146V156', '#c98a3b', 3)}
  </g>
)

export const butterfly: Motif = (k) => (
  <g>
    {[0, 1].map((side) => (
      <g transform={side ? 'translate(200 0) scale(-1 1)' : undefined}>
        {flat('M98 104C70 50 22 40 22 74S56 112 98 110Z', '#2f2630', 0.08)}
        {solid(k, 'M98 100C78 44 18 30 18 68S52 108 98 106Z', k.fill, 'drop')}
        {solid(k, 'M98 106C60 108 34 124 46 150S92 150 98 112Z', k.accent, 'drop')}
        {flat(ellipse(46, 70, 11), k.light)}
        {flat(ellipse(66, 134, 9), k.light)}
        {stroke('M99 84C94 62 84 52 74 48', k.dark, 2)}
      </g>
    ))}
    {flat(ellipse(100, 110, 5.5, 36), k.dark)}
  </g>
)

export const rabbit: Motif = (k) => (
  <g>
    {shadow(100, 162, 44)}
    {solid(k, 'M82 74C66 40 70 8 82 8S98 46 96 70ZM118 74C134 40 130 8 118 8S102 46 104 70Z', k.base)}
    {flat('M83 66C75 42 77 22 82 22S90 48 90 64ZM117 66C125 42 123 22 118 22S110 48 110 64Z', '#f0b9b3')}
    {solid(k, ellipse(100, 130, 40, 32), k.fill, 'ball')}
    {solid(k, ellipse(100, 88, 33, 30), k.base, 'ball')}
    {flat(ellipse(88, 84, 4), '#332b33')}
    {flat(ellipse(112, 84, 4), '#332b33')}
    {flat(heart(100, 95, 4.5), '#d9828a')}
    {solid(k, 'M70 112C90 122 110 122 130 112L126 122C110 130 90 130 74 122Z', k.accent)}
  </g>
)

export const hen: Motif = (k) => (
  <g>
    {shadow(100, 163, 46)}
    {stroke('M90 146V162M112 146V162', '#dc8a4c', 4)}
    {solid(
      k,
      'M40 78C58 92 70 92 82 66 84 44 116 42 122 64 126 84 150 92 160 68 168 112 142 150 102 150S36 124 40 78Z',
      k.fill,
      'ball',
    )}
    {solid(k, 'M66 104C80 94 102 98 110 112 98 130 74 126 66 104Z', k.accent, 'drop')}
    {flat('M92 50C86 36 98 32 100 42 102 28 114 32 110 42 120 36 124 48 114 54Z', '#c2473d')}
    {flat('M121 64L138 70 121 76Z', '#e2a04a')}
    {flat(ellipse(108, 64, 3.6), '#332b33')}
    {flat('M120 76C128 80 126 92 119 90Z', '#c2473d')}
  </g>
)

export const egg: Motif = (k) => (
  <g>
    {shadow(100, 161, 40)}
    {solid(k, 'M66 128H134C134 146 118 146 116 160H84C82 146 66 146 66 128Z', k.accent)}
    {solid(k, 'M100 32C130 32 142 82 142 104A42 36 0 0 1 58 104C58 82 70 32 100 32Z', k.fill, 'ball')}
    {k.fill === k.base && stroke('M60 92L72 82 84 92 96 82 108 92 120 82 132 92 141 84', k.accent, 5)}
    {k.fill === k.base && ring(100, 112, 28, 4, 6).map(({ x, y }) => flat(ellipse(x, y, 3.6), k.light))}
  </g>
)

export const cat: Motif = (k) => (
  <g>
    {shadow(100, 163, 46)}
    {stroke('M138 150C176 150 172 104 156 100', k.base, 11)}
    {solid(k, 'M72 92C54 112 50 162 70 162H130C150 162 146 112 128 92Z')}
    {solid(k, 'M62 38L82 50C92 46 108 46 118 50L138 38C142 62 140 100 100 100S58 62 62 38Z', k.base, 'ball')}
    {flat(ellipse(85, 72, 4.4), '#332b33')}
    {flat(ellipse(115, 72, 4.4), '#332b33')}
    {flat('M95 81H105L100 87Z', '#d9828a')}
    {stroke('M100 87V91M60 78L80 80M60 88L80 86M140 78L120 80M140 88L120 86', k.dark, 1.6)}
    {solid(k, 'M72 100C90 108 110 108 128 100L126 110C110 117 90 117 74 110Z', k.accent)}
  </g>
)

export const dog: Motif = (k) => (
  <g>
    {shadow(104, 162, 62)}
    {solid(
      k,
      'M60 104C60 86 76 80 92 84H140C160 84 164 100 164 120V160H146V136H92V160H74V124C66 122 60 114 60 104Z',
    )}
    {solid(
      k,
      'M34 66C34 44 54 36 74 38S102 50 100 74 82 104 62 102C46 104 28 98 30 86S34 74 34 66Z',
      k.base,
      'ball',
    )}
    {solid(k, 'M78 40C98 32 110 56 102 82 90 84 80 66 78 40Z', k.dark)}
    {flat(ellipse(58, 64, 4), '#332b33')}
    {flat(ellipse(32, 84, 6.5, 5), '#332b33')}
    {stroke('M162 94C178 88 178 70 172 62', k.base, 8)}
    {solid(k, 'M74 98L104 88 108 98 80 110Z', k.accent)}
  </g>
)

export const owl: Motif = (k) => (
  <g>
    {shadow(100, 163, 44)}
    {solid(k, 'M56 44C64 56 76 50 100 50S136 56 144 44C154 70 154 162 100 162S46 70 56 44Z', k.fill, 'ball')}
    {solid(k, 'M52 92C38 112 44 146 64 152ZM148 92C162 112 156 146 136 152Z', k.dark)}
    {flat(ellipse(80, 82, 20), '#fdfaf3')}
    {flat(ellipse(120, 82, 20), '#fdfaf3')}
    {flat(ellipse(82, 83, 9), '#332b33')}
    {flat(ellipse(118, 83, 9), '#332b33')}
    {flat('M93 92H107L100 106Z', '#e2a04a')}
    {[118, 132, 146].map((y) =>
      [84, 100, 116].map((x) => stroke(`M${x - 7} ${y}Q${x} ${y + 8} ${x + 7} ${y}`, k.accent, 3)),
    )}
  </g>
)

export const toadstool: Motif = (k) => (
  <g>
    {shadow(100, 162, 40)}
    {solid(k, 'M82 96H118C114 120 122 150 128 162H72C78 150 86 120 82 96Z', '#f6ecd9')}
    {solid(k, 'M26 106C26 58 60 30 100 30S174 58 174 106C150 118 50 118 26 106Z', k.base, 'ball')}
    {[
      { x: 70, y: 66, r: 12 },
      { x: 112, y: 54, r: 10 },
      { x: 136, y: 86, r: 12 },
      { x: 96, y: 92, r: 9 },
      { x: 50, y: 94, r: 7 },
    ].map(({ x, y, r }) => flat(ellipse(x, y, r, r * 0.85), '#fdfaf3'))}
    {leaf(140, 162, 26, 20, '#7fa070')}
    {leaf(62, 162, 22, -24, '#7fa070')}
  </g>
)

export const gardenTools: Motif = (k) => (
  <g>
    {[
      { x: 64, turn: -12, head: 'M-18 30H18C20 66 8 86 0 92-8 86-20 66-18 30Z' },
      { x: 136, turn: 12, head: 'M-18 30H-10V76H-4V30H4V76H10V30H18V84H-18Z' },
    ].map(({ x, turn, head }) => (
      <g transform={`translate(${x} 84) rotate(${turn})`}>
        {flat(head, '#8f989d')}
        {flat(rect(-4, 4, 8, 28), '#a6aeb3')}
        {solid(k, rect(-9, -66, 18, 74, 9))}
        {flat(ellipse(0, -56, 3), k.light)}
      </g>
    ))}
  </g>
)

export const windmill: Motif = (k) => (
  <g>
    {stroke('M100 88V190', '#a9825a', 5)}
    {[0, 90, 180, 270].map((turn, index) => (
      <g transform={`rotate(${turn} 100 84)`}>
        {solid(
          k,
          'M100 84C100 50 122 30 150 34 150 60 128 84 100 84Z',
          index % 2 ? k.accent : k.fill,
          'drop',
        )}
        {flat('M100 84C112 66 130 50 150 34 150 60 128 84 100 84Z', k.dark, 0.15)}
      </g>
    ))}
    {flat(ellipse(100, 84, 7), k.light)}
  </g>
)

export const shellMotif: Motif = (k) => (
  <g>
    {shadow(100, 160, 56)}
    {solid(
      k,
      'M100 156C74 156 66 146 66 140 34 120 24 84 40 62 54 44 78 34 100 34S146 44 160 62C176 84 166 120 134 140 134 146 126 156 100 156Z',
      k.fill,
      'ball',
    )}
    {stroke(
      'M100 150V38M92 148C80 110 66 76 58 52M108 148C120 110 134 76 142 52M84 144C64 116 46 96 36 78M116 144C136 116 154 96 164 78',
      k.dark,
      1.6,
    )}
  </g>
)
