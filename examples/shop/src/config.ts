/** Which endpoint the shop talks to: read from config.json at start, so that one build serves any. */

/** Shape of `/config.json`. */
export interface ShopConfig {
  /** Origin of the Vitrine endpoint, e.g. `http://127.0.0.1:8787`. */
  endpoint: string
  /** Publishable key, `pk_live_…`. */
  key: string
  /** Model id, e.g. `online-retail`. */
  model: string
  /** Public keys whose models run, `ed25519:…`; any model where there are none. */
  trustedKeys?: string[]
}

/**
 * Parses config.json.
 *
 * @throws `TypeError` naming the field that is missing.
 */
export function parseConfig(input: unknown): ShopConfig {
  const fields = (input ?? {}) as Record<string, unknown>
  const text = (name: keyof ShopConfig): string => {
    const value = fields[name]
    if (typeof value === 'string' && value !== '') return value
    throw new TypeError(`config.json has no "${name}": see examples/shop/README.md for its shape.`)
  }
  const { trustedKeys } = fields
  if (trustedKeys !== undefined && !(Array.isArray(trustedKeys) && trustedKeys.every(isText))) {
    throw new TypeError('config.json has "trustedKeys" that are no list of public keys.')
  }
  return {
    endpoint: text('endpoint'),
    key: text('key'),
    model: text('model'),
    ...(trustedKeys && { trustedKeys }),
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}
