/** Outlines as SVG path data, in the picture's 200 × 200 space. */

/** An ellipse; a circle when `ry` is left out. */
export function ellipse(cx: number, cy: number, rx: number, ry: number = rx): string {
  return `M${cx - rx} ${cy}a${rx} ${ry} 0 1 0 ${2 * rx} 0a${rx} ${ry} 0 1 0 ${-2 * rx} 0Z`
}

/** A rectangle with corners rounded by `r`. */
export function rect(x: number, y: number, width: number, height: number, r: number = 0): string {
  const w = width - 2 * r
  const h = height - 2 * r
  return `M${x + r} ${y}h${w}q${r} 0 ${r} ${r}v${h}q0 ${r} ${-r} ${r}h${-w}q${-r} 0 ${-r} ${-r}v${-h}q0 ${-r} ${r} ${-r}Z`
}

/** A heart about `2 * size` wide around its middle. */
export function heart(cx: number, cy: number, size: number): string {
  const x = (share: number): number => round(cx + share * size)
  const y = (share: number): number => round(cy + share * size)
  return (
    `M${cx} ${y(0.95)}C${x(-0.35)} ${y(0.6)} ${x(-1.05)} ${y(0.2)} ${x(-1.05)} ${y(-0.38)}` +
    `C${x(-1.05)} ${y(-0.98)} ${x(-0.25)} ${y(-1.1)} ${cx} ${y(-0.48)}` +
    `C${x(0.25)} ${y(-1.1)} ${x(1.05)} ${y(-0.98)} ${x(1.05)} ${y(-0.38)}` +
    `C${x(1.05)} ${y(0.2)} ${x(0.35)} ${y(0.6)} ${cx} ${y(0.95)}Z`
  )
}

/** A star whose inner corners lie at `inner` of its radius. */
export function star(
  cx: number,
  cy: number,
  radius: number,
  points: number = 5,
  inner: number = 0.45,
): string {
  const corners = Array.from({ length: points * 2 }, (_, index) => {
    const r = index % 2 === 0 ? radius : radius * inner
    const angle = (index / points) * Math.PI - Math.PI / 2
    return `${round(cx + r * Math.cos(angle))} ${round(cy + r * Math.sin(angle))}`
  })
  return `M${corners.join('L')}Z`
}

/** Points spread evenly on an ellipse, the first at the top. */
export function ring(
  cx: number,
  cy: number,
  rx: number,
  ry: number,
  count: number,
): { x: number; y: number }[] {
  return Array.from({ length: count }, (_, index) => {
    const angle = (index / count) * 2 * Math.PI - Math.PI / 2
    return { x: round(cx + rx * Math.cos(angle)), y: round(cy + ry * Math.sin(angle)) }
  })
}

/** Points on the curve of a hanging string between two ends that sags by `sag`. */
export function sag(
  x1: number,
  y1: number,
  x2: number,
  y2: number,
  drop: number,
  count: number,
): { x: number; y: number }[] {
  return Array.from({ length: count }, (_, index) => {
    const t = count === 1 ? 0.5 : index / (count - 1)
    return { x: round(x1 + (x2 - x1) * t), y: round(y1 + (y2 - y1) * t + 4 * drop * t * (1 - t)) }
  })
}

/** Two decimals are finer than a pixel and keep the page small. */
function round(value: number): number {
  return Math.round(value * 100) / 100
}
