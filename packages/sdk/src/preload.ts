/** Hints to the browser about what the worker is going to ask for, given while the worker itself is on its way. */

/** Fetches the module at `url` into the browser's cache, behind everything that the page needs itself. */
export function preloadModule(url: string): void {
  hint('modulepreload', url, (link) => {
    link.fetchPriority = 'low'
    // A policy of nonces covers modules as well.
    const nonce = document.querySelector<HTMLScriptElement>('script[nonce]')?.nonce
    if (nonce) link.nonce = nonce
  })
}

/** Opens a connection to the origin of `url`: name, handshakes and all, some three round trips. */
export function preconnect(url: string): void {
  // Requests without credentials have connections of their own.
  hint('preconnect', url, (link) => (link.crossOrigin = 'anonymous'))
}

function hint(rel: string, href: string, complete: (link: HTMLLinkElement) => void): void {
  const link = document.createElement('link')
  link.rel = rel
  link.href = href
  complete(link)
  document.head.append(link)
}
