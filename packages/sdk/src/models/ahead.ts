/** The manifest of a first visit, which the page asks for while the worker's script is still on its way. */

/**
 * Returns a `fetch` whose first request for a manifest goes to `url`, the address that the page asked ahead: the
 * browser's cache has the answer, or waits for it. Only for a device that has no manifest; any other request, and
 * one whose answer is no manifest, goes its own way. The answer is no more trusted than any other.
 *
 * @param url With the key in it, so that no header, and no preflight, is needed.
 */
export function takeAhead(fetch: typeof globalThis.fetch, url: string): typeof globalThis.fetch {
  let isFirst = true
  return async (input, init) => {
    if (!isFirst || typeof input !== 'string' || !/\/manifest\b/u.test(input)) return fetch(input, init)
    isFirst = false
    if (!new Headers(init?.headers).has('if-none-match')) {
      const ahead = await fetch(url, { credentials: 'omit', signal: init?.signal ?? null })
      if (ahead.ok) return ahead
    }
    return fetch(input, init)
  }
}
