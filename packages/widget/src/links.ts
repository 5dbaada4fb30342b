/** Which links and pictures of hostile shop data may be used: http, https and relative ones. */

const ALLOWED: ReadonlySet<string> = new Set(['http:', 'https:'])

/**
 * Returns `url` resolved against `base`, or `undefined` where its scheme is anything but http or https. A
 * relative link takes the page's scheme, whatever that is. The browser's own parser judges, because it also
 * sees the scheme in `java\nscript:` and behind leading control characters.
 */
export function safeLink(url: string, base: string): string | undefined {
  const absolute = parse(url)
  if (absolute && !ALLOWED.has(absolute.protocol)) return undefined
  return parse(url, base)?.href
}

/** Puts an item's id into a template such as `/product/{id}`, encoded as one part of a path or query. */
export function fillTemplate(template: string, id: string): string {
  // A lone surrogate would make encodeURIComponent throw; with the u flag the class matches only those.
  const encoded = encodeURIComponent(id.replace(/[\ud800-\udfff]/gu, '\ufffd'))
  return template.replaceAll('{id}', () => encoded)
}

function parse(url: string, base?: string): URL | undefined {
  try {
    return new URL(url, base)
  } catch {
    return undefined
  }
}
