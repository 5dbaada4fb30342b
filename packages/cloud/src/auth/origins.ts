/** Which web origins a publishable key may be used from. */
import { VitrineError } from '@vitrine/contracts'

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]'])

/**
 * Checks one entry of a key's origin list and returns it in its one written form: an origin
 * (`https://shop.example`), a loopback host on any port (`http://localhost:*`, for development), or `*`.
 *
 * @throws `VitrineError('INVALID_OPTIONS')` for anything else.
 * @example
 * ```ts
 * parseOriginPattern('HTTPS://Shop.example:443/') // 'https://shop.example'
 * ```
 */
export function parseOriginPattern(text: string): string {
  if (text === '*') return text
  const anyPort = text.endsWith(':*')
  const url = parseUrl(anyPort ? text.slice(0, -2) : text)
  const isOrigin =
    url !== undefined &&
    /^https?:$/u.test(url.protocol) &&
    url.href === `${url.origin}/` &&
    !(anyPort && url.port)
  if (!isOrigin || (anyPort && !LOOPBACK.has(url.hostname))) {
    throw new VitrineError(
      'INVALID_OPTIONS',
      `${JSON.stringify(text)} is no origin; write https://shop.example, http://localhost:* (any port, loopback only) or *`,
    )
  }
  return anyPort ? `${url.protocol}//${url.hostname}:*` : url.origin
}

/**
 * Returns every pattern that would allow `origin` (the Origin header, as a browser writes it), so that a list is
 * asked by equality alone. An opaque origin (`null`: sandboxed frames, files) is allowed by `*` only.
 */
export function patternsAllowing(origin: string): string[] {
  const url = parseUrl(origin)
  if (url === undefined || url.origin !== origin) return ['*']
  const loopback = LOOPBACK.has(url.hostname) ? [`${url.protocol}//${url.hostname}:*`] : []
  return [origin, ...loopback, '*']
}

function parseUrl(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined
}
