/** How figures and tables look to people. */

/** Takes out control characters, which would let a product title command the terminal. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Bidi_Control}]/gu, (character) => (character === '\n' ? character : ''))
}

const NUMBER = /^[+-]?\d[\d,.]*(?:e[+-]\d+)?$/u

/** Rows of cells as aligned text; columns that hold a number stand to the right. */
export function table(rows: readonly (readonly string[])[]): string {
  const columns = Array.from({ length: Math.max(...rows.map(({ length }) => length)) }, (_, c) => {
    const cells = rows.map((row) => row[c] ?? '')
    const isNumeric = c > 0 && cells.some((cell) => NUMBER.test(cell))
    return { isNumeric, width: Math.max(...cells.map(({ length }) => length)) }
  })
  return rows
    .map((row) =>
      columns
        .map(({ isNumeric, width }, c) =>
          isNumeric ? (row[c] ?? '').padStart(width) : (row[c] ?? '').padEnd(width),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

/** Milliseconds in words: `0.4 s`, `12 s`, `3 min 20 s`. */
export function duration(ms: number): string {
  if (ms < 10_000) return `${(ms / 1000).toFixed(1)} s`
  const seconds = Math.round(ms / 1000)
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`
}

/** A count: `1,234`. */
export function figure(value: number): string {
  return value.toLocaleString('en')
}

/** A share of 0 to 1 in percent: `33.61`. */
export function percent(share: number): string {
  return (100 * share).toFixed(2)
}
