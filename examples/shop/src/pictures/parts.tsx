/** Parts that many motifs share: lit solids, strings, flowers, leaves. */
import type { VNode } from 'preact'
import type { Kit, Light } from './kit.ts'
import { ellipse, ring } from './shapes.ts'

/** A filled outline with light on it. */
export function solid(kit: Kit, d: string, fill: string = kit.fill, light: Light = 'round'): VNode {
  return (
    <g>
      <path d={d} fill={fill} />
      {light !== 'none' && <path d={d} fill={kit.light3d[light]} />}
    </g>
  )
}

/** A flat filled outline. */
export function flat(d: string, fill: string, opacity: number = 1): VNode {
  return <path d={d} fill={fill} opacity={opacity} />
}

/** A stroke with round ends. */
export function stroke(d: string, colour: string, width: number = 2): VNode {
  return (
    <path
      d={d}
      fill="none"
      stroke={colour}
      stroke-width={width}
      stroke-linecap="round"
      stroke-linejoin="round"
    />
  )
}

/** The soft shadow a thing casts on the table. */
export function shadow(cx: number, cy: number, rx: number, ry: number = rx * 0.14): VNode {
  return <ellipse cx={cx} cy={cy} rx={rx} ry={ry} fill="#2f2630" opacity={0.16} />
}

/** A flower seen from the front. */
export function flower(
  cx: number,
  cy: number,
  r: number,
  petal: string,
  centre: string,
  petals: number = 6,
): VNode {
  return (
    <g>
      {ring(cx, cy, r * 0.62, r * 0.62, petals).map(({ x, y }) => (
        <circle cx={x} cy={y} r={r * 0.42} fill={petal} />
      ))}
      <circle cx={cx} cy={cy} r={r * 0.34} fill={centre} />
    </g>
  )
}

/** A leaf from its stem's end, `length` long, turned by `angle` degrees from upright. */
export function leaf(x: number, y: number, length: number, angle: number, fill: string): VNode {
  const w = length * 0.3
  const d = `M0 0C${-w} ${-length * 0.3} ${-w} ${-length * 0.7} 0 ${-length}C${w} ${-length * 0.7} ${w} ${-length * 0.3} 0 0Z`
  return <path d={d} fill={fill} transform={`translate(${x} ${y}) rotate(${angle})`} />
}

/** A flame with its glow. */
export function flame(x: number, y: number, size: number = 1): VNode {
  return (
    <g transform={`translate(${x} ${y}) scale(${size})`}>
      <circle cy={-9} r={20} fill="#ffd98a" opacity={0.28} />
      <path d="M0 0C-7-5-5-12 0-21 5-12 7-5 0 0Z" fill="#f3a83c" />
      <path d="M0-1C-3-4-2-8 0-13 2-8 3-4 0-1Z" fill="#fff3c4" />
    </g>
  )
}

/** A bow of ribbon around its knot. */
export function bow(x: number, y: number, size: number, fill: string, dark: string): VNode {
  return (
    <g transform={`translate(${x} ${y}) scale(${size})`}>
      <path d="M-2 2L-14 20-8 19-6 24 2 4ZM2 2L14 20 8 19 6 24-2 4Z" fill={dark} />
      <path d="M0 0C-8-14-24-14-24-2S-8 10 0 0ZM0 0C8-14 24-14 24-2S8 10 0 0Z" fill={fill} />
      <path d={ellipse(0, 0, 5)} fill={dark} />
    </g>
  )
}

/** One or two characters in the middle of (x, y). */
export function lettering(x: number, y: number, size: number, text: string, fill: string): VNode {
  return (
    <text
      x={x}
      y={y + size * 0.35}
      font-size={size}
      fill={fill}
      text-anchor="middle"
      font-family="Georgia, serif"
      font-weight="700"
    >
      {text}
    </text>
  )
}
