/** Which endpoint the shop talks to: read from config.json at start, so that one build serves any. */

/** Shape of `/config.json`. */
export interface ShopConfig {
  /** Origin of the Vitrine endpoint, e.g. `http://127.0.0.1:8787`. */
  endpoint: string
  /** Publishable key, `pk_live_…`. */
  key: string
  /** Model id, e.g. `online-retail`. */
  model: string
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
  return { endpoint: text('endpoint'), key: text('key'), model: text('model') }
}
