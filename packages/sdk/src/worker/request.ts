/** A page's request on its way in, and the answer when no model is there. */
import type { RecommendRequest, RecommendResult } from '@vitrine/contracts'

/**
 * Returns the object without the fields that are undefined, one level of nesting included: a page that writes
 * `{ anchor: product?.id }` means no anchor, while the wire knows only absent fields.
 */
export function withoutUndefined<T>(input: T): T {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return input
  const entries = Object.entries(input).filter(([, value]) => value !== undefined)
  return Object.fromEntries(entries.map(([key, value]) => [key, withoutUndefined<unknown>(value)])) as T
}

/** The page's own list: its order, without what the request excludes. */
export function listOfPage({ fallback = [], exclude = [], anchor, k }: RecommendRequest): RecommendResult {
  const hidden = new Set(exclude)
  if (anchor !== undefined) hidden.add(anchor)
  const items = [...new Set(fallback)].filter((item) => !hidden.has(item)).slice(0, k)
  return {
    items: items.map((item, rank) => ({ item, score: 1 / (1 + rank), reasons: [] })),
    source: 'page',
    revision: null,
  }
}
