/** Pieces of the evaluation page: HTML as text. */
import { format } from 'echarts/core'
import type { Difference } from '../evaluate/bootstrap.ts'

/** A section under a heading; `parts` are HTML. */
export function section(title: string, ...parts: readonly string[]): string {
  return `<section>\n<h2>${text(title)}</h2>\n${parts.join('\n')}\n</section>`
}

/** A drawing with what it shows in words. */
export function figure(label: string, svg: string): string {
  return `<figure role="img" aria-label="${text(label)}">${svg}</figure>`
}

/** Cells are HTML; `look` is a class of the style sheet. */
export function table(head: readonly string[], rows: readonly (readonly string[])[], look = ''): string {
  const body = rows.map((cells) => `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`)
  const heads = head.map((cell) => `<th scope="col">${text(cell)}</th>`).join('')
  return `<div class="scroll"><table class="${look}">\n<thead><tr>${heads}</tr></thead>\n<tbody>${body.join('\n')}</tbody>\n</table></div>`
}

/** A difference in points, with its interval. */
export function interval({ mean, low, high }: Difference): string {
  return `${signed(mean)} [${signed(low)}, ${signed(high)}]`
}

function signed(share: number): string {
  return `${share < 0 ? '−' : '+'}${percent(Math.abs(share))}`
}

/** A share in percent. */
export function percent(share: number): string {
  return (100 * share).toFixed(2)
}

/** A count: `1,234`. */
export function count(value: number): string {
  return value.toLocaleString('en')
}

/** Text as it stands in HTML; names of models come from files. */
export function text(value: string): string {
  return format.encodeHTML(value)
}
