/** Mixing of `#rrggbb` colours. */

/** Returns `from` moved towards `to` by `share` (0 to 1). */
export function mix(from: string, to: string, share: number): string {
  const a = channels(from)
  const b = channels(to)
  const hex = a.map((value, index) => Math.round(value + ((b[index] ?? 0) - value) * share))
  return `#${hex.map((value) => value.toString(16).padStart(2, '0')).join('')}`
}

/** Relative lightness, 0 (black) to 1 (white), by the weights of ITU-R BT.709. */
export function lightness(colour: string): number {
  const [red = 0, green = 0, blue = 0] = channels(colour)
  return (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255
}

/** How far two colours lie apart, 0 to 1: the mean difference of their channels. */
export function difference(one: string, other: string): number {
  const b = channels(other)
  return channels(one).reduce((sum, value, index) => sum + Math.abs(value - (b[index] ?? 0)), 0) / (3 * 255)
}

function channels(colour: string): number[] {
  return [1, 3, 5].map((start) => Number.parseInt(colour.slice(start, start + 2), 16))
}
