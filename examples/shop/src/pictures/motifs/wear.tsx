/** Jewellery and small things to wear. */
import type { Motif } from '../kit.ts'
import { ellipse, heart, rect, ring, sag, star } from '../shapes.ts'
import { bow, flat, flower, shadow, solid, stroke } from '../parts.tsx'

const GOLD = '#c9a752'
const SILVER = '#b4babf'

function metalOf(has: (...words: string[]) => boolean): string {
  return has('GOLD', 'AMBER', 'ANTIQUE', 'BRONZE', 'COPPER') ? GOLD : SILVER
}

export const necklace: Motif = (k) => {
  const metal = metalOf(k.has)
  const beads = ring(100, 74, 62, 70, 26).filter(({ y }) => y > 34)
  return (
    <g>
      {stroke('M52 18C20 96 60 144 100 144S180 96 148 18', metal, 2)}
      {k.has('BEAD', 'BEADS', 'BEADED', 'PEARL', 'CHUNKY', 'GLASS', 'SHELL') &&
        beads.map(({ x, y }, index) =>
          solid(k, ellipse(x, y, index % 3 ? 6.5 : 9), index % 2 ? k.base : k.accent, 'ball'),
        )}
      {k.has('HEART') && solid(k, heart(100, 158, 20), k.base, 'ball')}
      {k.has('FLOWER', 'DAISY', 'ROSE') && flower(100, 154, 24, k.base, k.accent, 7)}
      {!k.has('HEART', 'FLOWER', 'DAISY', 'ROSE') && (
        <g>
          {solid(
            k,
            'M100 138C112 152 118 162 118 170A18 18 0 0 1 82 170C82 162 88 152 100 138Z',
            k.base,
            'ball',
          )}
          {stroke('M100 138C112 152 118 162 118 170A18 18 0 0 1 82 170C82 162 88 152 100 138Z', metal, 2)}
        </g>
      )}
    </g>
  )
}

export const bracelet: Motif = (k) => (
  <g>
    {flat(ellipse(104, 112, 68, 50), '#2f2630', 0.08)}
    {stroke(ellipse(100, 102, 62, 46), metalOf(k.has), 3)}
    {ring(100, 102, 62, 46, 18).map(({ x, y }, index) =>
      solid(k, ellipse(x, y, index % 3 ? 9 : 12), [k.base, k.light, k.accent][index % 3] ?? k.base, 'ball'),
    )}
    {k.has('CHARM', 'HEART') && solid(k, heart(100, 168, 13), k.accent, 'ball')}
  </g>
)

export const earrings: Motif = (k) => {
  const metal = metalOf(k.has)
  return (
    <g>
      {[64, 136].map((x) => (
        <g>
          {stroke(`M${x} 62C${x} 40 ${x - 14} 36 ${x - 14} 50`, metal, 3)}
          {k.has('HOOP') ? (
            stroke(ellipse(x, 98, 30, 34), metal, 5)
          ) : (
            <g>
              {solid(k, ellipse(x, 70, 8), k.accent, 'ball')}
              {stroke(`M${x} 78V94`, metal, 2)}
              {k.has('HEART', 'HEARTS') && solid(k, heart(x, 116, 22), k.base, 'ball')}
              {k.has('FLOWER', 'DAISY') && flower(x, 116, 26, k.base, k.accent, 7)}
              {k.has('STAR') && solid(k, star(x, 116, 26), k.base, 'ball')}
              {!k.has('HEART', 'HEARTS', 'FLOWER', 'DAISY', 'STAR') &&
                solid(
                  k,
                  `M${x} 92C${x + 14} 110 ${x + 20} 122 ${x + 20} 132A20 20 0 0 1 ${x - 20} 132C${x - 20} 122 ${x - 14} 110 ${x} 92Z`,
                  k.base,
                  'ball',
                )}
            </g>
          )}
        </g>
      ))}
    </g>
  )
}

export const fingerRing: Motif = (k) => (
  <g>
    {shadow(100, 164, 40)}
    {stroke(ellipse(100, 120, 40, 42), metalOf(k.has), 9)}
    {stroke('M66 102A40 42 0 0 1 92 80', '#ffffff', 3)}
    {solid(k, 'M72 52L84 36H116L128 52 100 88Z', k.base, 'drop')}
    {stroke('M72 52H128M84 36L92 52 100 88 108 52 116 36', k.light, 1.6)}
  </g>
)

export const hairClip: Motif = (k) => (
  <g>
    {[-16, 18].map((turn, index) => (
      <g transform={`translate(0 ${index * 50 - 22}) rotate(${turn} 100 96)`}>
        {solid(k, rect(34, 88, 132, 15, 7), index ? k.accent : k.base, 'drop')}
        {flower(62, 95, 26, index ? k.base : k.accent, '#f1d27a', 7)}
        {flat(ellipse(118, 95, 4), k.light)}
        {flat(ellipse(136, 95, 4), k.light)}
      </g>
    ))}
  </g>
)

export const keyRing: Motif = (k) => (
  <g>
    {stroke(ellipse(100, 42, 25), SILVER, 6)}
    {stroke(ellipse(100, 42, 25), '#e6eaec', 2)}
    {stroke('M100 67V82', SILVER, 4)}
    {flat(heart(105, 132, 46), '#2f2630', 0.12)}
    {solid(k, k.mark ? rect(60, 82, 80, 92, 22) : heart(100, 126, 46), k.fill, 'ball')}
    {k.mark ? (
      <text
        x={100}
        y={152}
        font-size={66}
        text-anchor="middle"
        fill={k.accent}
        font-family="Georgia, serif"
        font-weight="700"
      >
        {k.mark}
      </text>
    ) : (
      flower(100, 124, 22, k.accent, k.light, 7)
    )}
  </g>
)

export const charm: Motif = (k) => (
  <g>
    {stroke('M100 10C70 30 130 46 100 64', k.dark, 3)}
    {sag(62, 66, 138, 66, 4, 3).map(({ x, y }, index) => (
      <g>
        {stroke(`M100 62L${x} ${y + 18}`, SILVER, 2)}
        {solid(k, ellipse(x, y + 30 + (index === 1 ? 24 : 0), 14), index === 1 ? k.accent : k.base, 'ball')}
      </g>
    ))}
    {solid(k, star(100, 158, 20), k.light, 'drop')}
  </g>
)

export const brooch: Motif = (k) => (
  <g>
    {flat(ellipse(104, 106, 56), '#2f2630', 0.1)}
    {flower(100, 100, 66, k.base, k.dark, 8)}
    {flower(100, 100, 40, k.light, k.accent, 8)}
    {ring(100, 100, 56, 56, 8).map(({ x, y }) => flat(ellipse(x, y, 4), '#ffffff', 0.9))}
  </g>
)

export const scarf: Motif = (k) => (
  <g>
    {flat('M66 34C90 50 124 48 142 34L152 168H108L100 96 92 168H52Z', '#2f2630', 0.1)}
    {solid(k, 'M60 28C84 46 116 46 140 28C146 56 122 76 100 78S54 56 60 28Z', k.fill, 'drop')}
    {solid(k, 'M72 66L54 160H94L104 76Z', k.fill)}
    {solid(k, 'M98 76L112 160H150L126 62Z', k.fill)}
    {[56, 64, 72, 80, 88, 114, 122, 130, 138, 146].map((x) => stroke(`M${x} 160V172`, k.accent, 2.4))}
  </g>
)

export const gloves: Motif = (k) => (
  <g>
    {[0, 1].map((side) => (
      <g transform={side ? 'translate(200 0) scale(-1 1)' : undefined}>
        {solid(k, 'M34 152V92C34 66 44 46 62 46S92 66 92 92V96C96 84 106 86 104 96L92 124V152Z')}
        {solid(k, rect(30, 144, 66, 24, 6), k.accent)}
        {flat(heart(62, 98, 12), k.light)}
      </g>
    ))}
  </g>
)

export const slippers: Motif = (k) => (
  <g>
    {[66, 134].map((x) => (
      <g>
        {flat(ellipse(x + 3, 108, 32, 66), '#2f2630', 0.12)}
        {flat(ellipse(x, 102, 30, 64), k.light)}
        {solid(
          k,
          `M${x - 30} 92C${x - 34} 26 ${x + 34} 26 ${x + 30} 92Q${x} 76 ${x - 30} 92Z`,
          k.fill,
          'ball',
        )}
        {bow(x, 62, 0.6, k.accent, k.dark)}
      </g>
    ))}
  </g>
)
