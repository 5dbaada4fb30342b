/** A result as part of a link: short, and taken from strangers, so that nothing in it is believed. */
import type { KernelRow } from '@vitrine/perf/kernels/rows'

/** What a link says: times by size and device. */
export interface SharedResult {
  browser: string
  /** Milliseconds of one query. */
  rows: { n: number; device: string; ms: number }[]
}

const KEY = 'theirs'
const MOST_ROWS = 100
const MOST_LETTERS = 80
const MOST_ITEMS = 1e9

/** The fragment of a link to compare with. */
export function encodeResult(browser: string, rows: readonly KernelRow[]): string {
  const cells = rows
    .filter(({ software }) => !software)
    .map(({ n, device, ms }) => [n, device, Number(ms.toPrecision(4))])
  return `#${KEY}=${encodeURIComponent(JSON.stringify([browser, cells]))}`
}

/** Undefined where the fragment holds no result that could be one. */
export function decodeResult(fragment: string): SharedResult | undefined {
  const text = new URLSearchParams(fragment.replace(/^#/u, '')).get(KEY)
  if (text === null) return undefined
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    // Somebody's link, cut off on its way: the page is the same without it.
    return undefined
  }
  if (!Array.isArray(parsed)) return undefined
  const [browser, cells] = parsed as unknown[]
  if (!isName(browser) || !Array.isArray(cells) || cells.length > MOST_ROWS) return undefined
  const rows: SharedResult['rows'] = []
  for (const cell of cells as unknown[]) {
    if (!Array.isArray(cell)) return undefined
    const [n, device, ms] = cell as unknown[]
    if (!isAmount(n) || !isName(device) || !isAmount(ms)) return undefined
    rows.push({ n, device, ms })
  }
  return { browser, rows }
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= MOST_LETTERS
}

function isAmount(value: unknown): value is number {
  return typeof value === 'number' && value > 0 && value <= MOST_ITEMS
}
