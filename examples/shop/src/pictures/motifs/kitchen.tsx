/** Kitchen and pantry: tins, jars, bottles, baking, aprons. */
import type { Motif } from '../kit.ts'
import { ellipse, heart, rect } from '../shapes.ts'
import { bow, flat, leaf, lettering, shadow, solid, stroke } from '../parts.tsx'

export const tins: Motif = (k) => (
  <g>
    {shadow(100, 162, 64)}
    {[
      { y: 118, w: 60, h: 40, fill: k.fill },
      { y: 80, w: 49, h: 34, fill: k.light },
      { y: 48, w: 38, h: 28, fill: k.fill },
    ].map(({ y, w, h, fill }) => (
      <g>
        {solid(k, rect(100 - w, y, w * 2, h, 5), fill)}
        {solid(k, rect(100 - w - 2, y - 3, w * 2 + 4, 11, 4), k.accent)}
      </g>
    ))}
    {flat(ellipse(100, 43, 6, 4), k.dark)}
  </g>
)

export const tin: Motif = (k) => (
  <g>
    {shadow(100, 161, 54)}
    {solid(k, rect(50, 66, 100, 94, 6))}
    {solid(k, 'M47 58Q47 50 56 50H144Q153 50 153 58V76H47Z', k.accent)}
    {flat(ellipse(100, 51, 48, 7), k.light, 0.8)}
    {flat(rect(68, 94, 64, 40, 20), '#fbf6ea')}
    {stroke(rect(71, 97, 58, 34, 17), k.dark, 1.2)}
    {k.mark ? lettering(100, 114, 24, k.mark, k.dark) : flat(heart(100, 114, 10), k.base)}
  </g>
)

export const jar: Motif = (k) => (
  <g>
    {shadow(100, 161, 46)}
    <path d={rect(56, 66, 88, 94, 18)} fill="#ffffff" opacity="0.55" />
    <path d={rect(61, 88, 78, 68, 14)} fill={k.base} />
    <path d={rect(56, 66, 88, 94, 18)} fill={k.light3d.round} />
    {stroke('M66 82V140', '#ffffff', 5)}
    {solid(
      k,
      'M52 58L60 40C80 34 120 34 140 40L148 58C120 66 80 66 52 58Z',
      k.has('GLASS', 'STORAGE') ? k.accent : k.fill,
    )}
    {stroke('M58 59C80 66 120 66 142 59', k.dark, 3)}
    {flat(rect(74, 102, 52, 34, 3), '#fbf6ea')}
    {stroke('M82 114H118M88 124H112', k.dark, 2)}
  </g>
)

export const bottle: Motif = (k) => (
  <g>
    {shadow(100, 162, 36)}
    {solid(
      k,
      'M86 44H114V70C114 82 134 88 134 108V150Q134 160 124 160H76Q66 160 66 150V108C66 88 86 82 86 70Z',
      k.base,
    )}
    {stroke('M76 112V146', k.light, 5)}
    {solid(k, rect(84, 28, 32, 20, 4), k.accent)}
    {solid(k, rect(66, 108, 68, 36), k.fill === k.base ? '#fbf6ea' : k.fill)}
    {flat(heart(100, 126, 9), k.dark, 0.85)}
  </g>
)

export const bakingSet: Motif = (k) => (
  <g>
    {shadow(104, 161, 64)}
    {solid(k, 'M36 98H156C156 134 134 160 116 160H76C58 160 36 134 36 98Z')}
    {flat(ellipse(96, 98, 60, 12), k.light)}
    {flat(ellipse(96, 100, 54, 9), '#f3dfb6')}
    <g transform="rotate(34 132 80)">
      {solid(k, rect(122, 28, 20, 84, 8), '#d0a873')}
      {flat(rect(128, 12, 8, 20, 4), k.accent)}
    </g>
    {stroke('M66 96C56 70 62 40 70 30M74 97C70 70 70 44 70 30M82 96C86 70 78 42 70 30', '#9aa1a6', 2.4)}
    {stroke('M70 30V14', k.dark, 7)}
  </g>
)

export const mould: Motif = (k) => (
  <g>
    {shadow(100, 161, 62)}
    {solid(
      k,
      'M42 150C42 120 52 100 60 84C66 68 80 64 86 74 90 58 110 58 114 74 120 64 134 68 140 84 148 100 158 120 158 150Z',
    )}
    {stroke('M72 148C72 116 78 92 86 76M100 148V66M128 148C128 116 122 92 114 76', k.dark, 2)}
    {solid(k, rect(36, 148, 128, 12, 6), k.accent)}
  </g>
)

export const apron: Motif = (k) => (
  <g>
    {stroke('M78 56C76 24 124 24 122 56', k.dark, 4)}
    {stroke('M60 92C40 96 30 106 24 116M140 92C160 96 170 106 176 116', k.dark, 4)}
    {solid(k, 'M76 52H124C126 76 138 88 146 92V170Q100 180 54 170V92C62 88 74 76 76 52Z', k.fill, 'drop')}
    {solid(k, 'M74 112H126V138Q126 146 118 146H82Q74 146 74 138Z', k.accent, 'drop')}
    {stroke('M76 116H124', k.light, 1.4)}
    {flat(heart(100, 74, 9), k.accent)}
  </g>
)

export const ovenGlove: Motif = (k) => (
  <g>
    {flat('M70 166V92C62 78 46 84 44 70S58 52 72 66C72 36 134 34 136 70V166Z', '#2f2630', 0.13)}
    {solid(k, 'M66 164V90C58 76 42 82 40 68S54 50 68 64C68 32 132 32 132 68V164Z')}
    {solid(k, rect(60, 146, 78, 22, 5), k.accent)}
    {stroke('M128 148C146 148 146 164 130 164', k.dark, 3)}
    {flat(heart(101, 100, 16), k.accent)}
  </g>
)

export const teaTowel: Motif = (k) => (
  <g>
    {stroke('M40 36H160', '#a9825a', 5)}
    {solid(k, 'M56 34H144V166Q100 174 56 166Z', k.fill, 'drop')}
    {flat('M56 144Q100 152 144 144V152Q100 160 56 152Z', k.accent)}
    {stroke('M84 36C82 80 84 130 82 168M118 36C120 80 118 130 120 168', k.dark, 0.7)}
  </g>
)

export const soap: Motif = (k) => (
  <g>
    {shadow(100, 160, 66)}
    {solid(k, 'M34 140H166C160 156 146 160 130 160H70C54 160 40 156 34 140Z', k.accent)}
    {solid(k, rect(50, 96, 100, 48, 18), k.fill, 'drop')}
    {stroke(rect(62, 106, 76, 26, 12), k.dark, 1.3)}
    {flat(heart(100, 118, 8), k.dark, 0.6)}
    {[
      { x: 60, y: 76, r: 11 },
      { x: 80, y: 58, r: 7 },
      { x: 136, y: 78, r: 9 },
      { x: 120, y: 52, r: 13 },
    ].map(({ x, y, r }) => (
      <g>
        <circle cx={x} cy={y} r={r} fill="#ffffff" opacity="0.55" />
        <circle cx={x - r * 0.3} cy={y - r * 0.3} r={r * 0.25} fill="#ffffff" />
      </g>
    ))}
  </g>
)

export const frying: Motif = (k) => (
  <g>
    {flat(ellipse(86, 116, 58), '#2f2630', 0.13)}
    <g transform="rotate(-45 82 110)">{solid(k, rect(136, 101, 64, 18, 9), k.accent)}</g>
    {solid(k, ellipse(82, 110, 58), k.fill, 'drop')}
    {flat(ellipse(82, 110, 46), '#45444a')}
    {flat('M60 108C58 90 84 84 98 94S116 124 96 130 62 126 60 108Z', '#fffaf0')}
    {flat(ellipse(86, 110, 13), '#f0b63f')}
  </g>
)

export const measuring: Motif = (k) => (
  <g>
    {shadow(100, 161, 50)}
    {[
      { y: 56, w: 34, h: 30, fill: k.light },
      { y: 84, w: 44, h: 34, fill: k.accent },
      { y: 116, w: 54, h: 44, fill: k.fill },
    ].map(({ y, w, h, fill }) => (
      <g>
        {solid(k, `M${100 - w} ${y}H${100 + w}L${100 + w * 0.82} ${y + h}H${100 - w * 0.82}Z`, fill)}
        {flat(ellipse(100, y, w, 6), k.light)}
        {flat(ellipse(100, y + 1, w - 5, 4), k.dark, 0.3)}
      </g>
    ))}
  </g>
)

export const herbPot: Motif = (k) => (
  <g>
    {shadow(100, 161, 46)}
    {[-44, -28, -10, 8, 24, 42].map((angle, index) =>
      leaf(100 + angle * 0.4, 98, 58 + (index % 3) * 14, angle, index % 2 ? '#7fa070' : '#5f8560'),
    )}
    {solid(k, 'M56 96H144L134 160H66Z')}
    {solid(k, rect(51, 88, 98, 18, 4), k.has('ZINC', 'METAL') ? k.light : k.fill)}
    {flat(rect(78, 118, 44, 22, 3), '#fbf6ea')}
    {stroke('M86 129H114', k.dark, 2)}
  </g>
)

export const gingerbread: Motif = (k) => (
  <g>
    {flat('M100 170m-2 2', k.dark)}
    {solid(
      k,
      'M100 28A24 24 0 0 1 116 70C134 72 160 66 160 82S138 98 126 98C128 116 146 152 132 162S108 146 100 132C92 146 82 172 68 162S72 116 74 98C62 98 40 98 40 82S66 72 84 70A24 24 0 0 1 100 28Z',
      '#b9804e',
      'drop',
    )}
    {flat(ellipse(92, 48, 3), '#fff')}
    {flat(ellipse(108, 48, 3), '#fff')}
    {stroke('M91 58Q100 65 109 58', '#fff', 2.4)}
    {stroke('M48 76V90M152 76V90M66 150L82 154M118 154L134 150', '#fff', 2.6)}
    {flat(ellipse(100, 92, 4), k.base)}
    {flat(ellipse(100, 108, 4), k.base)}
    {bow(100, 74, 0.5, k.base, k.dark)}
  </g>
)
