/** What a shopper has agreed to, and who says so. */

/** `denied`: nothing is stored and no event is sent; recommendations go on in memory. */
export type Consent = 'granted' | 'denied'

/**
 * A consent banner as Vitrine listens to it.
 *
 * @example
 * ```ts
 * const consent: ConsentSource = {
 *   get: () => (banner.allows('personalisation') ? 'granted' : 'denied'),
 *   subscribe: (listener) => banner.onChange(() => listener(consent.get())),
 * }
 * ```
 */
export interface ConsentSource {
  get(): Consent
  /** Calls `listener` on every change; returns a function that ends it. */
  subscribe(listener: (consent: Consent) => void): () => void
}
