/** Addresses within the shop. Ids come from a catalogue, so they are encoded wherever they enter an address. */

/** A product's page. */
export function productPath(id: string): string {
  return `/product/${encodeURIComponent(id)}`
}

/** A category's page. */
export function categoryPath(slug: string): string {
  return `/category/${encodeURIComponent(slug)}`
}

/** Search results. */
export function searchPath(query: string): string {
  return `/search?${new URLSearchParams({ q: query }).toString()}`
}
