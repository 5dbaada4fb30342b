/** Tables and numbers as the reports write them. */

const digits = new Intl.NumberFormat('en', { maximumSignificantDigits: 3, useGrouping: false })

/** Three significant digits. */
export function significant(value: number): string {
  return digits.format(value)
}

/** A ratio, empty where there is none. */
export function times(ratio: number | null): string {
  return ratio === null ? '' : significant(ratio)
}

/** A table whose columns after the first are numbers. */
export function columns(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const rule = head.map((_, at) => (at === 0 ? '---' : '---:'))
  return [head, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}
