/** The policy the shop runs under; a server sends it with every page. */

/** Returns the header's value for a shop that talks to `endpoint` (an origin). */
export function contentSecurityPolicy(endpoint: string): string {
  return [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "worker-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    `connect-src 'self' ${endpoint}`,
    "manifest-src 'self'",
    "font-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types vitrine shop',
  ].join('; ')
}
