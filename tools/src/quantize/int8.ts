/** Rounding float tables to 8 bits a number and fewer, and how much that changes them. */

/** Levels of a byte; a table of fewer has no use for all bits of its scales either. */
const FINE = 127
const SCALE_BITS = 5

/** A rounded table with its error. */
export interface Quantized<T extends Int8Array | Uint8Array> {
  readonly values: T
  /** A scale a row. */
  readonly scales: Float32Array
  /** Largest |error| over the range (largest − smallest value) of the whole table; 0 for an empty one. */
  readonly maxErrorOverRange: number
}

/**
 * Rounds each row of `table` (`[rows, width]` row-major) symmetrically: `value ≈ scale · level`, levels −`most`
 * to `most` (127 fill 8 bits, 7 fill 4), scale the largest magnitude of the row / `most`.
 *
 * @param kept Scales of an earlier table: one that the row still fits stays, and a difference between the two
 * tables is small where the rows are alike.
 */
export function quantizeRows(
  table: Float32Array,
  width: number,
  { most = FINE, kept }: { most?: number; kept?: Float32Array | undefined } = {},
): Quantized<Int8Array> {
  const maxima = rowMaxima(table, width)
  const scales = maxima.map((largest) => largest / most)
  if (most < FINE) roundUp(scales, SCALE_BITS)
  for (const [row, largest] of maxima.entries()) {
    const before = kept?.[row] ?? 0
    // A row that shrank to half would waste a bit.
    if (largest <= before * most && largest > (before * most) / 2) scales[row] = before
  }
  const values = new Int8Array(table.length)
  const error = createErrorMeter()
  for (let i = 0; i < table.length; i++) {
    const scale = scales[Math.floor(i / width)]!
    values[i] = scale > 0 ? Math.round(table[i]! / scale) : 0
    error.add(table[i]!, values[i]! * scale)
  }
  return { values, scales, maxErrorOverRange: error.overRange() }
}

/** Rounds each row of `table`, all at least 0, in equal steps: `value ≈ scale · level / 255`. */
export function quantizeLevels(table: Float32Array, width: number): Quantized<Uint8Array> {
  const scales = rowMaxima(table, width)
  const values = new Uint8Array(table.length)
  const error = createErrorMeter()
  for (let i = 0; i < table.length; i++) {
    const scale = scales[Math.floor(i / width)]!
    values[i] = scale > 0 ? Math.round((255 * table[i]!) / scale) : 0
    error.add(table[i]!, (values[i]! * scale) / 255)
  }
  return { values, scales, maxErrorOverRange: error.overRange() }
}

/**
 * Rounds rows of different lengths, all at least 0, in steps that are fine near zero:
 * `value ≈ scale · (level / 255)²`. What is more than 0 stays so.
 *
 * @param offsets `[rows + 1]`.
 * @param steps How many of the 255 levels are used, evenly spread: fewer compress better.
 */
export function quantizeCompanded(
  table: Float32Array,
  offsets: Uint32Array,
  { steps = 255 }: { steps?: number } = {},
): Quantized<Uint8Array> {
  const scales = new Float32Array(offsets.length - 1)
  const values = new Uint8Array(table.length)
  const error = createErrorMeter()
  for (let row = 0; row < scales.length; row++) {
    for (let i = offsets[row]!; i < offsets[row + 1]!; i++) scales[row] = Math.max(scales[row]!, table[i]!)
  }
  if (steps < FINE) roundUp(scales, SCALE_BITS)
  for (let row = 0; row < scales.length; row++) {
    const scale = scales[row]!
    if (!(scale > 0)) continue
    for (let i = offsets[row]!; i < offsets[row + 1]!; i++) {
      const step = Math.max(table[i]! > 0 ? 1 : 0, Math.round(steps * Math.sqrt(table[i]! / scale)))
      values[i] = Math.round((255 * step) / steps)
      error.add(table[i]!, scale * (values[i]! / 255) ** 2)
    }
  }
  return { values, scales, maxErrorOverRange: error.overRange() }
}

/** Rounds up to `bits` bits behind the leading one: the rest of a float32 is noise that no compression takes away. */
export function roundUp(values: Float32Array, bits: number): void {
  const words = new Uint32Array(values.buffer, values.byteOffset, values.length)
  const noise = 2 ** (23 - bits) - 1
  for (let i = 0; i < words.length; i++) words[i] = (words[i]! + noise) & ~noise
}

/** Returns the largest magnitude of each row. */
function rowMaxima(table: Float32Array, width: number): Float32Array {
  const maxima = new Float32Array(table.length / width)
  for (let i = 0; i < table.length; i++) {
    const row = Math.floor(i / width)
    maxima[row] = Math.max(maxima[row]!, Math.abs(table[i]!))
  }
  return maxima
}

function createErrorMeter(): { add(value: number, rounded: number): void; overRange(): number } {
  let error = 0
  let least = Infinity
  let most = -Infinity
  return {
    add: (value, rounded) => {
      error = Math.max(error, Math.abs(value - rounded))
      least = Math.min(least, value)
      most = Math.max(most, value)
    },
    overRange: () => (most > least ? error / (most - least) : 0),
  }
}
